"""What the clock does to contests: one contest a transaction, so that no lock is held for long."""

from collections.abc import Callable
from datetime import datetime

from ideation.contests import lifecycle, series
from ideation.core import clock, jobs
from ideation.core.db import db, transaction


@jobs.handler(lifecycle.ADVANCE)
def advance() -> None:
    """Open, begin scoring and close whatever is due, in that order."""
    at = clock.now()
    _each(lifecycle.due_to_open, lifecycle.open_contest, at)
    _each(lifecycle.due_to_score, lifecycle.begin_scoring, at)
    _each(lifecycle.due_to_close, lifecycle.close, at)


@jobs.handler(lifecycle.OPEN_EDITIONS)
def open_editions() -> None:
    """Make the editions that the series owe."""
    with transaction():
        series.open_all_editions(clock.now())


def _each(
    due: Callable[[datetime], list[int]], act: Callable[[int, datetime], bool], at: datetime
) -> None:
    contest_ids = due(at)
    db.session.rollback()
    for contest_id in contest_ids:
        with transaction():
            act(contest_id, at)
