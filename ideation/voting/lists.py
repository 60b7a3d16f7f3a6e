"""The deal lists: what each slot of a scoring window deals, as `dealing` plans it.

A worker writes one list a slot and contest: everything in bands, least seen first, and the best
in tiers; every deck reads it and walks it in the voter's own order. Planning reads outside any
lock, writing is one row. Where no worker has come by yet, the first deck writes a balanced list.

Within its slot a list stays as it is, but for one thing: an entry approved since is put before
all others, and taken from there once it has its floor.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate, chain

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import NoResultFound

from ideation.contests.models import Contest, Format
from ideation.core import jobs
from ideation.core.db import db, is_postgresql
from ideation.submissions.models import State, Submission
from ideation.voting import dealing, standings
from ideation.voting.models import DealList, Vote

BUILD = jobs.declare("voting.build_lists", queue="urgent")

#: Of how many contests a process keeps the list it read last.
HELD_AT_MOST = 16


@dataclass(frozen=True)
class Listed:
    """A slot's list as the walk wants it: ids, where each band ends, and the slot's secret.

    The first band, up to ``late``, comes before everything else. ``best`` are those in the running
    and the next best, ``tiers`` where each of the two ends; there are none where the slot is
    balanced. ``left`` were scored, and have left the contest.
    """

    slot: int
    built_at: datetime
    entries: tuple[int, ...]
    ends: tuple[int, ...]
    best: tuple[int, ...]
    tiers: tuple[int, ...]
    left: frozenset[int]
    seed: bytes

    @cached_property
    def known(self) -> frozenset[int]:
        """The entries, to ask whether one is among them."""
        return frozenset(self.entries)

    @property
    def total(self) -> int:
        """How many entries stood in the contest when the list was written."""
        return len(self.entries)

    @property
    def late(self) -> int:
        """How many of the entries come first: approved late, and not yet at their floor."""
        return self.ends[0] if self.ends else 0


@dataclass(frozen=True)
class Draft:
    """A list that is planned and not yet written."""

    contest_id: int
    slot: int
    plan: dealing.Plan
    at: datetime


_held: dict[int, Listed] = {}


def due(at: datetime) -> list[int]:
    """Ids of the contests whose slot may want a list, or a look at those approved late."""
    query = (
        select(Contest.id)
        .where(
            Contest.format.in_((Format.DEALT, Format.OPEN, Format.JURY)),
            Contest.is_whole.is_(True),
            Contest.closed_at.is_(None),
            Contest.cancelled_at.is_(None),
            Contest.scoring_opens_at <= at,
            Contest.scoring_closes_at > at,
        )
        .order_by(Contest.id)
    )
    return list(db.session.scalars(query))


def draft(contest: Contest, at: datetime, *, balanced: bool = False) -> Draft | None:
    """Plan the list of the slot that the instant falls into; None where it stands already.

    ``balanced`` spares the count of all votes that choosing needs. A jury's slots always are:
    every juror scores every design. Raises ValueError outside the contest's scoring window.
    """
    slot = slot_at(contest, at)
    if _head(contest.id, slot) is not None:
        return None
    approved = _approved(contest.id)
    entries = list(approved)
    counts = _counts(contest.id)
    seen = [counts[entry] for entry in entries]
    prospects = None
    if not balanced and contest.format != Format.JURY and dealing.is_choosing(slot, seen):
        known = standings.of_slot(contest.id, slot, at).prospects
        prospects = [known.get(entry, dealing.NO_PROSPECTS) for entry in entries]
    late = [entry for entry, decided_at in approved.items() if _is_late(contest, decided_at)]
    seed = dealing.slot_seed(contest.deal_seed, slot)
    planned = dealing.plan(seed, slot, entries, seen, prospects, late)
    return Draft(contest.id, slot, planned, at)


def write(drafted: Draft) -> bool:
    """Write a planned list, unless another stands by now. Call inside ``transaction()``."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    written = db.session.execute(
        insert(DealList)
        .values(
            contest_id=drafted.contest_id,
            slot=drafted.slot,
            bands=drafted.plan.bands,
            survivors=drafted.plan.tiers,
            built_at=drafted.at,
        )
        .on_conflict_do_nothing()
        .returning(DealList.slot)
    ).one_or_none()
    # A deck that began to deal in the slot before may still hold that list; older ones nobody.
    db.session.execute(
        delete(DealList).where(
            DealList.contest_id == drafted.contest_id, DealList.slot < drafted.slot - 1
        )
    )
    return written is not None


def build(contest: Contest, at: datetime, *, balanced: bool = False) -> bool:
    """Plan and write the slot's list, unless it stands. Call inside ``transaction()``.

    Raises ValueError outside the contest's scoring window.
    """
    drafted = draft(contest, at, balanced=balanced)
    return drafted is not None and write(drafted)


