"""The whole way of a payment with each test card; every outcome comes by a letter."""

from collections import Counter

import pytest
from flask import Flask

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from ideation.payments import cards, charging, refunding
from ideation.payments.failures import Failure
from ideation.payments.models import (
    MethodState,
    Payment,
    PaymentMethod,
    PaymentState,
    Refund,
    RefundState,
)
from ideation.payments.providers.sandbox import bank
from ideation.payments.providers.sandbox.cards import CardKind
from tests.factories import payments

REFERENCE = "order:0000000000"

pytestmark = pytest.mark.usefixtures("published")


def _request(method: PaymentMethod, attempt: int = 1) -> int:
    with transaction():
        return charging.request(REFERENCE, method.id, 4200, "USD", attempt, at=clock.now()).id


def _charged(method: PaymentMethod, attempt: int = 1) -> Payment:
    payment_id = _request(method, attempt)
    payments.settle()
    return db.session.get_one(Payment, payment_id)


def _refunded(payment: Payment, amount_minor: int, key: str = "a") -> Refund:
    with transaction():
        refund_id = refunding.request(
            payment.id, amount_minor, key=key, reason="test", by=None, at=clock.now()
        ).id
    payments.settle()
    return db.session.get_one(Refund, refund_id)


def test_a_card_that_works_is_saved_charged_and_given_back_to(
    app: Flask, published: Counter[tuple[str, int]]
) -> None:
    method = payments.saved_card(REFERENCE)
    assert (method.state, method.brand, method.last4) == (MethodState.SAVED, "Visa", "0004")
    assert cards.latest_saved(REFERENCE) == method
    payment = _charged(method)
    assert payment.state is PaymentState.CAPTURED
    assert charging.captured(REFERENCE) == charging.latest(REFERENCE) == payment
    refund = _refunded(payment, 1200)
    assert (refund.state, refund.currency) == (RefundState.DONE, "USD")
    assert refunding.left_of(payment) == 3000
    assert refunding.list_for(REFERENCE) == [refund]
    assert published == {
        ("MethodSaved", method.id): 1,
        ("PaymentCaptured", payment.id): 1,
        ("RefundDone", refund.id): 1,
    }


def test_nothing_is_captured_before_the_letter_comes(app: Flask) -> None:
    """What the provider answers when it is asked is no outcome."""
    payment_id = _request(payments.saved_card(REFERENCE))
    charging.tell(payment_id, at=clock.now())
    db.session.rollback()
    payment = db.session.get_one(Payment, payment_id)
    assert payment.state is PaymentState.REQUESTED
    assert payment.provider_reference, "though it was heard"


def test_a_card_that_is_declined_when_saved(app: Flask) -> None:
    method = payments.saved_card(REFERENCE, "declines_saving")
    assert (method.state, method.failure) == (MethodState.FAILED, Failure.DECLINED)
    with pytest.raises(Conflict):
        _request(method)


def test_another_card_may_be_given_on_the_same_page(app: Flask) -> None:
    method = payments.saved_card(REFERENCE, "declines_saving")
    payments.give_card(method.public_id, "succeeds", clock.now())
    payments.settle()
    assert cards.get_by_public_id(method.public_id).state is MethodState.SAVED
    assert cards.get_by_public_id(method.public_id).failure == ""


def test_a_card_that_is_saved_and_declined_when_charged(app: Flask) -> None:
    payment = _charged(payments.saved_card(REFERENCE, "declines_charge"))
    assert (payment.state, payment.failure) == (PaymentState.FAILED, Failure.INSUFFICIENT_FUNDS)
    assert charging.captured(REFERENCE) is None


def test_a_card_that_is_declined_twice_pays_at_the_third_try(app: Flask) -> None:
    method = payments.saved_card(REFERENCE, "declines_twice")
    tries = [_charged(method, attempt).state for attempt in (1, 2, 3)]
    assert tries == [PaymentState.FAILED, PaymentState.FAILED, PaymentState.CAPTURED]


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_charge_that_the_buyer_must_confirm(app: Flask, is_approved: bool) -> None:
    payment = _charged(payments.saved_card(REFERENCE, "confirms_charge"))
    assert payment.state is PaymentState.NEEDS_ACTION
    token = payment.action_url.removeprefix("/sandbox/confirmations/")
    with transaction():
        bank.confirm_charge(token, is_approved, clock.now())
    payments.settle()
    payment = db.session.get_one(Payment, payment.id)
    assert payment.state is (PaymentState.CAPTURED if is_approved else PaymentState.FAILED)
    assert payment.failure == ("" if is_approved else Failure.NOT_CONFIRMED)
    assert payment.action_url == "", "there is nothing to confirm any more"
    with transaction(), pytest.raises(Conflict):
        bank.confirm_charge(token, True, clock.now())


