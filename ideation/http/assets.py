"""Static files under addresses that change with their content, so browsers may keep them."""

import hashlib
import posixpath
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.security import safe_join

from ideation.http.guards import Who, who

STATIC = Path(__file__).resolve().parents[2] / "static"
ONE_YEAR = 31_536_000
#: Pictures of our mail: webmail shows them on pages of its own.
IN_MAIL = "img/mail/"
#: What is read whole, so that it goes out packed.
_TEXTS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_MOST_JOINED = 8


def install(app: Flask) -> None:
    """Serve ``static/`` at /static/<fingerprint>/<path>; modules import each other relatively."""
    app.add_url_rule("/static/<fingerprint>/<path:path>", "static_file", _serve)


def static_url(path: str) -> str:
    """Address of a file under ``static/``, with the fingerprint of the whole folder.

    Stylesheets of one folder come in one answer where their names are joined by ``+``:
    ``css/tokens+base.css``. A page waits for its last sheet, and browsers ask for six at a time.
    """
    return f"/static/{fingerprint()}/{path}"


@cache
def fingerprint() -> str:
    """Twelve digits of a hash over every static file's name, size and time of change."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            stat = path.stat()
            digest.update(f"{path.relative_to(STATIC)}:{stat.st_size}:{stat.st_mtime_ns};".encode())
    return digest.hexdigest()[:12]


@who(Who.FILE)
def _serve(fingerprint: str, path: str) -> Response:  # noqa: ARG001  # only makes it new
    response = _text(path) or send_from_directory(STATIC, path, max_age=ONE_YEAR)
    response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    if path.startswith(IN_MAIL):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _text(path: str) -> Response | None:
    suffix = posixpath.splitext(path)[1]
    if suffix not in _TEXTS:
        return None
    response = Response(read_joined(path), mimetype=_TEXTS[suffix])
    response.add_etag()
    response.make_conditional(request)
    return response


def read_joined(path: str) -> bytes:
    """The bytes behind an address, of several stylesheets one after the other.

    Raises NotFound.
    """
    stem, suffix = posixpath.splitext(path)
    folder, name = posixpath.split(stem)
    names = name.split("+") if suffix == ".css" else [name]
    if len(names) > _MOST_JOINED:
        raise PageNotFound()
    return b"\n".join(_read(posixpath.join(folder, f"{one}{suffix}")) for one in names)


def _read(path: str) -> bytes:
    found = safe_join(str(STATIC), path)
    if found is None or not Path(found).is_file():
        raise PageNotFound()
    return Path(found).read_bytes()
