"""Letters that never come: the provider is asked, and what it says counts as much."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.payments import cards, charging, reconciling, refunding
from ideation.payments.failures import Failure
from ideation.payments.models import (
    MethodState,
    Payment,
    PaymentMethod,
    PaymentState,
    ProviderEvent,
    Refund,
    RefundState,
)
from ideation.payments.providers.base import ProviderAway
from ideation.payments.providers.sandbox import bank
from ideation.payments.providers.sandbox.provider import Sandbox
from ideation.payments.waiting import PATIENCE, next_question
from tests.factories import payments

REFERENCE = "order:0000000000"
LATER = PATIENCE + timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("published")
Published = Counter[tuple[str, int]]


def _requested(method: PaymentMethod, at: datetime) -> int:
    with transaction():
        return charging.request(REFERENCE, method.id, 4200, "USD", 1, at=at).id


def _payment(payment_id: int) -> Payment:
    db.session.rollback()
    return db.session.get_one(Payment, payment_id, populate_existing=True)


def test_a_capture_that_was_never_told_is_found(app: Flask, published: Published) -> None:
    at = clock.now()
    payment_id = _requested(payments.saved_card(REFERENCE), at)
    charging.tell(payment_id, at=at)
    assert reconciling.reconcile(at + PATIENCE / 2) == 0, "it may still be on its way"
    assert reconciling.reconcile(at + LATER) == 1
    assert _payment(payment_id).state is PaymentState.CAPTURED
    payments.settle(at + 2 * LATER)  # the letter comes after all
    assert published["PaymentCaptured", payment_id] == 1
    told = Counter(db.session.scalars(select(ProviderEvent.outcome)))
    assert told == {"applied": 2, "too_late": 1}, "the card, the answer, the letter"


def test_a_provider_that_never_heard_is_told_again(app: Flask) -> None:
    """The job was lost: its worker gave up, or an operator deleted it."""
    at = clock.now()
    payment_id = _requested(payments.saved_card(REFERENCE), at)
    assert reconciling.reconcile(at + LATER) == 0
    charge = bank.find_charge(_payment(payment_id).public_id)
    assert charge is not None
    assert reconciling.reconcile(at + 3 * LATER) == 1
    assert _payment(payment_id).state is PaymentState.CAPTURED


def test_a_charge_that_was_confirmed_in_silence_is_found(app: Flask) -> None:
    at = clock.now()
    payment_id = _requested(payments.saved_card(REFERENCE, "confirms_charge"), at)
    payments.settle_all(at)
    token = _payment(payment_id).action_url.rpartition("/")[2]
    with transaction():
        bank.confirm_charge(token, True, at)
    assert reconciling.reconcile(at + LATER) == 1
    assert _payment(payment_id).state is PaymentState.CAPTURED


def test_a_card_that_was_saved_in_silence_is_found(app: Flask) -> None:
    at = clock.now()
    method = payments.card_asked(REFERENCE, at)
    assert reconciling.reconcile(at + LATER) == 0, "the buyer is still typing"
    payments.give_card(method.public_id, "succeeds", at)
    assert reconciling.reconcile(at + 3 * LATER) == 1
    saved = cards.get_by_public_id(method.public_id)
    assert (saved.state, saved.last4) == (MethodState.SAVED, "0004")


def test_a_card_given_after_one_that_was_refused_is_found(app: Flask, published: Published) -> None:
    """The letter of the first came, the second one's is lost; its page is open for a day."""
    at = clock.now()
    method = payments.card_asked(REFERENCE, at)
    payments.give_card(method.public_id, "declines_saving", at)
    payments.settle_all(at)
    assert cards.get_by_public_id(method.public_id).state is MethodState.FAILED
    payments.give_card(method.public_id, "succeeds", at)
    assert reconciling.reconcile(at + timedelta(days=1)) == 0, "its page has closed"
    assert reconciling.reconcile(at + LATER) == 1
    assert cards.get_by_public_id(method.public_id).state is MethodState.SAVED
    assert published["MethodSaved", method.id] == 1


@pytest.mark.parametrize("has_page", [True, False])
def test_a_card_that_is_never_given_is_given_up_after_a_day(app: Flask, has_page: bool) -> None:
    at = clock.now()
    if has_page:
        public_id = payments.card_asked(REFERENCE, at).public_id
    else:
        with transaction():
            public_id = cards.ask(REFERENCE, at=at).public_id
    assert reconciling.reconcile(at + timedelta(hours=23)) == 0
    assert reconciling.reconcile(at + timedelta(days=2)) == 1
    method = cards.get_by_public_id(public_id)
    assert (method.state, method.failure) == (MethodState.FAILED, Failure.PAGE_EXPIRED)


def test_a_refund_that_was_never_told_is_found(app: Flask, published: Published) -> None:
    at = clock.now()
    payment_id = _requested(payments.saved_card(REFERENCE), at)
    payments.settle_all(at)
    with transaction():
        refund_id = refunding.request(payment_id, 4200, key="a", reason="", by=None, at=at).id
    assert reconciling.reconcile(at + LATER) == 0, "never heard of: it is told now"
    assert reconciling.reconcile(at + 3 * LATER) == 1
    assert db.session.get_one(Refund, refund_id).state is RefundState.DONE
    payments.settle(at + 4 * LATER)
    assert published["RefundDone", refund_id] == 1


def test_a_provider_that_is_away_is_asked_another_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = clock.now()
    payment_id = _requested(payments.saved_card(REFERENCE), at)
    charging.tell(payment_id, at=at)

    def away(*_: object, **__: object) -> None:
        raise ProviderAway

    with monkeypatch.context() as without:
        without.setattr(Sandbox, "find_charge", away)
        assert reconciling.reconcile(at + LATER) == 0
    assert reconciling.reconcile(at + LATER) == 0, "not at once"
    assert reconciling.reconcile(at + 3 * LATER) == 1


def test_two_workers_do_not_ask_the_same_question(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = clock.now()
    charging.tell(_requested(payments.saved_card(REFERENCE), at), at=at)
    asked = []
    monkeypatch.setitem(
        reconciling._QUESTIONS, Payment, lambda row_id, at: asked.append(row_id) or False
    )
    first = select(Payment.id, Payment.ask_at)
    row = db.session.execute(first).one()
    assert reconciling.reconcile(at + LATER) == 0
    assert not reconciling._claim(Payment, row.id, row.ask_at, at + LATER), "it is taken"
    assert len(asked) == 1


@pytest.mark.one_engine
def test_a_question_is_asked_less_and_less_often() -> None:
    begun = datetime.fromisoformat("2026-01-05T09:00:00+00:00")
    waits, at = [], begun + PATIENCE
    while at < begun + timedelta(days=3):
        following = next_question(begun, at, None)
        waits.append(following - at)
        at = following
    assert waits == sorted(waits)
    assert waits[0] == PATIENCE and waits[-1] == timedelta(hours=6)
    assert len(waits) < 50
