"""The console: from a winner to a product to a run, with what is wrong said by its field."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.core import clock
from ideation.core.db import db
from ideation.products.models import Product, Run, RunState
from tests import factories as make
from tests.factories import Browser, products

pytestmark = pytest.mark.one_engine


def test_a_winner_becomes_a_product_that_can_be_ordered(app: Flask) -> None:
    won = products.winner(colour="black")
    browser = _manager(app)
    assert won.title in browser.get("/console/products").get_data(as_text=True)

    made = browser.post(f"/console/products/new/{won.public_id}", _product_form())
    assert made.headers["Location"].endswith("/console/products/harbour")
    again = browser.post(f"/console/products/new/{won.public_id}", _product_form())
    assert again.headers["Location"] == made.headers["Location"], "sent twice it is one product"
    assert browser.get("/console/products/harbour").status_code == 200
    assert browser.post("/console/products/harbour/publication").status_code == 303
    started = browser.post("/console/products/harbour/runs", _run_form())
    assert started.status_code == 303, started.get_data(as_text=True)

    run = db.session.scalars(select(Run)).one()
    assert (run.goal, run.product.slug, run.state) == (30, "harbour", RunState.OPEN)
    assert {row.variant.size: row.cap for row in run.stock} == {"S": 20, "M": None}
    assert run.opened_at is not None
    page = browser.get(f"/console/runs/{run.public_id}").get_data(as_text=True)
    assert f'href="/console/orders?run={run.public_id}"' in page
    assert "HARBOUR-BLACK-S" in page


def test_a_price_with_a_decimal_comma_is_what_its_writer_means(app: Flask) -> None:
    won, browser = products.winner(), _manager(app)
    wrong = browser.post(
        f"/console/products/new/{won.public_id}", _product_form(**{"price-EUR": "24,5000"})
    )
    assert wrong.status_code == 422
    assert 'value="24,5000"' in wrong.text
    browser.post(f"/console/products/new/{won.public_id}", _product_form(**{"price-EUR": "24,50"}))
    made = db.session.scalars(select(Product)).one()
    assert {one.currency: one.price_minor for one in made.prices}["EUR"] == 2450


def test_a_price_below_the_floor_is_refused_with_what_was_typed_kept(app: Flask) -> None:
    won = products.winner()
    answer = _manager(app).post(
        f"/console/products/new/{won.public_id}", _product_form(**{"price-USD": "14.99"})
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "At least $15." in page
    assert 'value="14.99"' in page
    assert db.session.scalar(select(Product)) is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("goal", "0", "Write a whole number from 1"),
        ("closes_at", "2020-01-01T00:00", "It must close after it opens"),
        ("locks_at", "PLUS 15", "Cards are tried for six days after the end"),
        ("ships_from", "PLUS 20", "With the extension production may start as late as"),
        ("ships_by", "PLUS 40", "This comes before the first day of shipping."),
        ("extension_percent", "101", "Write a whole number from 1 to 100."),
    ],
)
def test_a_run_that_could_not_keep_its_promise_is_not_started(
    app: Flask, field: str, value: str, said: str
) -> None:
    product = products.product()
    if value.startswith("PLUS"):
        then = clock.now() + timedelta(days=int(value.split()[1]))
        value = then.strftime("%Y-%m-%dT%H:%M") if field == "locks_at" else then.date().isoformat()
    answer = _manager(app).post(
        f"/console/products/{product.slug}/runs", {**_run_form(), field: value}
    )
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert db.session.scalar(select(Run)) is None


def test_caps_that_can_never_reach_the_goal_are_refused(app: Flask) -> None:
    product = products.product(sizes=("S", "M"))
    caps = {f"cap-{variant.id}": "5" for variant in product.variants}
    answer = _manager(app).post(
        f"/console/products/{product.slug}/runs", {**_run_form(), **caps, "goal": "30"}
    )
    assert "The caps add up to 10: the goal could never be reached." in answer.get_data(True)


def test_an_unpublished_product_and_one_on_sale_start_no_run(app: Flask) -> None:
    for product in (products.product(published=False), products.run().product):
        path = f"/console/products/{product.slug}/runs"
        before = len(db.session.scalars(select(Run)).all())
        assert _manager(app).post(path, _run_form()).status_code == 409
        assert len(db.session.scalars(select(Run)).all()) == before


def test_production_starts_by_hand_once_it_is_a_go(app: Flask) -> None:
    browser = _manager(app)
    early, ready = products.run(phase="open"), products.run(phase="go")
    assert browser.post(f"/console/runs/{early.public_id}/production").status_code == 409
    assert browser.post(f"/console/runs/{ready.public_id}/production").status_code == 303
    assert db.session.get_one(Run, ready.id).locked_at is not None


def test_caps_change_on_the_runs_page(app: Flask) -> None:
    run = products.run(caps=5)
    first = run.stock[0].variant_id
    path = f"/console/runs/{run.public_id}/caps"
    form = {f"cap-{row.variant_id}": "5" for row in run.stock}
    browser = _manager(app)
    assert browser.post(path, {**form, f"cap-{first}": ""}).status_code == 303
    db.session.refresh(run)
    assert [row.cap for row in run.stock] == [None, 5, 5]
    assert browser.post(path, {**form, f"cap-{first}": "-1"}).status_code == 422


def test_members_without_the_permission_find_no_door(app: Flask) -> None:
    run = products.run()
    for person in (make.member("Sten"), make.member("Mo", roles=(Role.MODERATOR,))):
        browser = Browser(app, person)
        for path in ("/console/products", f"/console/runs/{run.public_id}"):
            assert browser.get(path).status_code in {403, 404}
        assert browser.post(f"/console/runs/{run.public_id}/production").status_code in {403, 404}


def _manager(app: Flask) -> Browser:
    return Browser(app, make.member("Mara", roles=(Role.PRODUCT_MANAGER,)))


def _product_form(**values: str) -> dict[str, object]:
    form: dict[str, object] = {
        "name": "Harbour",
        "colours": ["black"],
        "sizes": ["S", "M"],
        "price-USD": "24",
    }
    return {**form, **values}


def _run_form() -> dict[str, str]:
    now = clock.now()
    first = db.session.scalars(select(Product)).first()
    closes = now + timedelta(days=14)
    ships = (now + timedelta(days=45)).date()
    return {
        "goal": "30",
        "opens_at": now.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": closes.strftime("%Y-%m-%dT%H:%M"),
        "locks_at": "",
        "extension_days": "7",
        "extension_percent": "80",
        "ships_from": ships.isoformat(),
        "ships_by": (ships + timedelta(days=14)).isoformat(),
        f"cap-{first.variants[0].id if first else 0}": "20",
    }
