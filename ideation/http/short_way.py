"""The short way of a vote that is in order: past Flask, straight to its one statement.

In the last minute of a contest a thousand members vote at once, and of a vote's cost in Flask most
is what a page needs and a vote does not. So this stands before the application, asks of a vote what
the application asks (session, form token, limit, signed ballot, and in the statement all the
rest), and answers the one that passes. **It only ever says yes.** Whatever it does not know to be
in order, it hands on untouched, and the application looks at it from the beginning, refuses it in
the member's words, or casts it after all: casting the same stars twice changes nothing. So there
is one place that refuses, and nothing is open here that is closed there.

On SQLite, whose votes wait for one lock anyway, every vote goes the common way.
"""

import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import psycopg
from flask import Flask
from sqlalchemy.engine import Engine

from ideation.core import clock
from ideation.core.db import db, is_postgresql
from ideation.core.errors import DomainError
from ideation.http import csrf, headers
from ideation.http.limits import COUNTED, vote_allowance
from ideation.http.session import Sessions, token_hash
from ideation.voting import ballots, networks
from ideation.voting.ballot_box import box_of
from ideation.voting.ballots import Outcome

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
WSGI: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

_ADDRESS = re.compile(r"/contests/[^/]+/votes")
_FORM = "application/x-www-form-urlencoded"
#: Our script's vote has a third of this.
_LONGEST = 2000
_STARS = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5}


def install(app: Flask) -> None:
    """Put the short way before the application; everything else passes by."""
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        return
    app.wsgi_app = ShortWay(app)  # type: ignore[method-assign]


class ShortWay:
    """WSGI before the application's own."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._common: WSGI = app.wsgi_app
        assert isinstance(app.session_interface, Sessions)
        self._sessions = app.session_interface
        self._secret_key = str(app.secret_key)
        self._cookie = str(app.config["SESSION_COOKIE_NAME"])
        self._answers = {outcome: _answer(outcome) for outcome in Outcome}
        self._engine: Engine | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a vote that is in order; hand on everything else."""
        outcome = self._cast(environ) if _may_be_a_vote(environ) else None
        if outcome is None:
            return self._common(environ, start_response)
        body, head = self._answers[outcome]
        start_response("200 OK", list(head))
        return (body,)

    def _cast(self, environ: Environ) -> Outcome | None:
        """What became of the vote; None where the application had better look at it."""
        form = _form(environ)
        kept = self._sessions.read(self._app, _cookie(environ, self._cookie))
        token = kept.get("_user_id")
        if (
            not isinstance(token, str)
            or form.get("stars") not in _STARS
            or not csrf.is_of_session(self._secret_key, kept.get(csrf.FIELD), _proof(environ, form))
            or not _is_from_here(environ)
        ):
            return None
        session_hash = token_hash(token)
        if vote_allowance.take(session_hash.hex()):
            return None
        environ[COUNTED] = True
        try:
            values = ballots.prepare(
                session_hash,
                form.get("ballot", ""),
                _STARS[form["stars"]],
                at=clock.now(),
                network=networks.hash_of(environ.get("REMOTE_ADDR")),
            )
            outcome = box_of(self._engine_in_use()).cast(values).outcome
        except (DomainError, psycopg.Error):
            return None
        return outcome if outcome is not Outcome.REFUSED else None

    def _engine_in_use(self) -> Engine:
        if self._engine is None:
            with self._app.app_context():
                assert is_postgresql()
                self._engine = db.engine
        return self._engine


def _may_be_a_vote(environ: Environ) -> bool:
    """Whether it looks as our script sends one; nothing is read of it yet."""
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("HTTP_ACCEPT") == "application/json"
        and environ.get("CONTENT_TYPE", "").partition(";")[0] == _FORM
        and length.isascii()
        and length.isdigit()
        and int(length) <= _LONGEST
        and _ADDRESS.fullmatch(environ["PATH_INFO"]) is not None
    )


def _form(environ: Environ) -> dict[str, str]:
    """The form's fields, read in a way that lets the application read it once more.

    Nothing where it is spelt in a way that two readers could read differently.
    """
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=8)
    except ValueError:
        return {}
    form = dict(pairs)
    return form if len(form) == len(pairs) else {}


def _cookie(environ: Environ, name: str) -> str:
    """The cookie's value; empty where there is none, or several."""
    wanted = f"{name}="
    found = [
        part
        for part in map(str.strip, environ.get("HTTP_COOKIE", "").split(";"))
        if part.startswith(wanted)
    ]
    return found[0][len(wanted) :] if len(found) == 1 else ""


def _proof(environ: Environ, form: dict[str, str]) -> str:
    return form.get(csrf.FIELD) or environ.get("HTTP_X_CSRFTOKEN", "")


def _is_from_here(environ: Environ) -> bool:
    """Over https a form's token counts only with a referrer of this very site."""
    if environ["wsgi.url_scheme"] != "https":
        return True
    here = f"https://{environ.get('HTTP_HOST', '')}/"
    return str(environ.get("HTTP_REFERER", "")).startswith(here)


def _answer(outcome: Outcome) -> tuple[bytes, list[tuple[str, str]]]:
    """Body and headers, as the application's own answer has them."""
    body = json.dumps({"outcome": outcome.value}, separators=(",", ":")).encode() + b"\n"
    head = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers.of_every_response(),
        "Cache-Control": headers.CACHE_CONTROL,
        "Vary": headers.VARY,
    }
    return body, list(head.items())
