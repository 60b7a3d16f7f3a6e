"""A visit keeps a session alive: it is noted at most once an hour, when the answer is ready.

Where nobody looks up who is here (a ballot's one statement, a file) nothing is noted either.
"""

import structlog
from flask import Flask, Response
from sqlalchemy.exc import OperationalError

from ideation.accounts import sessions
from ideation.core import clock
from ideation.core.db import transaction
from ideation.http.guards import decides_itself
from ideation.http.session import stale_session

log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Note visits after the view, in a small transaction of their own."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    session_id = stale_session()
    if session_id is None or decides_itself() or response.status_code >= 500:
        return response
    try:
        with transaction():
            sessions.touch(session_id, clock.now())
    except OperationalError:  # what was asked for is done: the next visit is noted instead
        log.warning("visit not noted")
    return response
