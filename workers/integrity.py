"""What integrity asks of workers: to look at contests while stars are given."""

import structlog

from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.integrity import inspecting

log = structlog.get_logger(__name__)


@jobs.handler(inspecting.LOOK)
def look() -> None:
    """Look at every contest that is being scored; one that fails does not stand in others' way."""
    due = inspecting.due(clock.now())
    db.session.rollback()
    failures = []
    for contest_id in due:
        try:
            look_at(contest_id)
        except Exception as error:  # whatever it is, it is this one's alone
            log.exception("left undone", act="look", id=contest_id)
            failures.append(f"{contest_id}: {type(error).__name__}")
    if failures:
        raise LookFailed(f"{len(failures)}, the first: {failures[0]}")


@jobs.handler(inspecting.LOOK_AT)
def look_at(contest_id: int) -> None:
    """Look at one contest outside any lock, then write what was found."""
    found = inspecting.look(contest_id)
    db.session.rollback()
    with transaction():
        inspecting.keep(contest_id, found, at=clock.now())


class LookFailed(Exception):
    """Some contests could not be looked at; the others were."""
