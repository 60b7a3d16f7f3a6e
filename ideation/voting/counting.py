"""A contest's votes, and what stands against each: everything that counting needs to know.

Reads without a lock: from votes that can no longer change, or before close for a look.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Executable, Select, func, or_, select

from ideation.accounts.grants import SEES_LIVE_SCORES
from ideation.accounts.models import DeviceUse, Grant, Member, Standing
from ideation.contests import queries
from ideation.core import cores
from ideation.core.db import db
from ideation.submissions.models import Designer, State, Submission
from ideation.voting import clusters, frozen, kept_votes, reading, traces
from ideation.voting.columns import ALONE, Cast, Codes, Ids, Places
from ideation.voting.models import Juror, Quarantine, Recusal, Tally, Vote, VouchedNetwork
from ideation.voting.packing import crowded, unpacked
from ideation.voting.weighing import CODE, Reason

_Value = TypeVar("_Value")
#: A device and a member who used it.
_Use: TypeAlias = tuple[bytes, int]
#: Submission and member, a row each.
_Pairs: TypeAlias = NDArray[np.int64]

#: Members or browsers asked about in one statement.
_BATCH = 5_000


def read(contest_id: int, *, quarantined: Collection[int] | None = None) -> Cast:
    """Every vote of the contest as it stands now, and why some do not count.

    What stands against voters is as of the close: once there is a tally, what that found. Of
    what came later a ruling alone changes what another tally says.
    `quarantined` names members whose votes are put aside instead of those of ``Quarantine``: for
    a look at what would be. Raises NotFound.
    """
    contest = queries.get(contest_id)
    votes = kept_votes.find(contest_id) or reading.all_of(reading.layout_of(contest_id))
    ranked = _ranked(contest_id)
    with (
        cores.aside(lambda: unpacked(votes, ranked)) as columns,
        cores.aside(lambda: crowded(votes)) as suspects,
    ):
        uses = _shared(contest.closed_at)
        # After the uses, which go with an account: who is erased from here on is in those.
        noted = _noted(contest.closed_at)
        uses |= _of_erased(contest_id, noted.erased, contest.closed_at)
        designs = np.concatenate([_designs(contest_id), _recused(contest_id), _left(contest_id)])
    cast = columns()
    cast = replace(cast, ground=_grounds(cast.voters, noted.against), own=_own(cast, designs))
    tallies = _tallies(contest_id)
    if tallies:
        cast = frozen.keep_grounds(cast, tallies[0])
    if tallies and traces.are_gone(contest):
        cast = frozen.hold_crowds(cast, tallies)
    else:
        cast = replace(
            cast,
            network=_networks(contest_id, cast, suspects()),
            cluster=_clusters(cast.voters, uses),
        )
    return cast.quarantining(_quarantined(contest_id) if quarantined is None else quarantined)


def read_votes(contest_id: int) -> Cast:
    """The votes alone, out of their table, nothing known against any: for those whose weights are
    frozen.
    """
    votes = reading.all_of(reading.layout_of(contest_id))
    return unpacked(votes, _ranked(contest_id))


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


@dataclass(frozen=True)
class _Noted:
    """Members that there is something to know of."""

    #: Who has something against all their votes, by what it is.
    against: dict[Reason, Ids]
    erased: list[int]


def _noted(closed_at: datetime | None) -> _Noted:
    """As of the close, or as it is now. One look at all members, who are many."""
    unconfirmed: ColumnElement[bool] = Member.email_confirmed_at.is_(None)
    if closed_at is not None:
        unconfirmed = or_(unconfirmed, Member.email_confirmed_at > closed_at)
    looks = (unconfirmed, Member.suspended_at.is_not(None), Member.standing == Standing.ERASED)
    found = db.session.execute(select(Member.id, *looks).where(or_(*looks))).all()
    insiders = select(Grant.member_id).where(Grant.role.in_(SEES_LIVE_SCORES))
    return _Noted(
        against={
            Reason.UNCONFIRMED: _ids(row[0] for row in found if row[1]),
            Reason.SUSPENDED: _ids(row[0] for row in found if row[2]),
            Reason.INSIDER: _ids(db.session.scalars(insiders)),
        },
        erased=[row[0] for row in found if row[3]],
    )


def _grounds(voters: Ids, against: dict[Reason, Ids]) -> Codes:
    """Of each voter: what stands against all their votes, the last of several."""
    ground = np.zeros(len(voters), np.int8)
    for reason, members in against.items():
        ground[np.isin(voters, members)] = CODE[reason]
    return ground


def _own(cast: Cast, designs: _Pairs) -> NDArray[np.int64]:
    """Where in the votes those for the voter's own designs are."""
    made = designs[np.isin(designs[:, 1], cast.voters) & np.isin(designs[:, 0], cast.entries)]
    if not made.size:
        return np.zeros(0, np.int64)
    entry, voter = (
        np.searchsorted(cast.entries, made[:, 0]),
        np.searchsorted(cast.voters, made[:, 1]),
    )
    is_designer = np.zeros(len(cast.voters), np.bool_)
    is_designer[voter] = True
    near = np.flatnonzero(is_designer[cast.voter])
    people = np.int64(len(cast.voters))
    return near[np.isin(cast.entry[near] * people + cast.voter[near], entry * people + voter)]


