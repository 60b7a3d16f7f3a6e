"""Vouching: an operator says that a network many share is a school, an office, a mobile carrier.

Votes from it make no cluster from then on. Addresses are never stored: an operator names a range,
and votes are found by its keyed hash; or takes the network that the voters of a case share, which
has no name here at all. A contest that is counted, not announced, and has votes from it gets a
tally of the next number.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, update

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.audit import trail
from ideation.contests import editions
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from ideation.core.i18n import lazy
from ideation.integrity import cases
from ideation.integrity.models import Case, CaseMember, Signal
from ideation.voting import networks, tallying
from ideation.voting.models import Vote, VouchedNetwork

MOST_NAME = 80


@dataclass(frozen=True)
class Place:
    """What one act vouched for: a name, and how many networks it covers."""

    name: str
    by_id: int | None
    at: datetime
    ended_at: datetime | None
    networks: int
    #: The lowest key of its rows.
    key: int


def vouch(actor: Member, cidr: str, name: str, *, at: datetime) -> int:
    """Vouch for a range of addresses, as 198.51.100.0/24; how many networks that is.

    Raises NotAllowed, Invalid without a name and for what is no range.
    """
    _check(actor, name)
    try:
        hashes = networks.hashes_of_cidr(cidr)
    except Invalid as error:
        raise Invalid(fields={"cidr": error.message}) from error
    return _vouch(actor, hashes, name, {"networks": len(hashes)}, at)


def vouch_for_case(actor: Member, case_id: int, name: str, *, at: datetime) -> int:
    """Vouch for the network that the voters of a case share.

    Raises NotAllowed, Invalid without a name, NotFound for a case of another signal, Conflict
    before the close and once the votes no longer tell their networks.
    """
    _check(actor, name)
    case = cases.get(case_id)
    contest = contests.get(case.contest_id)
    if case.signal is not Signal.NETWORK or contest.closed_at is None:
        raise NotFound(lazy("There is no such case."))
    shared = _shared(case)
    if shared is None:
        raise Conflict(lazy("The votes no longer tell which network they came from."))
    return _vouch(actor, [shared], name, {"case": case.public_id}, at)


def end(actor: Member, key: int, *, at: datetime) -> None:
    """Stop vouching; counts from now on see the network again.

    Raises NotAllowed, NotFound, Conflict where it has ended.
    """
    if not holds(actor, Permission.VOUCH):
        raise NotAllowed(lazy("Only operators vouch for networks."))
    one = db.session.get(VouchedNetwork, key)
    if one is None:
        raise NotFound(lazy("There is no such network."))
    same = (VouchedNetwork.name == one.name, VouchedNetwork.at == one.at)
    ended = db.session.scalars(
        update(VouchedNetwork)
        .where(*same, VouchedNetwork.ended_at.is_(None))
        .values(ended_at=at)
        .returning(VouchedNetwork.network)
        .execution_options(synchronize_session="fetch")
    ).all()
    if not ended:
        raise Conflict(lazy("Nobody vouches for this any more."))
    _count_again(ended, one.id, at)
    _record("network.ended", actor, one.id, one.name, {}, at)


def list_places() -> list[Place]:
    """Everything vouched for, what stands first, the latest first."""
    query = (
        select(
            VouchedNetwork.name,
            VouchedNetwork.by_id,
            VouchedNetwork.at,
            VouchedNetwork.ended_at,
            func.count(),
            func.min(VouchedNetwork.id),
        )
        .group_by(
            VouchedNetwork.name, VouchedNetwork.by_id, VouchedNetwork.at, VouchedNetwork.ended_at
        )
        .order_by(VouchedNetwork.ended_at.is_not(None), VouchedNetwork.at.desc())
    )
    return [Place(*row) for row in db.session.execute(query)]


def list_candidates(at: datetime) -> list[tuple[Case, Contest, int]]:
    """Cases about a shared network of contests that have closed, with how many voters share it."""
    query = (
        select(Case, Contest, func.count(CaseMember.member_id))
        .join(Contest, Contest.id == Case.contest_id)
        .join(CaseMember, CaseMember.case_id == Case.id)
        .where(
            Case.signal == Signal.NETWORK,
            Case.judgement.is_(None),
            Case.gone_at.is_(None),
            Contest.closed_at <= at,
        )
        .group_by(Case.id, Contest.id)
        .order_by(Case.found_at.desc(), Case.id)
        .limit(cases.SIZE)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def _check(actor: Member, name: str) -> None:
    if not holds(actor, Permission.VOUCH):
        raise NotAllowed(lazy("Only operators vouch for networks."))
    if not name.strip() or len(name) > MOST_NAME:
        raise Invalid(fields={"name": lazy("Say what it is, such as “City library”.")})


def _vouch(
    actor: Member, hashes: Sequence[bytes], name: str, detail: dict[str, object], at: datetime
) -> int:
    standing = set(
        db.session.scalars(
            select(VouchedNetwork.network).where(
                VouchedNetwork.network.in_(hashes), VouchedNetwork.ended_at.is_(None)
            )
        )
    )
    fresh = [one for one in hashes if one not in standing]
    if not fresh:
        raise Conflict(lazy("Somebody vouches for this already."))
    rows = [VouchedNetwork(network=one, name=name, by_id=actor.id, at=at) for one in fresh]
    db.session.add_all(rows)
    db.session.flush()
    _count_again(fresh, rows[0].id, at)
    _record("network.vouched", actor, rows[0].id, name, detail, at)
    return len(fresh)


def _shared(case: Case) -> bytes | None:
    """The network that most voters of the case voted from; None unless two of them did."""
    voters = func.count(func.distinct(Vote.member_id))
    query = (
        select(Vote.network)
        .where(
            Vote.contest_id == case.contest_id,
            Vote.member_id.in_(cases.members_of(case)),
            Vote.network.is_not(None),
        )
        .group_by(Vote.network)
        .having(voters > 1)
        .order_by(voters.desc(), Vote.network)
        .limit(1)
    )
    return db.session.scalar(query)


def _count_again(hashes: Collection[bytes], key: int, at: datetime) -> None:
    """Freeze the next tally of every contest that is still to be announced and has such votes."""
    touched = exists().where(Vote.contest_id == Contest.id, Vote.network.in_(hashes))
    waiting = select(Contest.id).where(
        Contest.tallied_at.is_not(None),
        Contest.announced_at.is_(None),
        Contest.cancelled_at.is_(None),
        touched,
    )
    for contest_id in db.session.scalars(waiting.order_by(Contest.id)).all():
        editions.get_locked(contest_id)
        tallying.refreeze(contest_id, f"network:{key}", at=at)


def _record(
    action: str, actor: Member, key: int, name: str, detail: dict[str, object], at: datetime
) -> None:
    trail.record(
        action,
        actor_id=actor.id,
        subject_kind="network",
        subject_id=key,
        at=at,
        reason=name,
        detail=detail,
    )
