"""One order from its capture to a paid royalty, and what the books say at every step."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.ledger import balances as ledger
from ideation.orders.models import Order
from ideation.royalties import accruing, balances, payouts
from ideation.royalties.balances import Balance
from ideation.royalties.models import LineStage
from ideation.royalties.verify import verify
from tests.factories import products, royalties
from tests.factories.members import member

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def _mature(at: datetime) -> int:
    with transaction():
        return accruing.mature_due(at)


def _in_dollars(code: str) -> int:
    return ledger.sums()[code, "USD"]


def test_each_step_moves_the_royalty_on_and_the_books_agree(app: Flask) -> None:
    lin, ada = member("Lin"), member("Ada")
    staff, desk = royalties.finance(), royalties.warehouse()
    run = products.run(products.product(products.winner(lin, shares={ada: 3333})))
    at = clock.now()

    def owed() -> list[Balance]:
        assert verify().disagreements == ()
        return [balances.of(one.id)["USD"] for one in (lin, ada)]

    order = royalties.sale(run, units={"M": 10, "S": 3}, at=at)
    assert owed() == [Balance(pending=2080), Balance(pending=1040)]  # of 31.20: 66.67 and 33.33 %
    assert _in_dollars("revenue:sales") == -31_200
    assert _in_dollars("cash:sandbox") == order.total_minor
    assert _in_dollars("buyers") == 0

    royalties.lock(run, at=at)
    royalties.dispatch(order, desk, at=at + DAY)
    assert owed() == [Balance(earned=2080), Balance(earned=1040)]

    assert _mature(at + 46 * DAY - SECOND) == 0
    assert _mature(at + 46 * DAY) == 1
    assert _mature(at + 46 * DAY) == 0
    assert owed() == [Balance(payable=2080), Balance(payable=1040)]

    for one in (lin, ada):
        royalties.bank_account(one, staff, at=at)
    batch = royalties.payday(staff, (at + 47 * DAY).date(), at=at + 47 * DAY, up_to="exported")
    assert [payout.member_id for payout in batch.payouts] == [lin.id], "10.40 waits for 20.00"
    assert owed() == [Balance(on_its_way=2080), Balance(payable=1040)]

    with transaction():
        assert payouts.mark_all_paid(db.session.merge(staff), batch.id, at=at + 48 * DAY) == 1
    assert owed() == [Balance(paid=2080), Balance(payable=1040)]
    assert _in_dollars("bank") == -2080


@pytest.mark.parametrize(
    "delivered_after,payable_after",
    [(2, 32), (14, 44), (15, 45), (20, 45), (None, 45)],
)
def test_the_wait_is_30_days_after_delivery_or_45_after_dispatch(
    app: Flask, delivered_after: int | None, payable_after: int
) -> None:
    run = products.run()
    at = clock.now()
    order, desk = royalties.sale(run, at=at), royalties.warehouse()
    royalties.lock(run, at=at)
    royalties.dispatch(order, desk, at=at)
    if delivered_after is not None:
        royalties.deliver(order, at=at + delivered_after * DAY)
    (stage,) = db.session.query(LineStage).all()
    assert stage.payable_due_at == at + payable_after * DAY
    assert _mature(at + payable_after * DAY - SECOND) == 0
    assert _mature(at + payable_after * DAY) == 1
    assert verify().disagreements == ()


def test_an_arrival_after_the_wait_changes_nothing(app: Flask) -> None:
    run = products.run()
    at = clock.now()
    order, desk = royalties.sale(run, at=at), royalties.warehouse()
    royalties.lock(run, at=at)
    royalties.dispatch(order, desk, at=at)
    assert _mature(at + 45 * DAY) == 1
    royalties.deliver(order, at=at + 50 * DAY)
    assert _mature(at + 90 * DAY) == 0
    assert verify().disagreements == ()


def test_what_is_captured_twice_is_held_for_the_buyer_until_it_is_back(app: Flask) -> None:
    run = products.run()
    order = royalties.sale(run)
    royalties.capture(order)  # a second card went through as well
    total = db.session.get_one(Order, order.id).total_minor
    assert (_in_dollars("cash:sandbox"), _in_dollars("buyers")) == (2 * total, -total)
    assert verify().disagreements == ()


def test_where_a_royalty_cannot_be_booked_the_order_is_not_paid(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = royalties.charging_order(products.run())

    def fails(*_: object) -> None:
        raise RuntimeError("the pen breaks")

    monkeypatch.setattr(accruing.book, "write", fails)
    with pytest.raises(RuntimeError, match="pen"):
        royalties.capture(order)
    monkeypatch.undo()
    assert db.session.get_one(Order, order.id).paid_at is None
    assert verify().ledger.transactions == 0
    assert royalties.capture(order).paid_at is not None
    assert verify().disagreements == ()
