"""A worker brings the sandbox's letters to the site's own door, over a real port."""

import dataclasses
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.audit.models import AuditEntry
from ideation.core import clock, config, jobs
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.core.outbox import OutboxRow
from ideation.payments import cards
from ideation.payments.models import MethodState, PaymentMethod
from ideation.payments.providers.sandbox import deliveries, outgoing
from ideation.payments.providers.sandbox.models import DeliveryState, SandboxDelivery
from tests import factories
from tests.factories import payments
from tests.servers.live import serving
from tests.servers.ports import free_port

pytestmark = pytest.mark.usefixtures("published")


def _reached_at(url: str) -> None:
    config.use(dataclasses.replace(config.current(), base_url=url))


def _given() -> PaymentMethod:
    method = payments.card_asked("order:0000000000")
    payments.give_card(method.public_id, "succeeds", clock.now())
    return method


def _delivery() -> SandboxDelivery:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(SandboxDelivery)).one()


def _try(delivery: SandboxDelivery) -> bool:
    """Whether the job was content."""
    try:
        deliveries.bring(delivery.id, config.current().base_url, at=clock.now())
    except deliveries.NotTaken:
        return False
    return True


def test_a_letter_arrives_a_moment_later(app: Flask) -> None:
    with serving(app) as url:
        _reached_at(url)
        method = _given()
        jobs.run_due()
        assert _delivery().state is DeliveryState.WAITING, "it takes a moment"
        clock.move(timedelta(seconds=1))
        jobs.run_due()
    delivery = _delivery()
    assert (delivery.state, delivery.last_status) == (DeliveryState.DELIVERED, 200)
    assert cards.get_by_public_id(method.public_id).state is MethodState.SAVED


def test_a_letter_whose_thanks_got_lost_is_brought_again_and_heard_once(
    app: Flask, published: Counter[tuple[str, int]]
) -> None:
    with serving(app) as url:
        _reached_at(url)
        method = _given()
        assert _try(_delivery())
        with transaction():
            _delivery().state = DeliveryState.WAITING
        assert _try(_delivery()), "a copy is thanked for as well"
    assert published["MethodSaved", method.id] == 1


@pytest.mark.one_engine
def test_a_letter_waits_until_the_door_opens_and_is_signed_anew(app: Flask) -> None:
    port = free_port()
    _reached_at(f"http://127.0.0.1:{port}")
    method = _given()
    clock.move(timedelta(seconds=1))
    jobs.run_due()
    delivery = _delivery()
    assert (delivery.state, delivery.tries, delivery.last_status) == (DeliveryState.WAITING, 1, 0)
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.job == outgoing.DELIVER.name)).one()
    assert row.error == "ideation.payments.providers.sandbox.deliveries.NotTaken: nobody opened"
    clock.move(timedelta(hours=1))
    with serving(app, port):
        jobs.run_due()
    assert _delivery().state is DeliveryState.DELIVERED, "though it was written an hour ago"
    assert cards.get_by_public_id(method.public_id).state is MethodState.SAVED


@pytest.mark.one_engine
def test_a_letter_that_nobody_takes_is_given_up_and_may_be_sent_again(app: Flask) -> None:
    _reached_at(f"http://127.0.0.1:{free_port()}")
    finance = factories.member("Finance", roles=(Role.FINANCE,))
    method = _given()
    tries = [_try(_delivery()) for _ in range(outgoing.MOST_TRIES)]
    assert tries == [False] * (outgoing.MOST_TRIES - 1) + [True], "the last is not tried again"
    assert _delivery().state is DeliveryState.GIVEN_UP
    with transaction():
        deliveries.send_again(finance, _delivery().id, at=clock.now())
    with serving(app) as url:
        _reached_at(url)
        jobs.run_due()
    assert _delivery().state is DeliveryState.DELIVERED
    assert cards.get_by_public_id(method.public_id).state is MethodState.SAVED
    assert db.session.scalars(select(AuditEntry.action)).all() == ["payment_letter.sent_again"]
    with transaction(), pytest.raises(Conflict):
        deliveries.send_again(finance, _delivery().id, at=clock.now())


@pytest.mark.one_engine
def test_a_door_that_refuses_is_not_taken_for_one_that_takes(app: Flask) -> None:
    """An address that answers for another house: our signature means nothing there."""
    with serving(app) as url:
        _reached_at(f"{url}/elsewhere")
        _given()
        assert not _try(_delivery())
    assert (_delivery().state, _delivery().last_status) == (DeliveryState.WAITING, 404)
