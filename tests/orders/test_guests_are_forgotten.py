"""Two years after a guest's order was over nobody here knows where it went, but for its invoice."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.orders import checks, invoices, links
from ideation.orders.erasure import ARRIVED_BY, GUESTS_KEPT_FOR
from ideation.orders.models import Order, Parcel
from ideation.payments.models import Refund, RefundState
from tests import factories
from tests.factories import Browser, products, royalties
from workers.housekeeping import forget

DAY = timedelta(days=1)


def _forget_after(wait: timedelta) -> None:
    clock.move(wait)
    forget()
    db.session.expire_all()


def _is_forgotten(order: Order) -> bool:
    gone = (order.email, order.link_hash, order.address) == ("", "", {"country_code": "PT"})
    assert gone or (order.email and order.link_hash and order.address["name"] == "Ada Lind")
    return gone


@pytest.mark.parametrize("state", ["delivered", "expired", "cancelled", "dropped", "failed"])
def test_two_years_after_its_end_a_guests_order_names_nobody(app: Flask, state: str) -> None:
    order = factories.order(state=state)
    disagreements = checks.find_disagreements()
    _forget_after(GUESTS_KEPT_FOR - DAY)
    assert not _is_forgotten(order)
    _forget_after(2 * DAY)
    assert _is_forgotten(order)
    assert order.total_minor > 0 and order.currency == "USD", "the books need these"
    assert checks.find_disagreements() == disagreements


def test_the_link_of_a_forgotten_order_says_so_to_its_holder_and_nothing_to_others(
    app: Flask,
) -> None:
    order = factories.order(state="delivered")
    page, public_id = f"/orders/{order.public_id}", order.public_id
    link = f"{page}/key/{links.secret_of(public_id)}"
    known, late, stranger = Browser(app), Browser(app), Browser(app)
    assert known.get(link).status_code == 303
    assert known.get(page).status_code == 200
    _forget_after(GUESTS_KEPT_FOR + DAY)
    for browser in (known, late):
        gone = browser.get(link)
        assert gone.status_code == 410
        assert "This order was over long ago" in gone.text
        assert browser.get(page).status_code == 404, "nor does a browser that opened it before"
    assert stranger.get(f"{page}/key/{'x' * 32}").status_code == 404


@pytest.mark.one_engine
def test_a_parcel_nobody_heard_of_again_counts_as_arrived(app: Flask) -> None:
    order = factories.order(state="dispatched")
    with transaction():
        db.session.merge(
            Parcel(
                order_id=order.id,
                tracking_number="RR123456785PT",
                tracking_url="https://example.org/RR123456785PT",
                dispatched_at=clock.now(),
            )
        )
    _forget_after(GUESTS_KEPT_FOR + DAY)
    assert not _is_forgotten(order)
    _forget_after(ARRIVED_BY)
    assert _is_forgotten(order)
    parcel = db.session.get_one(Parcel, order.id)
    assert (parcel.tracking_number, parcel.tracking_url) == ("", "")


@pytest.mark.one_engine
@pytest.mark.parametrize("state", ["placed", "confirmed", "charging", "paid"])
def test_what_is_under_way_stays_however_old(app: Flask, state: str) -> None:
    order = factories.order(state=state)
    _forget_after(2 * GUESTS_KEPT_FOR)
    assert not _is_forgotten(order)


@pytest.mark.one_engine
def test_members_decide_for_themselves(app: Flask) -> None:
    order = factories.order(products.run(), factories.member(), state="delivered")
    _forget_after(2 * GUESTS_KEPT_FOR)
    assert not _is_forgotten(order)


@pytest.mark.one_engine
def test_whom_we_still_owe_money_is_not_forgotten_and_the_invoice_stays(app: Flask) -> None:
    run, at, desk = products.run(), clock.now(), royalties.warehouse()
    order = royalties.sale(run, at=at)
    royalties.lock(run, at=at)
    royalties.dispatch(order, desk, at=at)
    royalties.deliver(order, at=at)
    refund = royalties.refund(order, {order.lines[0].id: (100, 0, 0)}, at=at)
    jobs.run_due()
    before = [one.body for one in invoices.list_for(order.id)]
    assert before and "Ada Lind" in str(before[0])
    _owe(refund.id, RefundState.FAILED)
    _forget_after(GUESTS_KEPT_FOR + DAY)
    assert not _is_forgotten(order)
    _owe(refund.id, RefundState.DONE)
    forget()
    db.session.expire_all()
    assert _is_forgotten(order)
    assert [one.body for one in invoices.list_for(order.id)] == before


def _owe(refund_id: int, state: RefundState) -> None:
    with transaction() as session:
        session.execute(update(Refund).where(Refund.id == refund_id).values(state=state))
