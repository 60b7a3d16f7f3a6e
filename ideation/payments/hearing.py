"""What a provider tells is kept once, and applied once, whenever and however often it comes.

States have ranks, and news moves a method, payment or refund only upwards: whatever the order of
arrival, the end is the same. Captured is above failed, since a payment that we had given up may
have been captured all the same: then the money is here, and whoever it is for must hear of it.
"""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from ideation.core import events
from ideation.core.db import db, is_postgresql, lock_row
from ideation.payments.events import (
    MethodFailed,
    MethodSaved,
    PaymentCaptured,
    PaymentFailed,
    PaymentNeedsAction,
    ProviderSpoke,
    RefundDone,
    RefundRefused,
)
from ideation.payments.models import (
    MethodState,
    Payment,
    PaymentMethod,
    PaymentState,
    ProviderEvent,
    Refund,
    RefundState,
)
from ideation.payments.providers.base import Kind, Told

log = structlog.get_logger(__name__)

Row = TypeVar("Row", PaymentMethod, Payment, Refund)


class Outcome(enum.StrEnum):
    """What came of an event."""

    APPLIED = "applied"
    #: The very event was here before; nothing is stored.
    REPEATED = "repeated"
    #: What it says was known already, or has been overtaken.
    TOO_LATE = "too_late"
    #: About nothing that we asked for.
    UNKNOWN = "unknown"
    #: About another amount than we asked for: a person must look.
    MISMATCHED = "mismatched"
    #: Of a kind that we do nothing about.
    IGNORED = "ignored"


_METHODS = {Kind.METHOD_FAILED: MethodState.FAILED, Kind.METHOD_SAVED: MethodState.SAVED}
_PAYMENTS = {
    Kind.PAYMENT_NEEDS_ACTION: PaymentState.NEEDS_ACTION,
    Kind.PAYMENT_FAILED: PaymentState.FAILED,
    Kind.PAYMENT_CAPTURED: PaymentState.CAPTURED,
}
_REFUNDS = {Kind.REFUND_FAILED: RefundState.FAILED, Kind.REFUND_DONE: RefundState.DONE}

_METHOD_RANKS = (MethodState.PENDING, MethodState.FAILED, MethodState.SAVED)
_PAYMENT_RANKS = (
    PaymentState.REQUESTED,
    PaymentState.NEEDS_ACTION,
    PaymentState.FAILED,
    PaymentState.CAPTURED,
)
_REFUND_RANKS = (RefundState.REQUESTED, RefundState.FAILED, RefundState.DONE)


def hear(provider: str, told: Told, *, at: datetime) -> Outcome:
    """Keep what was told and apply it, in the open transaction.

    Of two copies at once the second waits for the first, then finds it kept.
    """
    row_id = _keep(provider, told, at)
    if row_id is None:
        return Outcome.REPEATED
    outcome = _apply(provider, told, at)
    if outcome is Outcome.MISMATCHED:
        log.error("provider names another amount", provider=provider, subject=told.subject)
    db.session.execute(
        update(ProviderEvent).where(ProviderEvent.id == row_id).values(outcome=outcome)
    )
    return outcome


def _keep(provider: str, told: Told, at: datetime) -> int | None:
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    return db.session.scalar(
        insert(ProviderEvent)
        .values(
            provider=provider,
            event_id=told.event_id,
            kind=told.kind,
            subject=told.subject,
            body=told.body,
            happened_at=told.happened_at,
            received_at=at,
            outcome="",
        )
        .on_conflict_do_nothing(index_elements=[ProviderEvent.provider, ProviderEvent.event_id])
        .returning(ProviderEvent.id)
    )


def _apply(provider: str, told: Told, at: datetime) -> Outcome:
    if told.kind in _METHODS:
        return _apply_to_method(provider, told, at)
    if told.kind in _PAYMENTS:
        return _apply_to_payment(provider, told, at)
    if told.kind in _REFUNDS:
        return _apply_to_refund(provider, told, at)
    return Outcome.IGNORED


