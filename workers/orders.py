"""What the clock does to orders: one order a transaction, so that no lock is held for long."""

from datetime import datetime

import structlog

from ideation.core import clock, jobs
from ideation.core.db import db, look_at_one_moment, transaction
from ideation.orders import charging, checks, placing, telling
from ideation.orders.telling import Letter
from workers.each import each

log = structlog.get_logger(__name__)

_BATCH = 200


@jobs.handler(placing.EXPIRE)
def expire() -> None:
    """Let go of what orders without a card have held for half an hour."""
    each((placing.due_to_expire, placing.expire))


@jobs.handler(charging.ADVANCE)
def advance() -> None:
    """Charge, try again, end the orders of failed runs, and look at runs that are charging.

    A worker killed here has left whole orders done and others not; the next one finds those.
    """
    each(
        (charging.due_to_fail, charging.fail),
        (charging.due_to_charge, charging.charge),
        (charging.due_to_try, charging.try_again),
        (charging.due_to_review, charging.review_run),
    )


@jobs.handler(charging.REVIEW)
def review_run(run_id: int) -> None:
    """Look whether the run is a go, or cannot be any more."""
    with transaction():
        charging.review_run(run_id, at=clock.now())


@jobs.handler(telling.WRITE_TO_RUN)
def write_to_run(run_id: int, letter: str, at_iso: str) -> None:
    """Ask for the letter to each buyer, a few hundred a transaction."""
    readers = telling.list_readers(run_id, Letter(letter))
    db.session.rollback()
    for start in range(0, len(readers), _BATCH):
        with transaction():
            telling.write_to_run(
                run_id,
                Letter(letter),
                readers[start : start + _BATCH],
                at=datetime.fromisoformat(at_iso),
            )


@jobs.handler(telling.WRITE)
def write(letter: str, order_id: int, about: int, at_iso: str) -> None:
    """Write one letter."""
    with transaction():
        telling.write(Letter(letter), order_id, about, at=datetime.fromisoformat(at_iso))


@jobs.handler(checks.CHECK)
def check() -> None:
    """Fail, for an operator to see, where things do not agree, or work is left undone."""
    at = clock.now()
    look_at_one_moment()
    found = checks.find_disagreements() + checks.find_overdue(at)
    db.session.rollback()
    for one in found:
        log.error("orders disagree", subject=one.subject, what=one.what)
    if found:
        raise checks.Drift(f"{len(found)}, the first: {found[0]}")
