"""A contest's votes, and what stands against each: everything that counting needs to know.

Reads without a lock: from votes that can no longer change, or before close for a look.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, or_, select, union_all

from ideation.accounts.grants import SEES_LIVE_SCORES
from ideation.accounts.models import DeviceUse, Grant, Member, Standing
from ideation.contests import queries
from ideation.core.db import db
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import clusters, fast_weighing, frozen, kept_votes, reading, traces
from ideation.voting.columns import ALONE, Cast, Codes, Ids, Places
from ideation.voting.models import Juror, Quarantine, Recusal, Tally, Vote, VouchedNetwork
from ideation.voting.reading import Layout, Packed
from ideation.voting.weighing import CODE, Reason

#: Members asked about in one statement.
_BATCH = 5_000


def read(contest_id: int, *, quarantined: Collection[int] | None = None) -> Cast:
    """Every vote of the contest as it stands now, and why some do not count.

    What stands against voters is as of the close: once there is a tally, what that found. Of
    what came later a ruling alone changes what another tally says.
    `quarantined` names members whose votes are put aside instead of those of ``Quarantine``: for
    a look at what would be. Raises NotFound.
    """
    contest = queries.get(contest_id)
    kept = kept_votes.find(contest_id)
    cast = _columns(kept.layout, kept.blocks()) if kept else read_votes(contest_id)
    cast = replace(
        cast,
        ground=_grounds(cast.voters, contest.closed_at),
        own=_own(cast, _designs(contest_id) | _recused(contest_id) | _left(contest_id)),
    )
    tallies = _tallies(contest_id)
    if tallies:
        cast = frozen.keep_grounds(cast, tallies[0])
    if tallies and traces.are_gone(contest):
        cast = frozen.hold_crowds(cast, tallies)
    else:
        cast = replace(
            cast,
            network=_networks(contest_id, cast),
            cluster=_clusters(contest_id, cast.voters, contest.closed_at),
        )
    return cast.quarantining(_quarantined(contest_id) if quarantined is None else quarantined)


def read_votes(contest_id: int) -> Cast:
    """The votes alone, out of their table, nothing known against any: for those whose weights are
    frozen.
    """
    layout = reading.layout_of(contest_id)
    return _columns(layout, reading.packed_votes(layout))


def _columns(layout: Layout, blocks: Iterable[Packed]) -> Cast:
    """Packed votes as columns, and what entries stand.

    A voter's votes lie side by side, which ``fast_scoring`` is quickest with. ``network`` holds a
    few bits of hashes, which ``read`` makes something of.
    """
    is_entry = np.zeros(1 << layout.entry_bits, np.bool_)
    is_voter = np.zeros(1 << layout.voter_bits, np.bool_)
    entry, voter, network = _Column(np.int32), _Column(np.int32), _Column(np.int32)
    stars = _Column(np.int8)
    for packed in blocks:
        is_entry[entry.add(layout.entry(packed))] = True
        is_voter[voter.add(layout.voter(packed))] = True
        network.add(layout.network(packed))
        stars.add(layout.stars(packed))
    ranked = _ranked(layout.contest_id)
    is_entry[ranked - layout.first_entry] = True
    entries = np.flatnonzero(is_entry) + layout.first_entry
    voters = np.flatnonzero(is_voter) + layout.first_voter
    return Cast(
        entries=entries,
        is_ranked=np.isin(entries, ranked),
        voters=voters,
        entry=entry.joined(np.cumsum(is_entry, dtype=np.int32) - 1),
        voter=voter.joined(np.cumsum(is_voter, dtype=np.int32) - 1),
        stars=stars.joined(),
        network=network.joined(),
        cluster=np.full(len(voters), ALONE, np.int32),
        ground=np.zeros(len(voters), np.int8),
        own=np.zeros(0, np.int64),
    )


class _Column:
    """A column that grows block by block."""

    def __init__(self, kind: type[np.int32] | type[np.int8]) -> None:
        self._kind = kind
        self._blocks: list[NDArray[Any]] = []

    def add(self, block: NDArray[np.int64]) -> NDArray[Any]:
        """Keep the block, in the column's own width."""
        self._blocks.append(block.astype(self._kind))
        return self._blocks[-1]

    def joined(self, places: NDArray[np.int32] | None = None) -> NDArray[Any]:
        """All of it, once; each value replaced by its place where places are given."""
        blocks, self._blocks = self._blocks, []
        if places is not None:
            blocks = [places[block] for block in blocks]
        return np.concatenate([np.zeros(0, self._kind), *blocks])