def _apply_to_method(provider: str, told: Told, at: datetime) -> Outcome:
    found = db.session.execute(
        select(PaymentMethod.id, PaymentMethod.reference).where(
            PaymentMethod.public_id == told.key, PaymentMethod.provider == provider
        )
    ).one_or_none()
    if found is None:
        return Outcome.UNKNOWN
    method = _locked(PaymentMethod, found.id, found.reference, at)
    target = _METHODS[told.kind]
    if not _is_above(_METHOD_RANKS, target, method.state):
        return Outcome.TOO_LATE
    method.state, method.settled_at, method.failure = target, at, told.failure
    if target is MethodState.SAVED:
        method.provider_reference = told.provider_reference
        method.brand, method.last4 = told.brand, told.last4
    db.session.flush()
    event = MethodSaved if target is MethodState.SAVED else MethodFailed
    events.publish(event(method.reference, method.id, at))
    return Outcome.APPLIED


def _apply_to_payment(provider: str, told: Told, at: datetime) -> Outcome:
    found = db.session.execute(
        select(Payment.id, Payment.reference).where(
            Payment.public_id == told.key, Payment.provider == provider
        )
    ).one_or_none()
    if found is None:
        return Outcome.UNKNOWN
    payment = _locked(Payment, found.id, found.reference, at)
    if _is_other_amount(told, payment):
        return Outcome.MISMATCHED
    target = _PAYMENTS[told.kind]
    if not _is_above(_PAYMENT_RANKS, target, payment.state):
        return Outcome.TOO_LATE
    payment.state, payment.failure, payment.action_url = target, told.failure, told.action_url
    payment.provider_reference = told.provider_reference or payment.provider_reference
    if target is not PaymentState.NEEDS_ACTION:
        payment.settled_at = at
    db.session.flush()
    events.publish(_PAYMENT_EVENTS[target](payment.reference, payment.id, at))
    return Outcome.APPLIED


_PAYMENT_EVENTS: Mapping[
    PaymentState, type[PaymentNeedsAction] | type[PaymentCaptured] | type[PaymentFailed]
] = {
    PaymentState.NEEDS_ACTION: PaymentNeedsAction,
    PaymentState.CAPTURED: PaymentCaptured,
    PaymentState.FAILED: PaymentFailed,
}


def _apply_to_refund(provider: str, told: Told, at: datetime) -> Outcome:
    public_id, _, number = told.key.partition("-")
    found = db.session.execute(
        select(Refund.id, Refund.reference)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.public_id == public_id, Payment.provider == provider)
    ).one_or_none()
    if found is None:
        return Outcome.UNKNOWN
    refund = _locked(Refund, found.id, found.reference, at)
    if _is_other_amount(told, refund):
        return Outcome.MISMATCHED
    target = _REFUNDS[told.kind]
    is_of_an_older_try = number != ("" if refund.tries == 1 else str(refund.tries))
    if target is RefundState.FAILED and is_of_an_older_try:
        return Outcome.TOO_LATE
    if not _is_above(_REFUND_RANKS, target, refund.state):
        return Outcome.TOO_LATE
    refund.state, refund.settled_at, refund.failure = target, at, told.failure
    refund.provider_reference = told.provider_reference or refund.provider_reference
    db.session.flush()
    event = RefundDone if target is RefundState.DONE else RefundRefused
    events.publish(event(refund.reference, refund.id, at))
    return Outcome.APPLIED


def _locked(model: type[Row], row_id: int, reference: str, at: datetime) -> Row:
    """The row as it stands now, held until commit; the rooms above take their locks before."""
    events.publish(ProviderSpoke(reference, at))
    db.session.execute(lock_row(select(model.id).where(model.id == row_id)))
    return db.session.get_one(model, row_id, populate_existing=True)


def _is_above(ranks: Sequence[enum.Enum], target: enum.Enum, state: enum.Enum) -> bool:
    return ranks.index(target) > ranks.index(state)


def _is_other_amount(told: Told, row: Payment | Refund) -> bool:
    if told.amount_minor is None:
        return False
    return (told.amount_minor, told.currency) != (row.amount_minor, row.currency)
