"""From the provider's signed letter to the designer's open page: five seconds, in a browser."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser as Chromium
from sqlalchemy import select

from ideation.app import create_app
from ideation.core import clock, config
from ideation.core.db import db, transaction
from ideation.orders.models import Order
from ideation.products import runs
from ideation.products.models import Run, RunState
from tests import factories
from tests.factories import orders, payments, products
from tests.servers.chromium import Complaints
from tests.servers.instance import Instance

AT_MOST_SECONDS = 5


def test_a_paid_order_shows_within_five_seconds(
    house: Instance, browser: Chromium, tmp_path: Path
) -> None:
    """The order is charged by the instance's own worker, its capture told over HTTP."""
    app = create_app(
        config.load({"IDEATION_HOME": str(tmp_path / "home"), "IDEATION_BASE_URL": house.url})
    )
    with app.app_context():
        designer = factories.member("Ada Lind")
        run = products.run(products.product(products.winner(designer)), goal=1)
        order = orders.order(run, units={"M": 3}, state="placed")
        payments.saved_card(order.reference)
        context = browser.new_context()
        context.add_cookies([_cookie(factories.Browser(app, designer, base_url=house.url))])
        page, complaints = context.new_page(), Complaints()
        complaints.watch(page)
        page.goto(f"{house.url}/my/earnings")
        assert page.locator(".royalty").count() == 0
        with transaction():
            now = clock.now()
            db.session.get_one(Run, run.id).closes_at = now - timedelta(seconds=1)
        with transaction():
            assert runs.end(run.id, at=clock.now()) is RunState.CHARGING
        page.locator(".royalty").wait_for(timeout=60_000)
        seen = time.time()
        db.session.rollback()
        paid_at = db.session.scalars(select(Order.paid_at).where(Order.id == order.id)).one()
        assert paid_at is not None
        assert seen - paid_at.timestamp() <= AT_MOST_SECONDS
        assert "10% × 24.00 × 3 = 7.20" in page.locator(".royalty__sum").inner_text()
        assert complaints.found == []
        context.close()
        db.session.remove()
        db.engine.dispose()


def _cookie(person: factories.Browser) -> Any:
    stored = person.client.get_cookie("ideation", domain="127.0.0.1")
    assert stored is not None
    return {"name": stored.key, "value": stored.value, "url": person.base_url}
