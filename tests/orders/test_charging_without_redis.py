"""Redis killed while people order: the run ends, every card is charged, and the books agree."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock, ids, queues
from ideation.core.db import db
from ideation.orders.models import Order, OrderState
from ideation.products.models import Run, RunState
from ideation.royalties.verify import verify
from tests import factories
from tests.concurrency.loads import order_form
from tests.factories import Browser, payments, products
from tests.servers import valkey
from workers import schedule


@pytest.fixture
def own_redis() -> Iterator[valkey.Valkey]:
    with valkey.running() as server:
        yield server


@pytest.fixture
def redis_url(own_redis: valkey.Valkey) -> str:
    """Instead of the server that all tests share."""
    return own_redis.url


def test_orders_are_placed_and_charged_whatever_becomes_of_redis(
    app: Flask, own_redis: valkey.Valkey
) -> None:
    run = products.run(goal=3, closes_at=clock.now() + timedelta(hours=2))
    run_id = run.id
    order(Browser(app, factories.member()), run)
    own_redis.flush()
    order(Browser(app, factories.member()), run)
    own_redis.kill()
    assert not queues.is_reachable()
    order(Browser(app, factories.member()), run)
    payments.settle()
    assert states() == [OrderState.CONFIRMED] * 3

    clock.move(timedelta(hours=3))
    for _ in range(3):  # the first ends the run, which asks for the charges, which ask for letters
        schedule.enqueue_due(clock.now())
        payments.settle()
        clock.move(timedelta(minutes=1))
    assert states() == [OrderState.PAID] * 3
    assert db.session.get_one(Run, run_id).state is RunState.GO
    assert verify().disagreements == ()


def order(browser: Browser, run: Run) -> None:
    """One piece, and a card on the provider's page."""
    run = db.session.merge(run)
    path = f"/products/{run.product.slug}/checkout"
    form = order_form(run.stock[0].variant_id, ids.public_id(20))
    placed = browser.post(path, form)
    found = re.fullmatch(r"/orders/(\w+)/review", placed.headers.get("Location", ""))
    assert found, placed.status
    page = browser.post(f"/orders/{found[1]}/cards").headers["Location"]
    assert browser.post(page, {"kind": "succeeds"}).status_code == 303


def states() -> list[OrderState]:
    db.session.rollback()
    return list(db.session.scalars(select(Order.state).order_by(Order.id)))
