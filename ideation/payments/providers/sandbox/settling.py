"""All that workers would do about payments up to an instant, at once: for the demo and tests."""

from datetime import datetime

from sqlalchemy import select

from ideation.core.db import db
from ideation.payments import charging, refunding
from ideation.payments.models import Payment, PaymentState, Refund, RefundState
from ideation.payments.providers.sandbox.deliveries import hand_over_due
from ideation.payments.providers.sandbox.outgoing import DELAY


def settle(at: datetime) -> int:
    """Tell the provider whatever it has not heard, bring its letters, until all is quiet.

    What is asked for at ``at`` is answered a second later. Works inside an open transaction as
    well; the jobs left in the outbox find nothing to do. Returns how many letters were brought.
    """
    brought = 0
    while True:
        told = _tell_all(at)
        letters = hand_over_due(at + DELAY)
        brought += letters
        if not told and not letters:
            return brought


def _tell_all(at: datetime) -> int:
    payments = db.session.scalars(
        select(Payment.id).where(
            Payment.state == PaymentState.REQUESTED,
            Payment.provider_reference == "",
            Payment.requested_at <= at,
        )
    ).all()
    refunds = db.session.scalars(
        select(Refund.id).where(
            Refund.state == RefundState.REQUESTED,
            Refund.provider_reference == "",
            Refund.requested_at <= at,
        )
    ).all()
    for payment_id in payments:
        charging.tell(payment_id, at=at)
    for refund_id in refunds:
        refunding.tell(refund_id, at=at)
    return len(payments) + len(refunds)