def _designs(contest_id: int) -> _Pairs:
    """(submission, member) for everyone who made a design of the contest."""
    entered = select(Submission.id, Submission.member_id).where(Submission.contest_id == contest_id)
    named = (
        select(Designer.submission_id, Designer.member_id)
        .join(Submission, Submission.id == Designer.submission_id)
        .where(Submission.contest_id == contest_id, Submission.member_id != Designer.member_id)
    )
    return _pairs(entered.union_all(named))


def _recused(contest_id: int) -> _Pairs:
    """(submission, juror) for every recusal: one who casts at that very moment must not count."""
    return _pairs(
        select(Recusal.submission_id, Recusal.member_id)
        .join(Submission, Submission.id == Recusal.submission_id)
        .where(Submission.contest_id == contest_id)
    )


def _left(contest_id: int) -> _Pairs:
    """(submission, juror) for votes given, or changed, after the juror left.

    One that waited for the contest's lock decided before it; its instant tells.
    """
    return _pairs(
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


def _pairs(query: Executable) -> _Pairs:
    return np.fromiter(chain.from_iterable(db.session.execute(query)), np.int64).reshape(-1, 2)


def _shared(closed_at: datetime | None) -> set[_Use]:
    """Browsers that accounts shared, and who used them before the close.

    Every vote is cast from a browser that somebody signed in from, so uses tell it all. Most
    browsers are somebody's own: the index of (device, member) tells which are not.
    """
    shared = select(DeviceUse.device).group_by(DeviceUse.device).having(func.count() > 1)
    return _uses(_used(closed_at).where(DeviceUse.device.in_(shared)))


def _of_erased(contest_id: int, erased: list[int], closed_at: datetime | None) -> set[_Use]:
    """Of erased members there are no uses; their votes keep the device until all forget theirs.
    With whoever else used it.
    """
    cast = select(Vote.device, Vote.member_id).where(
        Vote.contest_id == contest_id, Vote.device.is_not(None)
    )
    found: set[_Use] = set()
    for some in _batches(erased):
        theirs = _uses(cast.where(Vote.member_id.in_(some)))
        for devices in _batches(sorted({device for device, _ in theirs})):
            found |= _uses(_used(closed_at).where(DeviceUse.device.in_(devices)))
        found |= theirs
    return found


def _used(closed_at: datetime | None) -> Select[Any, int]:
    used = select(DeviceUse.device, DeviceUse.member_id)
    return used if closed_at is None else used.where(DeviceUse.first_at <= closed_at)


def _uses(query: Select[Any, int]) -> set[_Use]:
    return {(bytes(device), member) for device, member in db.session.execute(query)}


def _clusters(voters: Ids, uses: set[_Use]) -> Places:
    """Of each voter: with whom they shared a browser, directly or through others."""
    pairs = sorted(uses)
    here = np.isin(np.array([member for _, member in pairs], np.int64), voters)
    label_of = clusters.clusters(pairs[at] for at in np.flatnonzero(here).tolist())
    label = np.full(len(voters), ALONE, np.int32)
    numbers: dict[bytes, int] = {}
    if label_of:
        members = np.array(sorted(label_of), np.int64)
        label[np.searchsorted(voters, members)] = [
            numbers.setdefault(label_of[int(member)], len(numbers)) for member in members
        ]
    return label


def _networks(contest_id: int, cast: Cast, suspects: NDArray[np.int64]) -> Places:
    """Of each vote: its network, where three votes on its entry may come from it; `suspects` are
    the places of those.
    """
    if not suspects.size:
        return cast.network
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
        return cast.network
    pairs = np.array(where, np.int64)
    keys = np.searchsorted(cast.entries, pairs[:, 0]) * people + np.searchsorted(
        cast.voters, pairs[:, 1]
    )
    order = np.argsort(keys)
    keys, labels = keys[order], np.array(found, np.int32)[order]
    wanted = cast.entry[suspects] * people + cast.voter[suspects]
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    label = np.full(cast.size, ALONE, np.int32)
    label[suspects] = np.where(keys[place] == wanted, labels[place], ALONE)
    return label


def _batches(values: list[_Value]) -> Iterator[list[_Value]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))


def _ids(values: Iterable[int]) -> Ids:
    return np.fromiter(values, np.int64)
