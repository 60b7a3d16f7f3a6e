"""Documents are numbered from 1 without a gap, and stay as they were issued."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock, i18n
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.orders import addresses, changing, invoices
from ideation.orders.models import Invoice, InvoiceKind, Order
from ideation.products.models import Product
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import Browser, products


def _numbers() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Invoice.number).order_by(Invoice.number)))


def _issue(order: Order) -> Invoice:
    order_id = order.id
    with transaction():
        return invoices.issue(order_id, at=clock.now())


def test_numbers_have_no_gap_whoever_comes_at_once_and_whatever_fails(app: Flask) -> None:
    run = products.run()
    orders = [factories.order(run, state="paid").id for _ in range(8)]

    def issue(order_id: int, fails: bool) -> None:
        try:
            with transaction():
                invoices.issue(order_id, at=clock.now())
                if fails:
                    raise RuntimeError("the power went")
        except RuntimeError:
            pass

    acts = [lambda one=one, n=n: issue(one, n % 2 == 0) for n, one in enumerate(orders)]
    at_once(app, acts, threads=8)
    at_once(app, [lambda one=one: issue(one, False) for one in orders], threads=8)
    assert _numbers() == list(range(1, 9))


def test_an_order_has_one_invoice(app: Flask) -> None:
    order = factories.order(state="paid")
    assert _issue(order).number == _issue(order).number == 1
    with pytest.raises(Conflict):
        _issue(factories.order())


def test_an_invoice_stays_as_it_was_issued(app: Flask) -> None:
    order = factories.order(state="paid", units={"M": 2, "L": 1}, language="zh-Hant")
    before = dict(_issue(order).body)
    with i18n.speaking("zh-Hant"):
        assert before["buyer"] == addresses.lines(order.address)
    with transaction():
        db.session.get_one(Product, order.run.product_id).name = "Renamed"
    with transaction():
        new = {**order.address, "city": "Porto"}
        changing.change_address(order.id, new, by=None, at=clock.now())
    db.session.expire_all()
    kept = invoices.find_invoice(order.id)
    assert kept is not None and kept.body == before
    assert "Renamed" not in str(kept.body) and "Porto" not in str(kept.body)


def test_a_refund_makes_a_credit_note_of_its_amount(app: Flask) -> None:
    order = factories.order(state="paid", units={"M": 2})
    invoice = _issue(order)
    with transaction():
        changing.cancel(order.id, by=None, at=clock.now())
    db.session.rollback()
    first, note = invoices.list_for(order.id)
    assert first.number == invoice.number and note.kind is InvoiceKind.CREDIT_NOTE
    assert note.total_minor == first.total_minor == order.total_minor
    assert note.body["invoice"] == invoices.written_number(first)
    assert sum(line["total_minor"] for line in note.body["lines"]) == note.total_minor


def test_the_page_of_an_invoice_is_its_buyers_and_staffs(app: Flask) -> None:
    member = factories.member()
    order = factories.order(products.run(), member, state="paid")
    number = _issue(order).number
    path = f"/orders/{order.public_id}/invoice/{number}"
    page = Browser(app, member).get(path)
    assert page.status_code == 200
    assert "1100-060 Lisboa" in page.text and f"-{number:06d}" in page.text
    assert Browser(app).get(path).status_code == 404
    assert Browser(app, factories.member()).get(path).status_code == 404
    other = factories.order(products.run(), member, state="paid")
    assert (
        Browser(app, member).get(f"/orders/{other.public_id}/invoice/{number}").status_code == 404
    )
