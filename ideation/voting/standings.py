"""How a contest stands when a slot begins: counted once, for dealing and for those who may look.

Nobody else ever sees it: who may is ``SEE_LIVE_SCORES``'s to say, at the edge.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.contests.models import Contest
from ideation.core.db import db, is_postgresql
from ideation.voting import prospects, tallying
from ideation.voting.models import LiveCount


@dataclass(frozen=True)
class Standing:
    """One entry as it stands. Stars in 1/10,000, the histogram counts 1s first."""

    entry: int
    rank: int
    score: int
    low: int
    high: int
    histogram: tuple[int, ...]
    counted: int
    uncounted: int
    intents: int


@dataclass(frozen=True)
class Standings:
    """A contest as it stood at an instant, by rank."""

    slot: int
    at: datetime
    mean: int
    prior: int
    counted: int
    uncounted: int
    rows: tuple[Standing, ...]
    #: Entry → what dealing chooses by (see ``prospects``).
    prospects: dict[int, int]

    @cached_property
    def scores(self) -> dict[int, int]:
        """Entry → score."""
        return {row.entry: row.score for row in self.rows}


def take(contest_id: int, slot: int, *, at: datetime) -> Standings:
    """Count the contest as its votes stand; reads only, outside any lock."""
    counted = tallying.count(contest_id)
    result = counted.result
    return Standings(
        slot=slot,
        at=at,
        mean=result.c,
        prior=result.m,
        counted=result.counted,
        uncounted=result.uncounted,
        rows=tuple(
            Standing(
                row.entry,
                row.rank,
                row.score,
                row.low,
                row.high,
                row.histogram,
                row.counted,
                row.uncounted,
                counted.intents[row.entry],
            )
            for row in result.rows
        ),
        prospects=_prospects(counted),
    )


def _prospects(counted: tallying.Count) -> dict[int, int]:
    cast, result = counted.cast, counted.result
    worth = prospects.of(cast, counted.weighed.weight, result.m, result.sigma2)
    return dict(zip(cast.ranked, worth.tolist(), strict=True))


def of_slot(contest_id: int, slot: int, at: datetime) -> Standings:
    """What was written for the slot, or else taken now."""
    written = find(contest_id)
    if written and written.slot == slot and len(written.prospects) == len(written.rows):
        return written
    return take(contest_id, slot, at=at)


def keep(contest_id: int, standings: Standings) -> None:
    """Write it down, over what is older. Call inside ``transaction()``."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    body = {
        "mean": standings.mean,
        "prior": standings.prior,
        "counted": standings.counted,
        "uncounted": standings.uncounted,
        "rows": [list(asdict(row).values()) for row in standings.rows],
        "prospects": [standings.prospects[row.entry] for row in standings.rows],
    }
    values = {"slot": standings.slot, "body": body, "at": standings.at}
    db.session.execute(
        insert(LiveCount)
        .values(contest_id=contest_id, **values)
        .on_conflict_do_update(
            index_elements=["contest_id"], set_=values, where=LiveCount.at <= standings.at
        )
    )


def write(contest: Contest, slot: int, *, at: datetime) -> None:
    """Count and write down, unless it was for this slot. Call inside ``transaction()``.

    A worker that minds the lock calls ``take`` before and ``keep`` inside.
    """
    if not is_due(contest.id, slot):
        return
    keep(contest.id, take(contest.id, slot, at=at))


def is_due(contest_id: int, slot: int) -> bool:
    """Whether the slot's standings are not written yet."""
    written = db.session.scalar(select(LiveCount.slot).where(LiveCount.contest_id == contest_id))
    return written != slot


def find(contest_id: int) -> Standings | None:
    """The newest standings; None before the first slot's count."""
    row = db.session.get(LiveCount, contest_id, populate_existing=True)
    if row is None:
        return None
    rows = tuple(_row(each) for each in row.body["rows"])
    # What an earlier version wrote has none, and serves those who look all the same.
    known = row.body.get("prospects", ())
    return Standings(
        slot=row.slot,
        at=row.at,
        mean=row.body["mean"],
        prior=row.body["prior"],
        counted=row.body["counted"],
        uncounted=row.body["uncounted"],
        rows=rows,
        prospects={each.entry: one for each, one in zip(rows, known, strict=False)},
    )


def _row(values: list[Any]) -> Standing:
    entry, rank, score, low, high, histogram, counted, uncounted, intents = values
    return Standing(entry, rank, score, low, high, tuple(histogram), counted, uncounted, intents)


def forget(contest_id: int) -> None:
    """Gone once there is a tally."""
    db.session.execute(delete(LiveCount).where(LiveCount.contest_id == contest_id))
