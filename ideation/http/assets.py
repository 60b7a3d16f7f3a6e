"""Static files under addresses that change with their content, so browsers may keep them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, send_from_directory

from ideation.http.guards import Who, who

STATIC = Path(__file__).resolve().parents[2] / "static"
ONE_YEAR = 31_536_000
#: Pictures of our mail: webmail shows them on pages of its own.
IN_MAIL = "img/mail/"


def install(app: Flask) -> None:
    """Serve ``static/`` at /static/<fingerprint>/<path>; modules import each other relatively."""
    app.add_url_rule("/static/<fingerprint>/<path:path>", "static_file", _serve)


def static_url(path: str) -> str:
    """Address of a file under ``static/``, with the fingerprint of the whole folder."""
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
    response = send_from_directory(STATIC, path, max_age=ONE_YEAR)
    response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    if path.startswith(IN_MAIL):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