def _tallies(contest_id: int) -> list[Tally]:
    """The latest first."""
    query = select(Tally).where(Tally.contest_id == contest_id).order_by(Tally.number.desc())
    return list(db.session.scalars(query))


def _ranked(contest_id: int) -> Ids:
    query = select(Submission.id).where(
        Submission.contest_id == contest_id, Submission.state == State.APPROVED
    )
    return _ids(db.session.scalars(query))


def _quarantined(contest_id: int) -> list[int]:
    query = select(Quarantine.member_id).where(
        Quarantine.contest_id == contest_id, Quarantine.lifted_at.is_(None)
    )
    return list(db.session.scalars(query))


def _grounds(voters: Ids, closed_at: datetime | None) -> Codes:
    """Of each voter: what stands against all their votes. The last one named here is given."""
    unconfirmed: ColumnElement[bool] = Member.email_confirmed_at.is_(None)
    if closed_at is not None:
        unconfirmed = or_(unconfirmed, Member.email_confirmed_at > closed_at)
    grounds = {
        Reason.UNCONFIRMED: select(Member.id).where(unconfirmed),
        Reason.SUSPENDED: select(Member.id).where(Member.suspended_at.is_not(None)),
        Reason.INSIDER: select(Grant.member_id).where(Grant.role.in_(SEES_LIVE_SCORES)),
    }
    ground = np.zeros(len(voters), np.int8)
    for reason, query in grounds.items():
        ground[np.isin(voters, _ids(db.session.scalars(query)))] = CODE[reason]
    return ground


def _own(cast: Cast, designs: set[tuple[int, int]]) -> NDArray[np.int64]:
    """Where in the votes those for the voter's own designs are."""
    if not designs:
        return np.zeros(0, np.int64)
    made = np.array(sorted(designs), np.int64)
    is_designer = np.isin(cast.voters, made[:, 1])
    near = np.flatnonzero(is_designer[cast.voter])
    people = np.int64(len(cast.voters))
    known = np.isin(made[:, 0], cast.entries) & np.isin(made[:, 1], cast.voters)
    made = made[known]
    pairs = np.searchsorted(cast.entries, made[:, 0]) * people + np.searchsorted(
        cast.voters, made[:, 1]
    )
    return near[np.isin(cast.entry[near] * people + cast.voter[near], pairs)]


def _designs(contest_id: int) -> set[tuple[int, int]]:
    """(submission, member) for everyone who made a design of the contest."""
    named = (
        select(Designer.submission_id, Designer.member_id)
        .join(Submission, Submission.id == Designer.submission_id)
        .where(Submission.contest_id == contest_id)
    )
    entered = select(Submission.id, Submission.member_id).where(Submission.contest_id == contest_id)
    rows = [*db.session.execute(named), *db.session.execute(entered)]
    return {(row[0], row[1]) for row in rows}


def _recused(contest_id: int) -> set[tuple[int, int]]:
    """(submission, juror) for every recusal: one who casts at that very moment must not count."""
    query = (
        select(Recusal.submission_id, Recusal.member_id)
        .join(Submission, Submission.id == Recusal.submission_id)
        .where(Submission.contest_id == contest_id)
    )
    return {(row[0], row[1]) for row in db.session.execute(query)}


