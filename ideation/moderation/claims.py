"""Claims: somebody says that a piece is theirs. Anyone may, signed in or not; a person decides.

While a claim is open, and once it is upheld, nothing is paid out to the piece's designers; an
upheld one can still be rejected, where it comes to light that it was wrong.

A claim holds somebody's pay, so whoever makes one stands by it with an address that is theirs: a
member's confirmed one, or one confirmed by the link in our mail. Unconfirmed it lapses after seven
days, and once one on a piece has lapsed, later ones hold nothing before they are confirmed. So
strangers with made-up addresses hold up a payout for a week, and not again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from ideation.accounts import hindrances
from ideation.accounts.grants import Permission
from ideation.accounts.hindrances import Hindrance
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.audit import trail
from ideation.core import events, ids, jobs
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.moderation import claim_letters
from ideation.moderation.events import ClaimDecided, ClaimOpened
from ideation.moderation.models import Claim, ClaimOutcome

WORDS_LONGEST = 4000
REASON_LONGEST = 1000
#: How long a claim whose address nobody confirms holds a payout.
CONFIRM_WITHIN = timedelta(days=7)
#: Lets claims lapse that nobody confirmed.
LAPSE = jobs.declare("moderation.lapse_claims")

_LAPSED = lazy(
    "This claim has lapsed, as its address was not confirmed within seven days. You can make it "
    "anew on the design's page."
)


@dataclass(frozen=True)
class Claimant:
    """Who says so, and how to reach them; ``member_id`` is None for somebody without an account."""

    name: str
    email: str
    words: str
    language: str
    member_id: int | None = None
    #: Whether the address is known to be theirs.
    is_confirmed: bool = False


def open(  # noqa: A001  # claims.open(…) reads as what it does
    subject_kind: str, subject_id: int, claimant: Claimant, *, at: datetime
) -> Claim:
    """Take a claim down and publish ``ClaimOpened``; tells whoever decides, and the claimant.

    What the same person adds while it is open becomes part of it.
    """
    known = db.session.scalar(
        select(Claim).where(
            Claim.subject_kind == subject_kind,
            Claim.subject_id == subject_id,
            Claim.closed_at.is_(None),
            func.lower(Claim.email) == claimant.email.lower(),
        )
    )
    if known is not None:
        if claimant.words not in known.words:
            known.words = f"{known.words}\n\n{claimant.words}"
        if claimant.is_confirmed and known.confirmed_at is None:
            known.confirmed_at = at
        db.session.flush()
        return known
    claim = Claim(
        public_id=ids.public_id(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        member_id=claimant.member_id,
        name=claimant.name,
        email=claimant.email,
        words=claimant.words,
        language=claimant.language,
        opened_at=at,
        confirmed_at=at if claimant.is_confirmed else None,
    )
    db.session.add(claim)
    db.session.flush()
    claim_letters.received(claim, at=at)
    events.publish(ClaimOpened(claim.id, subject_kind, subject_id, at))
    return claim


def confirm(public_id: str, *, at: datetime) -> bool:
    """Note that the claimant's address is theirs; True for the call that did it.

    Raises NotFound, and Conflict for a claim that lapsed: it can be made anew.
    """
    claim = get(public_id)
    if claim.outcome is ClaimOutcome.LAPSED:
        raise Conflict(_LAPSED)
    confirmed = db.session.execute(
        update(Claim)
        .where(Claim.id == claim.id, Claim.closed_at.is_(None), Claim.confirmed_at.is_(None))
        .values(confirmed_at=at)
        .execution_options(synchronize_session="fetch")
    )
    return bool(confirmed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def lapses_at(claim: Claim) -> datetime:
    """When the claim lapses if its address stays unconfirmed."""
    return claim.opened_at + CONFIRM_WITHIN


def due_to_lapse(at: datetime) -> list[int]:
    """Claims that nobody confirmed in time, the oldest first."""
    query = select(Claim.id).where(_lapses(at)).order_by(Claim.opened_at, Claim.id)
    return list(db.session.scalars(query))


def lapse(claim_id: int, *, at: datetime) -> bool:
    """Let one lapse; its designers hear that nothing is held any more. True for who did it."""
    closed = db.session.execute(
        update(Claim)
        .where(Claim.id == claim_id, _lapses(at))
        .values(closed_at=at, outcome=ClaimOutcome.LAPSED)
        .execution_options(synchronize_session="fetch")
    )
    if not closed.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        return False
    claim = db.session.get_one(Claim, claim_id, populate_existing=True)
    _audit(claim, None, at)
    _publish(claim, at)
    return True


def decide(
    actor: Member, claim_id: int, outcome: ClaimOutcome, reason: str, *, at: datetime
) -> None:
    """Uphold or reject, with a reason that claimant and designers read; a rejection is final.

    Raises NotAllowed, Invalid without a reason, Conflict where it is decided already.
    """
    if not holds(actor, Permission.DECIDE_CLAIMS):
        raise NotAllowed(lazy("Only operators decide claims."))
    if not reason:
        raise Invalid(fields={"reason": lazy("Say why: the claimant and the designers read it.")})
    if outcome is ClaimOutcome.LAPSED:
        raise Invalid(fields={"outcome": lazy("Choose one of the options.")})
    still_open: ColumnElement[bool] = Claim.closed_at.is_(None)
    if outcome is ClaimOutcome.REJECTED:
        still_open = or_(still_open, Claim.outcome == ClaimOutcome.UPHELD)
    closed = db.session.execute(
        update(Claim)
        .where(Claim.id == claim_id, still_open)
        .values(closed_at=at, closed_by=actor.id, outcome=outcome, reason=reason)
        .returning(Claim.id)
        .execution_options(synchronize_session="fetch")
    ).scalar_one_or_none()
    if closed is None:
        raise Conflict(lazy("Somebody else has just decided this."))
    claim = db.session.get_one(Claim, claim_id, populate_existing=True)
    _audit(claim, actor.id, at)
    claim_letters.decided(claim, at=at)
    _publish(claim, at)


def has_open(subject_kind: str, subject_id: int) -> bool:
    """Whether a claim on the piece waits for a decision."""
    query = select(Claim.id).where(
        Claim.subject_kind == subject_kind,
        Claim.subject_id == subject_id,
        Claim.closed_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def holding(subject_kind: str, subject_ids: Collection[int]) -> set[int]:
    """Those of the pieces whose designers are not paid out: a claim is open, or was upheld.

    An open one that nobody confirmed holds as long as none on the piece has lapsed before.
    """
    earlier = aliased(Claim)
    has_lapsed = exists().where(
        earlier.subject_kind == Claim.subject_kind,
        earlier.subject_id == Claim.subject_id,
        earlier.outcome == ClaimOutcome.LAPSED,
    )
    is_open = and_(Claim.closed_at.is_(None), or_(Claim.confirmed_at.is_not(None), ~has_lapsed))
    query = select(Claim.subject_id).where(
        Claim.subject_kind == subject_kind,
        Claim.subject_id.in_(set(subject_ids)),
        or_(is_open, Claim.outcome == ClaimOutcome.UPHELD),
    )
    return set(db.session.scalars(query))


def get(public_id: str) -> Claim:
    """The claim of a public id. Raises NotFound."""
    claim = db.session.scalar(select(Claim).where(Claim.public_id == public_id))
    if claim is None:
        raise NotFound(lazy("There is no such claim."))
    return claim


def list_page(*, is_open: bool, page: int) -> Page[Claim]:
    """Open claims, the oldest first; or decided ones, the latest first."""
    query = select(Claim)
    if is_open:
        query = query.where(Claim.closed_at.is_(None)).order_by(Claim.opened_at, Claim.id)
    else:
        query = query.where(Claim.closed_at.is_not(None)).order_by(Claim.closed_at.desc())
    return paginate(query, page)


def count_open() -> int:
    """How many claims wait for a decision."""
    return db.session.scalar(select(func.count()).where(Claim.closed_at.is_(None))) or 0


def _lapses(at: datetime) -> ColumnElement[bool]:
    return and_(
        Claim.closed_at.is_(None),
        Claim.confirmed_at.is_(None),
        Claim.opened_at <= at - CONFIRM_WITHIN,
    )


def _audit(claim: Claim, actor_id: int | None, at: datetime) -> None:
    assert claim.outcome is not None
    trail.record(
        f"claim.{claim.outcome.value}",
        actor_id=actor_id,
        subject_kind=claim.subject_kind,
        subject_id=claim.subject_id,
        at=at,
        reason=claim.reason,
        detail={"claim": claim.public_id},
    )


def _publish(claim: Claim, at: datetime) -> None:
    assert claim.outcome is not None
    events.publish(
        ClaimDecided(
            claim.id, claim.subject_kind, claim.subject_id, claim.outcome, claim.reason, at
        )
    )


@hindrances.declare
def hinders(member_id: int, _at: datetime) -> list[Hindrance]:
    """Whoever claims something hears the answer first."""
    query = select(Claim.id).where(Claim.member_id == member_id, Claim.closed_at.is_(None))
    if db.session.scalar(query.limit(1)) is None:
        return []
    words = lazy("A claim of yours is being looked at. We write to you once it is decided.")
    return [Hindrance(words)]
