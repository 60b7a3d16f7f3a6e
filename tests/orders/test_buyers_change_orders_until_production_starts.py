"""Sizes, the address and one's mind: free until the run is locked, refused from then on."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from ideation.orders import changing, moving
from ideation.orders.models import Order, OrderChange, OrderState
from ideation.payments.models import Refund
from ideation.products import runs
from ideation.products.models import Run, RunVariant
from ideation.products.stock import SoldOut
from tests import factories
from tests.factories import Browser, products
from tests.factories.orders import ADDRESS


def _variant(run: Run, size: str) -> int:
    return next(row.variant_id for row in run.stock if row.variant.size == size)


def _counts(run: Run) -> dict[str, tuple[int, int, int]]:
    rows = db.session.scalars(select(RunVariant).where(RunVariant.run_id == run.id))
    return {row.variant.size: (row.taken, row.pledged, row.collected) for row in rows}


def _swap(order: Order, sizes: dict[str, str]) -> None:
    run = order.run
    wanted = {
        line.id: _variant(run, sizes[line.variant.size])
        for line in order.lines
        if line.variant.size in sizes
    }
    order_id = order.id
    with transaction():
        changing.change_sizes(order_id, wanted, by=None, at=clock.now())
    db.session.refresh(order)


def _sizes(order: Order) -> Counter[str]:
    sizes: Counter[str] = Counter()
    for line in order.lines:
        sizes[line.variant.size] += line.quantity
    return sizes


@pytest.mark.parametrize(
    ("state", "expected"), [("placed", (1, 0, 0)), ("confirmed", (1, 1, 0)), ("paid", (1, 1, 1))]
)
def test_another_size_moves_whatever_the_order_counts(
    app: Flask, state: str, expected: tuple[int, int, int]
) -> None:
    order = factories.order(state=state)
    total = order.total_minor
    _swap(order, {"M": "L"})
    assert _sizes(order) == {"L": 1} and order.total_minor == total
    assert _counts(order.run) == {"S": (0, 0, 0), "M": (0, 0, 0), "L": expected}
    change = db.session.scalars(select(OrderChange)).one()
    assert change.field == "sizes" and change.before.endswith("-M") and change.after.endswith("-L")


def test_two_sizes_are_swapped_in_a_run_that_is_sold_out(app: Flask) -> None:
    run = products.run(caps=2)
    factories.order(run, units={"S": 2})
    order = factories.order(run, units={"M": 2, "L": 2})
    _swap(order, {"M": "L", "L": "M"})
    assert _sizes(order) == {"M": 2, "L": 2}
    with pytest.raises(SoldOut):
        _swap(order, {"M": "S"})
    assert _counts(run) == dict.fromkeys("SML", (2, 2, 0))


@pytest.mark.one_engine
def test_a_page_of_before_takes_no_change_back_that_another_tab_made(app: Flask) -> None:
    member = factories.member()
    order = factories.order(products.run(), member, units={"M": 2, "L": 1})
    browser, path = Browser(app, member), f"/orders/{order.public_id}"
    first, second = order.lines
    page = browser.get(path).text
    was = {f"was{line.id}": line.variant_id for line in (first, second)}
    assert all(f'name="{name}" value="{value}"' in page for name, value in was.items())
    small = _variant(order.run, "S")
    browser.post(
        f"{path}/sizes",
        {**was, f"line{first.id}": small, f"line{second.id}": was[f"was{second.id}"]},
    )
    browser.post(
        f"{path}/sizes",
        {**was, f"line{first.id}": was[f"was{first.id}"], f"line{second.id}": small},
    )
    db.session.refresh(order)
    assert _sizes(order) == {"S": 3}, "both changes stand"
    written = browser.get(path).text
    assert "M → " in written and order.lines[0].variant.sku not in written, "in words, not codes"


def test_two_lines_may_become_one_size_and_part_again(app: Flask) -> None:
    order = factories.order(units={"M": 2, "L": 1})
    _swap(order, {"M": "L"})
    assert _sizes(order) == {"L": 3} and len(order.lines) == 2
    with transaction():
        changing.cancel(order.id, by=None, at=clock.now())
    assert set(_counts(order.run).values()) == {(0, 0, 0)}


def test_a_size_of_another_product_is_refused(app: Flask) -> None:
    order, other = factories.order(), products.run()
    wanted = {order.lines[0].id: _variant(other, "M")}
    with pytest.raises(Invalid), transaction():
        changing.change_sizes(order.id, wanted, by=None, at=clock.now())
    foreign = {factories.order().lines[0].id: _variant(order.run, "L")}
    with pytest.raises(Invalid), transaction():
        changing.change_sizes(order.id, foreign, by=None, at=clock.now())


def test_an_address_moves_where_the_parcel_costs_the_same(app: Flask) -> None:
    order = factories.order()
    madrid = ADDRESS | {
        "country_code": "ES",
        "country_area": "Madrid",
        "city": "Madrid",
        "postal_code": "28013",
    }
    with transaction():
        assert changing.change_address(order.id, madrid, by=None, at=clock.now())
    db.session.refresh(order)
    assert order.address["city"] == "Madrid"
    change = db.session.scalars(select(OrderChange)).one()
    assert (change.field, change.before, change.after) == ("address", "PT", "ES")
    tokyo = {
        "country_code": "JP",
        "name": "Ada Lind",
        "street_address": "1-1 Chiyoda",
        "country_area": "Tokyo",
        "postal_code": "100-0001",
    }
    with pytest.raises(Invalid) as refused, transaction():
        changing.change_address(order.id, tokyo, by=None, at=clock.now())
    assert "$6.90" in str(refused.value.fields["country_code"])


def test_cancelling_takes_two_clicks_and_costs_nothing(app: Flask) -> None:
    member = factories.member()
    order = factories.order(products.run(), member)
    browser = Browser(app, member)
    path = f"/orders/{order.public_id}/cancellation"
    page = browser.get(f"/orders/{order.public_id}")
    assert f'href="{path}"' in page.text
    assert f'action="{path}"' not in page.text, "no button ends it at the first click"
    asked = browser.get(path)
    assert asked.status_code == 200 and asked.headers["Cache-Control"] == "no-store"
    assert "Nothing was charged, and nothing will be." in asked.text
    assert f'action="{path}"' in asked.text
    db.session.refresh(order)
    assert order.state is OrderState.CONFIRMED, "asking ends nothing"
    assert browser.post(path).status_code == 303
    db.session.refresh(order)
    assert order.state is OrderState.CANCELLED
    assert set(_counts(order.run).values()) == {(0, 0, 0)}
    assert db.session.scalars(select(Refund)).all() == []
    again = browser.post(f"/orders/{order.public_id}/cancellation")
    assert again.status_code == 409
    assert "stays as it is" in again.text and "You cancelled this order." in again.text


def test_the_page_before_cancelling_says_what_goes_back(app: Flask) -> None:
    member = factories.member()
    order = factories.order(products.run(), member, state="paid", units={"M": 2})
    browser = Browser(app, member)
    path = f"/orders/{order.public_id}/cancellation"
    asked = browser.get(path).text
    assert f"{_dollars(order.total_minor)} goes back to your card, shipping included." in asked
    db.session.refresh(order)
    assert order.state is OrderState.PAID
    assert Browser(app, factories.member()).get(path).status_code == 404
    assert browser.post(path).status_code == 303
    too_late = browser.get(path)
    assert too_late.status_code == 303, "a bookmark leads to the order as it stands"
    assert too_late.headers["Location"] == f"/orders/{order.public_id}"


def _dollars(minor: int) -> str:
    return f"${minor // 100}.{minor % 100:02}"


def test_what_was_paid_goes_back_whole_with_its_shipping(app: Flask) -> None:
    order = factories.order(state="paid", units={"M": 2})
    with transaction():
        changing.cancel(order.id, by=None, at=clock.now())
    db.session.refresh(order)
    refund = db.session.scalars(select(Refund)).one()
    assert refund.amount_minor == order.total_minor == order.refunded_minor
    assert order.state is OrderState.CANCELLED


@pytest.mark.parametrize("act", ["sizes", "address", "cancel"])
def test_nothing_changes_once_the_run_is_locked(app: Flask, act: str) -> None:
    order = factories.order(products.run(goal=1), state="paid")
    run_id = order.run_id
    with transaction():
        db.session.get_one(Run, run_id).state = type(order.run.state)("go")
    with transaction():
        assert runs.lock(None, run_id, at=order.run.locks_at)
    line_id, other = order.lines[0].id, _variant(order.run, "L")
    with pytest.raises(Conflict), transaction():
        at = clock.now()
        if act == "sizes":
            changing.change_sizes(order.id, {line_id: other}, by=None, at=at)
        elif act == "address":
            changing.change_address(order.id, ADDRESS | {"city": "Porto"}, by=None, at=at)
        else:
            changing.cancel(order.id, by=None, at=at)
    db.session.rollback()
    assert moving.units_of(order.id) == {_variant(order.run, "M"): 1}
    assert db.session.scalars(select(OrderChange)).all() == []


def test_a_stranger_changes_nothing(app: Flask) -> None:
    order = factories.order(products.run(), factories.member())
    for browser, status in ((Browser(app), 303), (Browser(app, factories.member()), 404)):
        for act in ("sizes", "address", "cancellation", "cards"):
            answer = browser.post(f"/orders/{order.public_id}/{act}", dict(ADDRESS))
            assert answer.status_code == status
            assert status == 404 or "/sign-in" in answer.headers["Location"]
    db.session.refresh(order)
    assert order.state is OrderState.CONFIRMED
