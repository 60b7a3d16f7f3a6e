"""The whole way of a payment, each outcome told by a letter."""

from flask import Flask

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.payments import cards, charging, refunding
from ideation.payments.models import MethodState, Payment, PaymentState, Refund, RefundState
from tests.factories import payments

REFERENCE = "order:0000000000"


def _charged(kind: str, attempt: int = 1, method_id: int = 0) -> Payment:
    method_id = method_id or payments.saved_card(REFERENCE, kind).id
    with transaction():
        payment_id = charging.request(REFERENCE, method_id, 4200, "USD", attempt, at=clock.now()).id
    payments.settle()
    return db.session.get_one(Payment, payment_id)


def _refunded(payment: Payment, amount_minor: int, key: str = "a") -> Refund:
    with transaction():
        refund_id = refunding.request(
            payment.id, amount_minor, key=key, reason="test", by=None, at=clock.now()
        ).id
    payments.settle()
    return db.session.get_one(Refund, refund_id)


def test_a_card_that_works(app: Flask) -> None:
    method = payments.saved_card(REFERENCE)
    assert (method.state, method.brand, method.last4) == (MethodState.SAVED, "Visa", "0004")
    assert cards.latest_saved(REFERENCE) == method
    payment = _charged("", method_id=method.id)
    assert payment.state is PaymentState.CAPTURED
    assert charging.captured(REFERENCE) == charging.latest(REFERENCE) == payment
    refund = _refunded(payment, 1200)
    assert (refund.state, refund.currency) == (RefundState.DONE, "USD")
    assert refunding.left_of(payment) == 3000
    assert refunding.list_for(REFERENCE) == [refund]
