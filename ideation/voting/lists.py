"""The deal lists: which designs come first in each slot of a scoring window.

A worker writes one list a slot and contest, cut into bands, least seen first; every deck reads
it and walks it in the voter's own order. An entry approved late stands in a band before all
others until it has caught up. Where no worker has come by yet, the first deck writes the list.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, chain

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import NoResultFound

from ideation.contests.models import Contest, Format
from ideation.core import jobs
from ideation.core.db import db, is_postgresql
from ideation.submissions.models import State, Submission
from ideation.voting import dealing
from ideation.voting.models import DealList, Vote

BUILD = jobs.declare("voting.build_lists", queue="urgent")

#: Votes that even the least of a contest gets, where its average is twenty or more.
FLOOR = 7
FLOOR_SHARE = 7 / 20


@dataclass(frozen=True)
class Listed:
    """A slot's list as the walk wants it: ids, where each band ends, and the slot's secret."""

    slot: int
    entries: tuple[int, ...]
    ends: tuple[int, ...]
    seed: bytes


def build_due(at: datetime) -> int:
    """Write the list of the slot that has begun, for every contest on. Returns how many."""
    query = select(Contest).where(
        Contest.format == Format.DEALT,
        Contest.is_whole.is_(True),
        Contest.closed_at.is_(None),
        Contest.cancelled_at.is_(None),
        Contest.scoring_opens_at <= at,
        Contest.scoring_closes_at > at,
    )
    return sum(build(contest, at) for contest in db.session.scalars(query).all())


def build(contest: Contest, at: datetime) -> bool:
    """Write the list of the slot that the instant falls into, unless it stands already.

    Raises ValueError outside the contest's scoring window.
    """
    slot = _slot(contest, at)
    key = (DealList.contest_id == contest.id) & (DealList.slot == slot)
    if db.session.scalar(select(DealList.slot).where(key)) is not None:
        return False
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(
        insert(DealList)
        .values(contest_id=contest.id, slot=slot, bands=_bands(contest, slot), built_at=at)
        .on_conflict_do_nothing()
    )
    # A deck that began to deal in the slot before may still hold that list; older ones nobody.
    db.session.execute(
        delete(DealList).where(DealList.contest_id == contest.id, DealList.slot < slot - 1)
    )
    return True


def current(contest: Contest, at: datetime) -> Listed:
    """The newest list of the contest that is not from the future; written now if there is none."""
    slot = _slot(contest, at)
    while True:
        found = _newest(contest.id, slot)
        if found is None:
            build(contest, at)
            continue
        try:
            return _load(contest.id, *found, contest.deal_seed)
        except NoResultFound:
            continue  # a worker has just replaced it by a newer one


def _slot(contest: Contest, at: datetime) -> int:
    if contest.scoring_opens_at is None or contest.scoring_closes_at is None:
        raise ValueError("the contest has no scoring window")
    return dealing.slot_of(at, contest.scoring_opens_at, contest.scoring_closes_at)


def _newest(contest_id: int, slot: int) -> tuple[int, datetime] | None:
    row = db.session.execute(
        select(DealList.slot, DealList.built_at)
        .where(DealList.contest_id == contest_id, DealList.slot <= slot)
        .order_by(DealList.slot.desc())
        .limit(1)
    ).one_or_none()
    return (row.slot, row.built_at) if row else None


@lru_cache(maxsize=32)
def _load(contest_id: int, slot: int, built_at: datetime, deal_seed: bytes) -> Listed:  # noqa: ARG001
    """A list never changes once written, so each process reads it once; ``built_at`` and the
    seed are in the key because another database may know the same ids.
    """
    bands = db.session.scalars(
        select(DealList.bands).where(DealList.contest_id == contest_id, DealList.slot == slot)
    ).one()
    return Listed(
        slot=slot,
        entries=tuple(chain.from_iterable(bands)),
        ends=tuple(accumulate(len(band) for band in bands)),
        seed=dealing.slot_seed(deal_seed, slot),
    )


def _bands(contest: Contest, slot: int) -> list[list[int]]:
    entries = {
        row.id: row.decided_at
        for row in db.session.execute(
            select(Submission.id, Submission.decided_at).where(
                Submission.contest_id == contest.id, Submission.state == State.APPROVED
            )
        )
    }
    counts = _counts(contest.id)
    floor = min(FLOOR, FLOOR_SHARE * sum(counts[entry] for entry in entries) / max(1, len(entries)))
    late = {
        entry
        for entry, decided_at in entries.items()
        if decided_at is not None
        and contest.scoring_opens_at is not None
        and decided_at > contest.scoring_opens_at
        and counts[entry] < floor
    }
    seed = dealing.slot_seed(contest.deal_seed, slot)
    first = dealing.build_list(seed, sorted(late), counts)
    others = dealing.build_list(seed, sorted(entries.keys() - late), counts)
    ends = dealing.cut_bands(others, counts)
    starts = [0, *ends]
    bands = [others[start:end] for start, end in zip(starts, ends, strict=False)]
    return [first, *bands] if first else bands


def _counts(contest_id: int) -> Counter[int]:
    query = (
        select(Vote.submission_id, func.count())
        .where(Vote.contest_id == contest_id)
        .group_by(Vote.submission_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})
