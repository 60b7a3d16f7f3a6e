"""What the clock does to contests: one contest a transaction, so that no lock is held for long."""

from ideation.contests import lifecycle, series
from ideation.core import clock, jobs
from ideation.core.db import transaction
from workers.each import each


@jobs.handler(lifecycle.ADVANCE)
def advance() -> None:
    """Open, begin scoring and close whatever is due, in that order."""
    each(
        (lifecycle.due_to_open, lifecycle.open_contest),
        (lifecycle.due_to_score, lifecycle.begin_scoring),
        (lifecycle.due_to_close, lifecycle.close),
    )


@jobs.handler(lifecycle.OPEN_EDITIONS)
def open_editions() -> None:
    """Make the editions that the series owe."""
    with transaction():
        series.open_all_editions(clock.now())
