"""What the clock does to runs, one a transaction; pictures; telling many of an opening."""

from collections.abc import Callable
from datetime import datetime

from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.products import notices, pictures, runs


@jobs.handler(runs.ADVANCE)
def advance() -> None:
    """Open, warn of, end and lock whatever is due, in that order."""
    at = clock.now()
    _each(runs.due_to_open, lambda run_id: runs.open_run(run_id, at=at), at)
    _each(runs.warn_due, lambda run_id: runs.warn(run_id, at=at), at)
    _each(runs.end_due, lambda run_id: runs.end(run_id, at=at), at)
    _each(runs.lock_due, lambda run_id: runs.lock(None, run_id, at=at), at)


@jobs.handler(pictures.DRAW)
def draw(product_id: int) -> None:
    """Draw a product's missing pictures: the slow part outside any transaction."""
    drawn = pictures.make(product_id)
    with transaction():
        pictures.record(product_id, drawn, at=clock.now())


@jobs.handler(notices.TELL_OPENED)
def tell_opened(run_id: int) -> None:
    """Tell those who said they'd buy it."""
    with transaction():
        notices.tell_wishers(run_id, at=clock.now())


def _each(due: Callable[[datetime], list[int]], act: Callable[[int], object], at: datetime) -> None:
    run_ids = due(at)
    db.session.rollback()
    for run_id in run_ids:
        with transaction():
            act(run_id)