def mend(contest: Contest, at: datetime) -> bool:
    """Put who was approved since the list was written first, and who has the floor last.

    The order of all others stays. Returns whether anything changed. Call inside
    ``transaction()``.
    """
    slot = slot_at(contest, at)
    head = _head(contest.id, slot)
    if head is None:
        return False
    built_at, waiting = head
    since = _approved(contest.id, since=built_at)
    if not waiting and not since:
        return False
    bands = db.session.get_one(DealList, (contest.id, slot)).bands
    listed = set(chain.from_iterable(bands))
    in_question = {*waiting, *since.keys() - listed}
    counts = _counts(contest.id)
    floor = dealing.floor_at(counts.total(), len(listed | in_question))
    first = sorted(entry for entry in in_question if counts[entry] < floor)
    served = sorted(in_question.difference(first))
    if first == sorted(waiting) and not served:
        return False
    db.session.execute(
        update(DealList)
        .where(
            DealList.contest_id == contest.id,
            DealList.slot == slot,
            DealList.built_at == built_at,
        )
        .values(bands=[first, *bands[1:], *([served] if served else [])], built_at=at)
    )
    return True


def current(contest: Contest, at: datetime) -> Listed:
    """The newest list of the contest that is not from the future; written now if there is none."""
    slot = slot_at(contest, at)
    while True:
        found = _newest(contest.id, slot)
        if found is None:
            build(contest, at, balanced=True)
            continue
        known = held(contest)
        if known is not None and (known.slot, known.built_at) == found:
            return known
        try:
            fresh = _load(contest.id, *found, contest.deal_seed)
        except NoResultFound:
            continue  # a worker has just replaced it by a newer one
        _held.pop(contest.id, None)
        _held[contest.id] = fresh
        while len(_held) > HELD_AT_MOST:
            _held.pop(next(iter(_held)), None)
        return fresh


def held(contest: Contest) -> Listed | None:
    """The contest's list that this process read last, without asking whether it is the newest."""
    known = _held.get(contest.id)
    # Another database may know the same ids; no other contest knows the seed.
    if known is not None and known.seed != dealing.slot_seed(contest.deal_seed, known.slot):
        return None
    return known


def slot_at(contest: Contest, at: datetime) -> int:
    """The slot that the instant falls into. Raises ValueError outside the scoring window."""
    if contest.scoring_opens_at is None or contest.scoring_closes_at is None:
        raise ValueError("the contest has no scoring window")
    return dealing.slot_of(at, contest.scoring_opens_at, contest.scoring_closes_at)


def _head(contest_id: int, slot: int) -> tuple[datetime, list[int]] | None:
    """When the slot's list was written and who comes first in it; None where there is no list."""
    row = db.session.execute(
        select(DealList.built_at, DealList.bands[0]).where(
            DealList.contest_id == contest_id, DealList.slot == slot
        )
    ).one_or_none()
    return (row[0], row[1] or []) if row else None


def _newest(contest_id: int, slot: int) -> tuple[int, datetime] | None:
    row = db.session.execute(
        select(DealList.slot, DealList.built_at)
        .where(DealList.contest_id == contest_id, DealList.slot <= slot)
        .order_by(DealList.slot.desc())
        .limit(1)
    ).one_or_none()
    return (row.slot, row.built_at) if row else None


def _load(contest_id: int, slot: int, built_at: datetime, deal_seed: bytes) -> Listed:
    """A list as it was written; ``built_at`` tells a mended one. Raises NoResultFound."""
    row = db.session.execute(
        select(DealList.bands, DealList.survivors).where(
            DealList.contest_id == contest_id, DealList.slot == slot, DealList.built_at == built_at
        )
    ).one()
    tiers = _in_tiers(row.survivors)
    return Listed(
        slot=slot,
        built_at=built_at,
        entries=tuple(chain.from_iterable(row.bands)),
        ends=tuple(accumulate(len(band) for band in row.bands)),
        best=tuple(chain.from_iterable(tiers)),
        tiers=tuple(accumulate(len(tier) for tier in tiers)),
        left=frozenset(db.session.scalars(_left(contest_id))),
        seed=dealing.slot_seed(deal_seed, slot),
    )


def _in_tiers(survivors: list[list[int]] | list[int]) -> list[list[int]]:
    """The tiers as they were written; before there were any, survivors were one flat list."""
    flat = [entry for entry in survivors if isinstance(entry, int)]
    return [flat] if flat else [tier for tier in survivors if isinstance(tier, list)]


def _left(contest_id: int) -> Select[int]:
    scored = select(Vote.submission_id).where(Vote.submission_id == Submission.id).exists()
    return select(Submission.id).where(
        Submission.contest_id == contest_id, Submission.state != State.APPROVED, scored
    )


def _approved(contest_id: int, since: datetime | None = None) -> dict[int, datetime | None]:
    """When each entry that stands was approved."""
    query = select(Submission.id, Submission.decided_at).where(
        Submission.contest_id == contest_id, Submission.state == State.APPROVED
    )
    if since is not None:
        query = query.where(Submission.decided_at > since)
    return {row.id: row.decided_at for row in db.session.execute(query)}


def _is_late(contest: Contest, decided_at: datetime | None) -> bool:
    opens_at = contest.scoring_opens_at
    return decided_at is not None and opens_at is not None and decided_at > opens_at


def _counts(contest_id: int) -> Counter[int]:
    query = (
        select(Vote.submission_id, func.count())
        .where(Vote.contest_id == contest_id)
        .group_by(Vote.submission_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})
