"""Redis killed: people order all the same, their cards are saved, and nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock, queues
from ideation.core.db import db
from ideation.core.mail.models import Mail
from ideation.orders.models import Order, OrderState
from tests.factories import Browser, products
from tests.factories.orders import ADDRESS
from tests.factories.payments import saved_card, settle
from tests.servers import valkey


@pytest.fixture
def own_redis() -> Iterator[valkey.Valkey]:
    with valkey.running() as server:
        yield server


@pytest.fixture
def redis_url(own_redis: valkey.Valkey) -> str:
    """Instead of the server that all tests share."""
    return own_redis.url


def test_orders_are_taken_and_confirmed_whatever_becomes_of_redis(
    app: Flask, own_redis: valkey.Valkey
) -> None:
    run = products.run()
    slug, variant_id = run.product.slug, run.stock[0].variant_id
    statuses = []

    def order(key: str) -> None:
        form = {**ADDRESS, f"v{variant_id}": "1", "currency": "USD", "email": "a@example.org"}
        answer = Browser(app).post(f"/products/{slug}/checkout", form | {"key": key * 20})
        statuses.append(answer.status_code)

    order("a")
    own_redis.flush()
    order("b")
    own_redis.kill()
    assert not queues.is_reachable()
    order("c")
    assert statuses == [303] * 3

    for one in db.session.scalars(select(Order)).all():
        saved_card(one.reference)
    clock.move(timedelta(seconds=5))
    settle()
    states = list(db.session.scalars(select(Order.state)))
    assert states == [OrderState.CONFIRMED] * 3
    assert len(db.session.scalars(select(Mail)).all()) == 3, "the letters wait in the outbox"
