"""What the clock does to contests: open, begin scoring, close. Each once, however often it runs.

The phase that people see follows from the clock alone; what happens here are the acts that go
with it. Cron calls them every few seconds; a contest that the demo is still filling is passed by.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from ideation.contests import briefs, editions, events
from ideation.contests.models import Contest
from ideation.core import events as bus
from ideation.core import jobs
from ideation.core.db import db

#: Opens, begins scoring and closes whatever is due.
ADVANCE = jobs.declare("contests.advance", queue="urgent")
#: Makes the editions that every series owes.
OPEN_EDITIONS = jobs.declare("contests.open_editions")


def due_to_open(at: datetime) -> list[int]:
    """Contests whose entries have opened and whose briefs are not frozen, the oldest first."""
    return _due(Contest.entry_opens_at, at, Contest.briefs_frozen_at.is_(None))


def due_to_score(at: datetime) -> list[int]:
    """Opened contests whose scoring has begun by the clock and was not told of yet."""
    return _due(
        Contest.scoring_opens_at,
        at,
        Contest.scoring_begun_at.is_(None),
        Contest.briefs_frozen_at.is_not(None),
    )


def due_to_close(at: datetime) -> list[int]:
    """Contests whose scoring is over and that are not closed, in the order of their end."""
    return _due(Contest.scoring_closes_at, at, Contest.closed_at.is_(None))


def open_contest(contest_id: int, at: datetime) -> bool:
    """Freeze brief and rules and publish ``ContestOpened``; True for the caller that did it."""
    if not briefs.freeze(contest_id, at):
        return False
    bus.publish(events.ContestOpened(contest_id, at))
    return True


def begin_scoring(contest_id: int, at: datetime) -> bool:
    """Publish ``ScoringOpened``; True for the one caller that did it."""
    if not _mark(contest_id, Contest.scoring_begun_at, at):
        return False
    bus.publish(events.ScoringOpened(contest_id, at))
    return True


def close(contest_id: int, at: datetime) -> bool:
    """End scoring: set ``closed_at`` under the exclusive lock and publish ``ContestClosed``.

    ``closed_at`` is the instant of closing, on or after the window's end: a vote counts if it
    came before that end and before closing. The caller commits at once, so that voters wait for
    no more than this row. True for the one caller that did it; False before the window's end,
    for a contest called off, and for every rival.
    """
    contest = editions.get_locked(contest_id)
    is_over = contest.scoring_closes_at is not None and contest.scoring_closes_at <= at
    if not is_over or contest.closed_at is not None or contest.cancelled_at is not None:
        return False
    if not _mark(contest_id, Contest.closed_at, at):
        return False
    bus.publish(events.ContestClosed(contest_id, at))
    return True


def set_tallied(contest_id: int, at: datetime) -> bool:
    """Note that tally number 1 is frozen; True for the one caller that did it."""
    return _mark(contest_id, Contest.tallied_at, at, Contest.closed_at.is_not(None))


def set_announced(contest_id: int, at: datetime) -> bool:
    """Note that the winners are public; True for the one caller that did it."""
    return _mark(contest_id, Contest.announced_at, at, Contest.tallied_at.is_not(None))


def _due(instant: Any, at: datetime, *conditions: ColumnElement[bool]) -> list[int]:
    query = (
        select(Contest.id)
        .where(
            instant <= at, Contest.cancelled_at.is_(None), Contest.is_whole.is_(True), *conditions
        )
        .order_by(instant, Contest.id)
    )
    return list(db.session.scalars(query))


def _mark(contest_id: int, column: Any, at: datetime, *conditions: ColumnElement[bool]) -> bool:
    """Set an empty instant; the loser of a race does nothing."""
    marked = db.session.execute(
        update(Contest)
        .where(Contest.id == contest_id, column.is_(None), *conditions)
        .values({column: at})
    )
    return bool(marked.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one
