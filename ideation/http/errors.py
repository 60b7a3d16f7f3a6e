"""A refusal becomes a response once, here: a page for people, JSON for our scripts."""

from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from ideation.core.db import db
from ideation.core.errors import DomainError, Invalid, TooMany
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.core.storage.base import StorageFull
from ideation.http.guards import decides_itself, wants_json
from ideation.http.session import current_member

log = structlog.get_logger(__name__)

#: Status → title and what to do next.
WORDS = {
    400: (
        lazy("That did not arrive whole"),
        lazy("The page may have been open for a long time. Go back, reload it and try again."),
    ),
    401: (lazy("Sign in first"), lazy("Then you can go on where you were.")),
    403: (
        lazy("This door is closed to you"),
        lazy("If you think it should be open, ask whoever runs this site."),
    ),
    404: (
        lazy("Nothing hangs here"),
        lazy("The address may be mistyped, or what was here has been taken down."),
    ),
    405: (lazy("Not this way in"), lazy("Go back and use the button on the page.")),
    409: (
        lazy("Somebody was faster"),
        lazy("This changed while you were looking at it. Reload the page to see how it stands."),
    ),
    410: (
        lazy("This is no longer kept"),
        lazy("It was here once. We delete what we have no more use for."),
    ),
    413: (
        lazy("That file is too large"),
        lazy("A picture may have up to 20 MB. Save it smaller, or as JPEG or WebP, and try again."),
    ),
    422: (
        lazy("Something does not fit"),
        lazy("One of the entries is not what this page expects. Go back and look them over."),
    ),
    429: (
        lazy("A little slower, please"),
        lazy("There were too many requests in a short time. Wait a minute, then go on."),
    ),
    500: (
        lazy("The press has jammed"),
        lazy("This is our mistake, not yours, and it has been noted. Try again in a moment."),
    ),
    503: (
        lazy("Back in a moment"),
        lazy("Part of the house is away. Nothing you did is lost; try again in a minute."),
    ),
    507: (
        lazy("No room left"),
        lazy("The disk of this site is full. Tell whoever runs it; nothing you did is lost."),
    ),
}


def install(app: Flask) -> None:
    """Register the translation of every kind of refusal."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _somebody_was_faster)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(StorageFull, _storage_full)
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, message: str = "", **extra: Any) -> Response:
    """The response for a status: its own words, or ``message`` where a rule gave one."""
    title, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if wants_json():
        body = {"status": status, "title": str(title), "detail": message or str(advice), **extra}
        return make_response(jsonify(body), status)
    # A broken house is shown on a page that asks for no member and no database.
    g.is_broken = status >= 500
    template = "errors/broken.html" if g.is_broken else "errors/error.html"
    page = render_template(template, code=status, title=title, message=message or advice)
    return make_response(page, status)


def _domain_error(error: DomainError) -> Response:
    fields = (
        {name: str(words) for name, words in error.fields.items()}
        if isinstance(error, Invalid)
        else {}
    )
    response = answer(error.status, str(error), code=error.code, fields=fields)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _csrf_error(_error: CSRFError) -> Response:
    if decides_itself() and current_member() is None:
        return answer(401)  # signed out in another tab: loading the page again would not do
    return answer(400, _("This page was open too long. Load it again, then send the form."))


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect
    response = answer(error.code)
    retry_after = error.get_headers()
    for name, value in retry_after:
        if name in {"Retry-After", "Allow"}:
            response.headers[name] = value
    return response


def _database_away(error: OperationalError) -> Response:
    log.error("database away", error=str(error.orig)[:200], route=_route())
    _forget_transaction()
    return answer(503)


def _somebody_was_faster(error: IntegrityError) -> Response:
    """Of two at the same moment the database let one through; this is the other.

    Only the first line is logged: in the second PostgreSQL repeats the values.
    """
    refusal = str(error.orig).partition("\n")[0][:200]
    log.warning("refused by a constraint", error=refusal, route=_route())
    _forget_transaction()
    return answer(409)


def _storage_full(_error: StorageFull) -> Response:
    _forget_transaction()
    return answer(507)


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error", route=_route(), error=type(error).__name__)
    _forget_transaction()
    return answer(500)


def _route() -> str:
    """The route's pattern, for the log: an address may hold the secret of a one-time link."""
    return str(request.url_rule or "none")


def _forget_transaction() -> None:
    try:
        db.session.rollback()
    except Exception:  # the connection itself may be gone
        db.session.remove()
