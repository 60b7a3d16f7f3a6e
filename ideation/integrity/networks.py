"""Vouching: an operator says that a network many share is a school, an office, a mobile carrier.

Votes from it make no cluster from then on. Addresses are never stored: an operator names a range,
and votes are found by its keyed hash; or takes the network that the voters of a case share, which
has no name here at all. A contest that is counted, not announced, and has votes from it gets a
tally of the next number. It moves results, so nobody vouches, or stops vouching, for a network
that they vote from, or that votes came from in a contest in which they take part themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select, update

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
from ideation.integrity import cases, policies
from ideation.integrity.models import Case, CaseMember, Signal
from ideation.submissions.models import Designer, Submission
from ideation.voting import networks, tallying
from ideation.voting.models import Vote, VouchedNetwork

MOST_NAME = 80

_PARTY = lazy(
    "You take part where people vote from this network: another operator has to decide about it."
)


class TakesPart(NotAllowed):
    """Who would decide about a network votes from it, or has a vote or a design where it counts."""


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

    Raises NotAllowed, TakesPart, Invalid without a name and for what is no
    range, Conflict while the stars of a contest that it touches are being counted.
    """
    _check(actor, name)
    try:
        hashes = networks.hashes_of_cidr(cidr)
    except Invalid as error:
        raise Invalid(fields={"cidr": error.message}) from error
    return _vouch(actor, hashes, name, {"networks": len(hashes)}, at)


def vouch_for_case(actor: Member, case_id: int, name: str, *, at: datetime) -> int:
    """Vouch for the network that the voters of a case share.

    Raises NotAllowed, TakesPart, Invalid without a name, NotFound for a case
    of another signal and before the close, Conflict once the votes no longer tell their networks
    and while the stars of a contest that it touches are being counted.
    """
    _check(actor, name)
    case = cases.get(case_id)
    contest = contests.get(case.contest_id)
    if policies.is_party(case, actor):
        raise TakesPart(_PARTY)
    if case.signal is not Signal.NETWORK or contest.closed_at is None:
        raise NotFound(lazy("There is no such case."))
    shared = _shared(case)
    if shared is None:
        raise Conflict(lazy("The votes no longer tell which network they came from."))
    return _vouch(actor, [shared], name, {"case": case.public_id}, at)


def end(actor: Member, key: int, *, at: datetime) -> None:
    """Stop vouching; counts from now on see the network again.

    Raises NotAllowed, TakesPart, NotFound, Conflict where it has ended and
    while the stars of a contest that it touches are being counted.
    """
    if not holds(actor, Permission.VOUCH):
        raise NotAllowed(lazy("Only operators vouch for networks."))
    one = db.session.get(VouchedNetwork, key)
    if one is None:
        raise NotFound(lazy("There is no such network."))
    touched = _hold(actor, _networks_of(one))
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
    tallies = _count_again(touched, one.id, at)
    _record("network.ended", actor, one.id, one.name, {"tallies": tallies}, at)


def record_refusal(actor: Member, *, at: datetime) -> None:
    """Write down that somebody who takes part tried; in a transaction of its own."""
    trail.record(
        "network.refused", actor_id=actor.id, subject_kind="network", subject_id=None, at=at
    )


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
    touched = _hold(actor, fresh)
    rows = [VouchedNetwork(network=one, name=name, by_id=actor.id, at=at) for one in fresh]
    db.session.add_all(rows)
    db.session.flush()
    tallies = _count_again(touched, rows[0].id, at)
    _record("network.vouched", actor, rows[0].id, name, {**detail, "tallies": tallies}, at)
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


def _networks_of(one: VouchedNetwork) -> list[bytes]:
    """What the act that made the row vouches for."""
    query = select(VouchedNetwork.network).where(
        VouchedNetwork.name == one.name, VouchedNetwork.at == one.at
    )
    return list(db.session.scalars(query))


def _hold(actor: Member, hashes: Collection[bytes]) -> list[Contest]:
    """Lock every contest that has votes from these networks and is still to be announced.

    Held, none of them can close meanwhile: the first count sees what is decided here. Raises
    Conflict while one is being counted, TakesPart where the actor does.
    """
    from_there = Vote.network.in_(hashes)
    waiting = select(Contest.id).where(
        Contest.announced_at.is_(None),
        Contest.cancelled_at.is_(None),
        exists().where(Vote.contest_id == Contest.id, from_there),
    )
    keys = db.session.scalars(waiting.order_by(Contest.id)).all()
    held = [editions.get_locked(key) for key in keys]
    designs = select(Designer.submission_id).join(
        Submission, Submission.id == Designer.submission_id
    )
    takes_part = (
        exists().where(Vote.member_id == actor.id, from_there | Vote.contest_id.in_(keys)),
        designs.where(Designer.member_id == actor.id, Submission.contest_id.in_(keys)).exists(),
    )
    if db.session.scalar(select(or_(*takes_part))):
        raise TakesPart(_PARTY)
    if any(one.closed_at is not None and one.tallied_at is None for one in held):
        raise Conflict(
            lazy("The stars of a contest are being counted this minute. Try again in a moment.")
        )
    return held


def _count_again(held: Collection[Contest], key: int, at: datetime) -> dict[str, int]:
    """Freeze the next tally of each of them that is counted; key of a contest → number.

    Once its traces begin to go, a count would differ for other reasons.
    """
    return {
        str(one.id): tallying.refreeze(one.id, f"network:{key}", at=at).number
        for one in held
        if one.tallied_at is not None and not policies.is_over(one, at)
    }


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
