"""What the clock does to runs, one a transaction; pictures; telling many of an opening."""

from datetime import datetime

from ideation.core import clock, jobs
from ideation.core.db import transaction
from ideation.products import notices, pictures, reverting, runs
from workers.each import each


@jobs.handler(runs.ADVANCE)
def advance() -> None:
    """Open, warn of, end and lock whatever is due, in that order."""
    each(
        (runs.due_to_open, runs.open_run),
        (runs.warn_due, runs.warn),
        (runs.end_due, runs.end),
        (runs.lock_due, _lock),
    )


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


@jobs.handler(reverting.TELL)
def tell_reverting() -> None:
    """Tell designers that they may end an agreement of which nothing came."""
    each((reverting.due_to_tell, reverting.tell))


def _lock(run_id: int, *, at: datetime) -> bool:
    return runs.lock(None, run_id, at=at)