def test_a_refund_that_is_refused_waits_for_a_person(
    app: Flask, published: Counter[tuple[str, int]]
) -> None:
    payment = _charged(payments.saved_card(REFERENCE, "refuses_refund"))
    refund = _refunded(payment, 4200)
    assert (refund.state, refund.failure) == (RefundState.FAILED, Failure.ACCOUNT_CLOSED)
    assert published["RefundRefused", refund.id] == 1
    assert refunding.left_of(payment) == 0, "it is still owed, and not twice"


def test_a_payment_that_was_given_up_is_called_off_at_the_provider(app: Flask) -> None:
    payment = _charged(payments.saved_card(REFERENCE, "confirms_charge"))
    token = payment.action_url.removeprefix("/sandbox/confirmations/")
    with transaction():
        assert charging.abandon(payment.id, at=clock.now())
        assert not charging.abandon(payment.id, at=clock.now())
    payments.settle()
    with transaction(), pytest.raises(Conflict):
        bank.confirm_charge(token, True, clock.now())
    payment = db.session.get_one(Payment, payment.id)
    assert (payment.state, payment.failure) == (PaymentState.FAILED, Failure.ABANDONED)


def test_a_payment_that_was_given_up_before_the_provider_heard_of_it_is_never_charged(
    app: Flask,
) -> None:
    payment_id = _request(payments.saved_card(REFERENCE))
    with transaction():
        charging.abandon(payment_id, at=clock.now())
    payments.settle()
    assert bank.find_charge(db.session.get_one(Payment, payment_id).public_id) is None


def test_money_that_came_for_a_payment_given_up_is_told_of(
    app: Flask, published: Counter[tuple[str, int]]
) -> None:
    payment_id = _request(payments.saved_card(REFERENCE))
    charging.tell(payment_id, at=clock.now())
    with transaction():
        charging.abandon(payment_id, at=clock.now())
    payments.settle()
    payment = db.session.get_one(Payment, payment_id)
    assert (payment.state, payment.failure) == (PaymentState.CAPTURED, "")
    assert published["PaymentCaptured", payment_id] == 1
    assert _refunded(payment, 4200).state is RefundState.DONE


def test_the_same_try_is_one_payment(app: Flask) -> None:
    method = payments.saved_card(REFERENCE)
    assert _request(method) == _request(method)
    assert _request(method, attempt=2) != _request(method)


def test_a_card_pays_only_for_what_it_was_given_for(app: Flask) -> None:
    method = payments.saved_card("order:another")
    with pytest.raises(ValueError, match="only for what it was given for"):
        _request(method)


def test_a_card_that_the_provider_does_not_know_fails_at_once(app: Flask) -> None:
    method = payments.saved_card(REFERENCE)
    with transaction():
        db.session.merge(method).provider_reference = "card_of_another_bank"
    payment = _charged(method)
    assert (payment.state, payment.failure) == (PaymentState.FAILED, Failure.CARD_GONE)


@pytest.mark.one_engine
def test_nothing_is_given_back_that_was_not_charged(app: Flask) -> None:
    payment = _charged(payments.saved_card(REFERENCE, "declines_charge"))
    with pytest.raises(Conflict):
        _refunded(payment, 1)


@pytest.mark.one_engine
@pytest.mark.parametrize("amount_minor", [0, -1, 4201])
def test_a_refund_is_more_than_nothing_and_no_more_than_all(app: Flask, amount_minor: int) -> None:
    payment = _charged(payments.saved_card(REFERENCE))
    with pytest.raises(Invalid):
        _refunded(payment, amount_minor)


@pytest.mark.one_engine
def test_the_same_key_gives_the_same_refund(app: Flask) -> None:
    payment = _charged(payments.saved_card(REFERENCE))
    assert _refunded(payment, 4200) == _refunded(payment, 4200)
    with pytest.raises(Invalid):
        _refunded(payment, 4000)


@pytest.mark.one_engine
def test_all_of_it_works_inside_one_open_transaction(app: Flask) -> None:
    """As the demo plays a run: whole or not at all, each act with a time of its own."""
    at = clock.now()
    with transaction():
        method = cards.ask(REFERENCE, at=at)
        cards.page_for(method.public_id, "/", at=at)
        payments.page.give_card(payments.token_of(method.public_id), CardKind.SUCCEEDS, at)
        payments.settle_all(at)
        payment = charging.request(REFERENCE, method.id, 4200, "USD", 1, at=at)
        payments.settle_all(at)
        assert payment.state is PaymentState.CAPTURED
        refund = refunding.request(payment.id, 4200, key="a", reason="", by=None, at=at)
        payments.settle_all(at)
        assert refund.state is RefundState.DONE
    payments.settle()  # the jobs that are left find nothing to do
    assert len(charging.list_for(REFERENCE)) == 1
