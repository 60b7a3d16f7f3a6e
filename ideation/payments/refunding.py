"""Giving money back: never more than was captured, once a key, whoever asks at the same time."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core import events, ids, jobs
from ideation.core.db import db, in_transaction, lock_row, open_or_own_transaction
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import lazy
from ideation.payments import hearing
from ideation.payments.events import ProviderSpoke, RefundDone
from ideation.payments.failures import Failure
from ideation.payments.models import Payment, PaymentState, Refund, RefundState
from ideation.payments.providers import in_force
from ideation.payments.providers.base import Kind, ProviderRefused, RefundRequest, Told
from ideation.payments.waiting import first_question

REFUND = jobs.declare("payments.refund", attempts=10)


def request(
    payment_id: int,
    amount_minor: int,
    *,
    key: str,
    reason: str,
    by: int | None,
    at: datetime,
) -> Refund:
    """Ask for money of a captured payment to go back; a worker tells the provider.

    The same key gives the same refund. Raises Conflict where the payment is not captured, Invalid
    for more than is left of it and for a known key with another payment or amount.
    """
    payment = _lock(payment_id)
    known = find_by_key(key)
    if known is not None:
        if (known.payment_id, known.amount_minor) != (payment_id, amount_minor):
            raise Invalid(lazy("This refund was already asked for with another amount."))
        return known
    if payment.state is not PaymentState.CAPTURED:
        raise Conflict(lazy("Nothing was charged, so there is nothing to give back."))
    if not 0 < amount_minor <= left_of(payment):
        raise Invalid(lazy("That is more than is left of the payment."))
    refund = Refund(
        public_id=ids.public_id(),
        payment_id=payment.id,
        reference=payment.reference,
        key=key,
        amount_minor=amount_minor,
        currency=payment.currency,
        reason=reason,
        requested_by=by,
        requested_at=at,
        ask_at=first_question(at),
    )
    db.session.add(refund)
    db.session.flush()
    _enqueue(refund, at)
    return refund


def left_of(payment: Payment) -> int:
    """Minor units of a payment that no refund has asked for; a refused one still counts, since a
    person will have it tried again.
    """
    asked = select(func.sum(Refund.amount_minor)).where(Refund.payment_id == payment.id)
    return payment.amount_minor - int(db.session.scalar(asked) or 0)


def tell(refund_id: int, *, at: datetime) -> None:
    """Tell the provider about a refund, outside any transaction; twice gives back once.

    Raises ProviderAway.
    """
    refund = db.session.get(Refund, refund_id, populate_existing=True)
    if refund is None or refund.state is not RefundState.REQUESTED:
        return
    provider = in_force.get(refund.payment.provider)
    asked = RefundRequest(
        provider_key(refund), refund.payment.public_id, refund.amount_minor, refund.currency
    )
    if not in_transaction():
        db.session.rollback()  # no connection is held while the provider thinks
    try:
        provider_reference = provider.refund(asked, at=at)
    except ProviderRefused as refusal:
        with open_or_own_transaction():
            hearing.hear(provider.name, _refused(asked.key, refusal.failure, at), at=at)
        return
    with open_or_own_transaction():
        db.session.execute(
            update(Refund)
            .where(Refund.id == refund_id, Refund.provider_reference == "")
            .values(provider_reference=provider_reference)
        )


def provider_key(refund: Refund) -> str:
    """What the provider knows it by: a new name for each try that a person asked for."""
    return refund.public_id if refund.tries == 1 else f"{refund.public_id}-{refund.tries}"


def try_again(actor: Member, refund_id: int, *, at: datetime) -> None:
    """Have a refused refund tried once more. Raises Conflict where it is not refused."""
    moved = db.session.execute(
        update(Refund)
        .where(Refund.id == refund_id, Refund.state == RefundState.FAILED)
        .values(
            state=RefundState.REQUESTED,
            tries=Refund.tries + 1,
            failure="",
            provider_reference="",
            settled_at=None,
            ask_at=first_question(at),
        )
        .execution_options(synchronize_session="fetch")
    )
    _require(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one
    _enqueue(db.session.get_one(Refund, refund_id, populate_existing=True), at)
    trail.record(
        "refund.tried_again",
        actor_id=actor.id,
        subject_kind="refund",
        subject_id=refund_id,
        at=at,
    )


def settle_by_hand(actor: Member, refund_id: int, note: str, *, at: datetime) -> None:
    """Note that a refused refund was given back another way, as by bank transfer.

    The note may name a bank account, so it stands with the refund and not in the audit trail,
    which forgets nothing. Raises Conflict where it is not refused.
    """
    refund = db.session.get_one(Refund, refund_id)
    events.publish(ProviderSpoke(refund.reference, at))
    moved = db.session.execute(
        update(Refund)
        .where(Refund.id == refund_id, Refund.state == RefundState.FAILED)
        .values(state=RefundState.DONE, is_by_hand=True, note=note, failure="", settled_at=at)
        .execution_options(synchronize_session="fetch")
    )
    _require(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one
    events.publish(RefundDone(refund.reference, refund_id, at))
    trail.record(
        "refund.settled_by_hand",
        actor_id=actor.id,
        subject_kind="refund",
        subject_id=refund_id,
        at=at,
    )


def forget_notes(references: Collection[str]) -> None:
    """Blank what finance wrote of these refunds: it may say where a buyer banks."""
    db.session.execute(
        update(Refund)
        .where(Refund.reference.in_(references), Refund.note != "")
        .values(note="")
        .execution_options(synchronize_session="fetch")
    )


def find_by_key(key: str) -> Refund | None:
    """The refund that was asked for under a key."""
    return db.session.scalar(select(Refund).where(Refund.key == key))


def list_for(reference: str) -> Sequence[Refund]:
    """All refunds for the reference, in order."""
    return db.session.scalars(
        select(Refund).where(Refund.reference == reference).order_by(Refund.id)
    ).all()


def _lock(payment_id: int) -> Payment:
    """The payment, held until commit: of rivals each sees what the one before has asked for."""
    db.session.execute(lock_row(select(Payment.id).where(Payment.id == payment_id)))
    return db.session.get_one(Payment, payment_id, populate_existing=True)


def _enqueue(refund: Refund, at: datetime) -> None:
    key = f"payments.refund:{provider_key(refund)}"
    jobs.enqueue(REFUND, at=at, key=key, refund_id=refund.id)


def _require(moved: int) -> None:
    if not moved:
        raise Conflict(lazy("This refund is not waiting for anybody any more."))


def _refused(key: str, failure: Failure, at: datetime) -> Told:
    return Told(f"refused:refund:{key}", Kind.REFUND_FAILED, key, at, failure=failure)
