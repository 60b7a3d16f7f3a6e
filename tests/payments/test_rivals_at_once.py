"""Many at the same moment: refunds never exceed the capture, a letter is applied once."""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid
from ideation.payments import charging, hearing, refunding, webhooks
from ideation.payments.models import Payment, PaymentState, Refund
from ideation.payments.providers.base import Kind, Told
from tests.concurrency.crowds import at_once
from tests.factories import payments
from tests.payments.letters import letter, signed

REFERENCE = "order:0000000000"
RIVALS = 8

pytestmark = pytest.mark.usefixtures("published")
Published = Counter[tuple[str, int]]


def _gate(parties: int) -> Callable[[], object]:
    """Hold whoever has looked until all have: what the lock would not let happen."""
    barrier = threading.Barrier(parties)

    def wait() -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(20)

    return wait


def _payment(*, captured: bool) -> Payment:
    method = payments.saved_card(REFERENCE)
    with transaction():
        payment = charging.request(REFERENCE, method.id, 4200, "USD", 1, at=clock.now())
    if captured:
        payments.settle()
    payment_id = payment.id
    db.session.rollback()
    return db.session.get_one(Payment, payment_id)


def _refund_at_once(app: Flask) -> Counter[bool]:
    """Eight ask for a third each; whether each got it."""
    payment_id = _payment(captured=True).id

    def ask(number: int) -> bool:
        try:
            with transaction():
                refunding.request(
                    payment_id, 1400, key=f"k{number}", reason="", by=None, at=clock.now()
                )
        except Invalid:
            return False
        return True

    return Counter(at_once(app, [lambda n=n: ask(n) for n in range(RIVALS)]))


def test_refunds_never_exceed_what_was_captured(app: Flask) -> None:
    assert _refund_at_once(app) == {True: 3, False: RIVALS - 3}
    assert sum(db.session.scalars(select(Refund.amount_minor))) == 4200


@pytest.mark.only("postgresql")  # on SQLite the transaction itself lets one in at a time
def test_control_without_the_payments_lock_rivals_give_back_too_much(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunding, "lock_row", lambda statement: statement)
    left_of, gate = refunding.left_of, _gate(RIVALS)
    monkeypatch.setattr(refunding, "left_of", lambda payment: (left_of(payment), gate())[0])
    assert _refund_at_once(app)[True] > 3


def test_one_key_at_once_is_one_refund(app: Flask) -> None:
    payment_id = _payment(captured=True).id

    def ask() -> int:
        with transaction():
            return refunding.request(
                payment_id, 4200, key="once", reason="", by=None, at=clock.now()
            ).id

    assert len(set(at_once(app, [ask] * RIVALS))) == 1
    assert db.session.query(Refund).count() == 1


def test_copies_of_a_letter_at_once_are_heard_once(app: Flask, published: Published) -> None:
    payment = _payment(captured=False)
    payment_id, body = payment.id, letter("payment.captured", payment.public_id)
    headers = signed(body)

    def receive() -> str:
        with transaction():
            return webhooks.receive("sandbox", headers, body, at=clock.now())

    outcomes = Counter(at_once(app, [receive] * RIVALS))
    assert outcomes == {"applied": 1, "repeated": RIVALS - 1}
    assert published["PaymentCaptured", payment_id] == 1
    assert db.session.get_one(Payment, payment_id).state is PaymentState.CAPTURED


def _hear_at_once(app: Flask) -> tuple[int, Counter[str]]:
    """Eight different letters that say the same: the webhook, and each answer to a question."""
    payment = _payment(captured=False)
    payment_id, key = payment.id, payment.public_id

    def hear(number: int) -> str:
        told = Told(f"evt_{number}", Kind.PAYMENT_CAPTURED, key, clock.now())
        with transaction():
            return hearing.hear("sandbox", told, at=clock.now())

    return payment_id, Counter(at_once(app, [lambda n=n: hear(n) for n in range(RIVALS)]))


def test_a_letter_and_an_answer_at_once_are_applied_once(app: Flask, published: Published) -> None:
    payment_id, outcomes = _hear_at_once(app)
    assert outcomes == {"applied": 1, "too_late": RIVALS - 1}
    assert published["PaymentCaptured", payment_id] == 1


@pytest.mark.only("postgresql")
def test_control_without_the_payments_lock_a_capture_is_told_of_twice(
    app: Flask, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "lock_row", lambda statement: statement)
    is_above, gate = hearing._is_above, _gate(RIVALS)
    monkeypatch.setattr(hearing, "_is_above", lambda *ranks: (is_above(*ranks), gate())[0])
    payment_id, _outcomes = _hear_at_once(app)
    assert published["PaymentCaptured", payment_id] > 1
