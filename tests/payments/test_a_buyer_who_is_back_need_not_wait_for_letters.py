"""Back from the provider's page: it is asked at once; older news of a failure does not count."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.payments import cards, charging, returning
from ideation.payments.models import MethodState, PaymentState
from ideation.payments.providers.base import ProviderAway
from ideation.payments.providers.sandbox import bank
from ideation.payments.providers.sandbox.provider import Sandbox
from ideation.payments.waiting import PATIENCE, PAUSE
from tests.factories import payments

REFERENCE = "order:0000000000"

pytestmark = pytest.mark.usefixtures("published")


def _return(at: datetime) -> None:
    with transaction():
        returning.note(REFERENCE, at=at)


def test_a_card_saved_at_the_second_try_counts_before_any_letter(app: Flask) -> None:
    at = clock.now()
    method = payments.card_asked(REFERENCE, at)
    payments.give_card(method.public_id, "declines_saving", at)
    payments.give_card(method.public_id, "succeeds", at)
    assert not returning.is_waiting(REFERENCE, at), "nobody is back yet"
    assert not returning.ask(REFERENCE, at=at)
    assert cards.get_by_public_id(method.public_id).state is MethodState.PENDING
    _return(at)
    assert returning.is_waiting(REFERENCE, at)
    assert not returning.ask(REFERENCE, at=at)
    assert cards.get_by_public_id(method.public_id).state is MethodState.SAVED
    payments.settle_all(at)
    db.session.rollback()
    assert cards.get_by_public_id(method.public_id).state is MethodState.SAVED, "letters come late"


@pytest.mark.parametrize(("kind", "state"), [("declines_saving", "failed"), (None, "pending")])
def test_one_who_comes_back_without_a_card_is_told_so_at_once(
    app: Flask, kind: str | None, state: str
) -> None:
    at = clock.now()
    method = payments.card_asked(REFERENCE, at)
    if kind:
        payments.give_card(method.public_id, kind, at)
    _return(at)
    assert not returning.ask(REFERENCE, at=at)
    assert cards.get_by_public_id(method.public_id).state is MethodState(state)


def test_a_charge_confirmed_at_the_bank_is_captured_on_return(app: Flask) -> None:
    at = clock.now()
    method = payments.saved_card(REFERENCE, "confirms_charge")
    with transaction():
        payment_id = charging.request(REFERENCE, method.id, 4200, "USD", 1, at=at).id
    payments.settle_all(at)
    db.session.rollback()
    payment = charging.latest(REFERENCE)
    assert payment is not None and payment.state is PaymentState.NEEDS_ACTION
    token = payment.action_url.rpartition("/")[2]
    with transaction():
        bank.confirm_charge(token, True, at)
    _return(at)
    assert not returning.ask(REFERENCE, at=at)
    captured = charging.captured(REFERENCE)
    assert captured is not None and captured.id == payment_id


def test_while_the_provider_is_away_it_is_asked_every_few_seconds(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, asked = clock.now(), []
    method = payments.card_asked(REFERENCE, at)
    payments.give_card(method.public_id, "succeeds", at)
    _return(at)

    def away(*_: object, **__: object) -> None:
        asked.append(1)
        raise ProviderAway

    with monkeypatch.context() as without:
        without.setattr(Sandbox, "find_method", away)
        for seconds in range(6):
            moment = at + timedelta(seconds=seconds)
            _return(at + timedelta(seconds=min(seconds, 1)))  # the page is loaded anew
            assert returning.ask(REFERENCE, at=moment), "still waiting"
        assert len(asked) == 2
        assert not returning.is_waiting(REFERENCE, at + PATIENCE), "not for ever"
    assert not returning.ask(REFERENCE, at=at + 2 * PAUSE)
    assert cards.get_by_public_id(method.public_id).state is MethodState.SAVED
