"""A refusal becomes a response once, here: a page for people, JSON for our scripts."""

from typing import Any

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from ideation.core.db import db
from ideation.core.errors import DomainError, Invalid, TooMany
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.core.storage.base import StorageFull
from ideation.http.guards import wants_json

log = structlog.get_logger(__name__)

#: Status → title and what to do next.
WORDS = {
    400: (lazy("That request made no sense"), lazy("Go back, load the page again, and retry.")),
    401: (lazy("Sign in first"), lazy("Then you can go on where you were.")),
    403: (lazy("Not yours to do"), lazy("If you think it should be, ask an operator.")),
    404: (lazy("Nothing hangs here"), lazy("It may have moved, or the address has a slip in it.")),
    405: (lazy("Not this way"), lazy("Go back and use the button on the page.")),
    409: (lazy("Somebody was faster"), lazy("Load the page again to see how things stand.")),
    413: (lazy("Too large"), lazy("A picture may have up to 20 MB. Save a smaller one.")),
    422: (lazy("Something needs another look"), lazy("Go back and correct what is marked.")),
    429: (lazy("Too fast"), lazy("Wait a moment, then try again.")),
    500: (lazy("Our press jammed"), lazy("It has been noted. Nothing you sent before is lost.")),
    503: (lazy("Back in a moment"), lazy("Part of the site is away. Try again in a minute.")),
    507: (lazy("No room left"), lazy("The disk is full. The operator has to make room.")),
}


def install(app: Flask) -> None:
    """Register the translation of every kind of refusal."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(StorageFull, _storage_full)
    app.register_error_handler(Exception, _unexpected)


def answer(status: int, message: str = "", **extra: Any) -> Response:
    """The response for a status: its own words, or ``message`` where a rule gave one."""
    title, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if wants_json():
        body = {"status": status, "title": str(title), "detail": message or str(advice), **extra}
        return make_response(jsonify(body), status)
    page = render_template(
        "errors/error.html", status=status, title=title, message=message, advice=advice
    )
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
    log.error("database away", error=str(error.orig)[:200], path=request.path)
    _forget_transaction()
    return answer(503)


def _storage_full(_error: StorageFull) -> Response:
    _forget_transaction()
    return answer(507)


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error", path=request.path, error=type(error).__name__)
    _forget_transaction()
    return answer(500)


def _forget_transaction() -> None:
    try:
        db.session.rollback()
    except Exception:  # the connection itself may be gone
        db.session.remove()
