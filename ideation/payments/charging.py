"""Charging a saved card: asked for in one transaction, told to the provider after its commit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from ideation.core import ids, jobs
from ideation.core.db import db, in_transaction, open_or_own_transaction
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.payments import hearing
from ideation.payments.failures import Failure
from ideation.payments.models import MethodState, Payment, PaymentMethod, PaymentState
from ideation.payments.providers import in_force
from ideation.payments.providers.base import ChargeRequest, Kind, ProviderRefused, Told
from ideation.payments.waiting import first_question

CHARGE = jobs.declare("payments.charge", attempts=10)
CANCEL = jobs.declare("payments.cancel", attempts=10)

_UNSETTLED = (PaymentState.REQUESTED, PaymentState.NEEDS_ACTION)


def request(
    reference: str, method_id: int, amount_minor: int, currency: str, attempt: int, *, at: datetime
) -> Payment:
    """Ask for one try at charging the card; a worker tells the provider. Tries count from 1.

    The same reference and attempt give the same payment. Raises Conflict where the card is not
    saved, ValueError where it was given for something else.
    """
    known = db.session.scalar(
        select(Payment).where(Payment.reference == reference, Payment.attempt == attempt)
    )
    if known is not None:
        return known
    method = db.session.get_one(PaymentMethod, method_id)
    if method.reference != reference:
        raise ValueError("a card pays only for what it was given for")
    if method.state is not MethodState.SAVED:
        raise Conflict(lazy("There is no card to charge."))
    payment = Payment(
        public_id=ids.public_id(),
        reference=reference,
        attempt=attempt,
        method_id=method.id,
        provider=method.provider,
        amount_minor=amount_minor,
        currency=currency,
        requested_at=at,
        ask_at=first_question(at),
    )
    db.session.add(payment)
    db.session.flush()
    key = f"payments.charge:{payment.public_id}"
    jobs.enqueue(CHARGE, at=at, key=key, payment_id=payment.id)
    return payment


def tell(payment_id: int, *, at: datetime) -> None:
    """Tell the provider about a payment, outside any transaction; twice charges once.

    What comes of it is told by an event, save where the provider will not hear of it at all.
    Raises ProviderAway.
    """
    payment = db.session.get(Payment, payment_id, populate_existing=True)
    if payment is None or payment.state is not PaymentState.REQUESTED:
        return
    provider = in_force.get(payment.provider)
    asked = ChargeRequest(
        payment.public_id,
        payment.method.provider_reference,
        payment.amount_minor,
        payment.currency,
    )
    if not in_transaction():
        db.session.rollback()  # no connection is held while the provider thinks
    try:
        provider_reference = provider.charge(asked, at=at)
    except ProviderRefused as refusal:
        with open_or_own_transaction():
            hearing.hear(provider.name, _refused(asked.key, refusal.failure, at), at=at)
        return
    with open_or_own_transaction():
        db.session.execute(
            update(Payment)
            .where(Payment.id == payment_id, Payment.provider_reference == "")
            .values(provider_reference=provider_reference)
        )


def abandon(payment_id: int, *, at: datetime) -> bool:
    """Give a payment up that is not settled; returns whether it was not.

    Should the provider have captured it all the same, that is told as any capture is. Publishes
    nothing: whoever gives up knows.
    """
    moved = db.session.execute(
        update(Payment)
        .where(Payment.id == payment_id, Payment.state.in_(_UNSETTLED))
        .values(state=PaymentState.FAILED, failure=Failure.ABANDONED, action_url="", settled_at=at)
        .execution_options(synchronize_session="fetch")
        .returning(Payment.public_id)
    ).scalar_one_or_none()
    if moved is not None:
        jobs.enqueue(CANCEL, at=at, key=f"payments.cancel:{moved}", payment_id=payment_id)
    return moved is not None


def call_off(payment_id: int, *, at: datetime) -> None:
    """Tell the provider that a payment was given up, and hear how it stands.

    Outside any transaction. Raises ProviderAway.
    """
    payment = db.session.get(Payment, payment_id, populate_existing=True)
    if payment is None or payment.failure != Failure.ABANDONED:
        return
    provider, key = in_force.get(payment.provider), payment.public_id
    if not in_transaction():
        db.session.rollback()
    told = provider.cancel(key, at=at)
    if told is not None:
        with open_or_own_transaction():
            hearing.hear(provider.name, told, at=at)


def latest(reference: str) -> Payment | None:
    """The last try for the reference."""
    return db.session.scalar(
        select(Payment)
        .where(Payment.reference == reference)
        .order_by(Payment.attempt.desc())
        .limit(1)
    )


def captured(reference: str) -> Payment | None:
    """The payment that brought the money; the first, where a late one was captured as well."""
    return db.session.scalar(
        select(Payment)
        .where(Payment.reference == reference, Payment.state == PaymentState.CAPTURED)
        .order_by(Payment.settled_at, Payment.id)
        .limit(1)
    )


def list_for(reference: str) -> Sequence[Payment]:
    """All tries for the reference, in order."""
    return db.session.scalars(
        select(Payment).where(Payment.reference == reference).order_by(Payment.attempt)
    ).all()


def _refused(key: str, failure: Failure, at: datetime) -> Told:
    return Told(f"refused:payment:{key}", Kind.PAYMENT_FAILED, key, at, failure=failure)