def _left(contest_id: int) -> set[tuple[int, int]]:
    """(submission, juror) for votes given, or changed, after the juror left.

    One that waited for the contest's lock decided before it; its instant tells.
    """
    query = (
        select(Vote.submission_id, Vote.member_id)
        .join(
            Juror,
            (Juror.contest_id == Vote.contest_id) & (Juror.member_id == Vote.member_id),
        )
        .where(
            Juror.contest_id == contest_id,
            func.coalesce(Vote.changed_at, Vote.cast_at) > Juror.left_at,
        )
    )
    return {(row[0], row[1]) for row in db.session.execute(query)}


def _clusters(contest_id: int, voters: Ids, closed_at: datetime | None) -> Places:
    """Of each voter: which accounts they shared a browser with before the close.

    Every vote is cast from a browser that somebody signed in from, so uses tell it all; only of
    erased members there are none, and their votes keep the device until all forget theirs.
    """
    used = select(DeviceUse.device, DeviceUse.member_id)
    if closed_at is not None:
        used = used.where(DeviceUse.first_at <= closed_at)
    erased = (
        select(Vote.device, Vote.member_id)
        .join(Member, Member.id == Vote.member_id)
        .where(
            Vote.contest_id == contest_id,
            Vote.device.is_not(None),
            Member.standing == Standing.ERASED,
        )
    )
    every = union_all(used, erased).cte()
    # Most browsers are somebody's own: those are told apart where they lie.
    shared = (
        select(every.c.device)
        .group_by(every.c.device)
        .having(func.min(every.c.member_id) != func.max(every.c.member_id))
    )
    uses = db.session.execute(select(every).where(every.c.device.in_(shared))).all()
    here = np.isin(np.array([member for _, member in uses], np.int64), voters)
    pairs = sorted((bytes(uses[at][0]), uses[at][1]) for at in np.flatnonzero(here).tolist())
    label_of = clusters.clusters(pairs)
    label = np.full(len(voters), ALONE, np.int32)
    numbers: dict[bytes, int] = {}
    if label_of:
        members = np.array(sorted(label_of), np.int64)
        label[np.searchsorted(voters, members)] = [
            numbers.setdefault(label_of[int(member)], len(numbers)) for member in members
        ]
    return label


def _networks(contest_id: int, cast: Cast) -> Places:
    """Of each vote: its network, where three votes on its entry may come from it.

    The few bits of the hash at hand tell which votes may have company; those are asked about.
    """
    bits = replace(
        cast,
        network=np.where(cast.network == 0, np.int32(ALONE), cast.network),
        cluster=np.full(len(cast.voters), ALONE, np.int32),
    )
    suspects = fast_weighing.crowded(bits)
    label = np.full(cast.size, ALONE, np.int32)
    if not suspects.size:
        return label
    vouched = set(
        db.session.scalars(select(VouchedNetwork.network).where(VouchedNetwork.ended_at.is_(None)))
    )
    people = np.int64(len(cast.voters))
    numbers: dict[bytes, int] = {}
    where, found = [], []
    members = np.unique(cast.voters[cast.voter[suspects]]).tolist()
    for some in _batches(members):
        query = select(Vote.submission_id, Vote.member_id, Vote.network).where(
            Vote.contest_id == contest_id, Vote.member_id.in_(some), Vote.network.is_not(None)
        )
        for entry, voter, network in db.session.execute(query):
            if network is not None and network not in vouched:
                where.append((entry, voter))
                found.append(numbers.setdefault(network, len(numbers)))
    if not where:
        return label
    pairs = np.array(where, np.int64)
    keys = np.searchsorted(cast.entries, pairs[:, 0]) * people + np.searchsorted(
        cast.voters, pairs[:, 1]
    )
    order = np.argsort(keys)
    keys, labels = keys[order], np.array(found, np.int32)[order]
    wanted = cast.entry[suspects] * people + cast.voter[suspects]
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    label[suspects] = np.where(keys[place] == wanted, labels[place], ALONE)
    return label


def _batches(members: list[int]) -> Iterator[list[int]]:
    return (members[start : start + _BATCH] for start in range(0, len(members), _BATCH))


def _ids(values: Iterable[int]) -> Ids:
    return np.fromiter(values, np.int64)
