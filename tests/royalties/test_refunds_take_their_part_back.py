"""A reversal is the difference that a refund makes, taken from wherever the line stands."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import InstrumentedAttribute

from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid
from ideation.ledger import balances as ledger
from ideation.orders.models import Order, OrderRefund
from ideation.payments import refunding
from ideation.payments.providers.base import Kind
from ideation.royalties import accruing, balances
from ideation.royalties.balances import Balance
from ideation.royalties.models import Accrual, AccrualKind, Stage
from ideation.royalties.verify import verify
from tests.factories import products, royalties
from tests.factories.members import member

DAY = timedelta(days=1)


def _sold(designer: Member, stage: Stage, at: datetime, **values: object) -> Order:
    """Three tees at 24.00, as far as the stage."""
    run = products.run(products.product(products.winner(designer)), now=at)
    order = royalties.sale(run, units={"M": 3}, at=at, **values)
    royalties.lock(run, at=at)
    if stage is not Stage.PENDING:
        royalties.dispatch(order, royalties.warehouse(), at=at)
    if stage is Stage.PAYABLE:
        with transaction():
            accruing.mature_due(at + 45 * DAY)
    return order


@pytest.mark.parametrize("stage", list(Stage))
def test_one_of_three_comes_back_at_each_stage(app: Flask, stage: Stage) -> None:
    designer, at = member("Lin"), clock.now()
    order = _sold(designer, stage, at)
    royalties.refund(order, {order.lines[0].id: (2400, 0, 1)}, at=at + 46 * DAY)
    assert balances.of(designer.id) == {"USD": Balance(**{stage.value: 480})}
    sale, reversal = db.session.query(Accrual).order_by(Accrual.id)
    assert (reversal.kind, reversal.stage, reversal.amount_minor) == (
        AccrualKind.REVERSAL,
        stage,
        -240,
    )
    assert (reversal.units, reversal.base_minor, reversal.whole_minor) == (2, 4800, 480)
    assert (sale.units, sale.base_minor, sale.amount_minor) == (3, 7200, 720), "never edited"
    assert verify().disagreements == ()


def test_a_refund_of_everything_leaves_nothing(app: Flask) -> None:
    designer = member("Lin")
    order = _sold(designer, Stage.PENDING, clock.now(), tax_minor=1338, discount_minor=17)
    royalties.refund(order)
    assert balances.of(designer.id) == {"USD": Balance()}
    sums = ledger.sums()
    assert sums["tax:owed", "USD"] == sums["buyers", "USD"] == sums["cash:sandbox", "USD"] == 0
    assert sums["revenue:refunds", "USD"] == -(
        sums["revenue:sales", "USD"] + sums["revenue:discounts", "USD"]
    )
    assert verify().disagreements == ()


def test_what_a_person_gives_back_by_hand_leaves_the_bank_and_not_the_provider(app: Flask) -> None:
    staff, at = royalties.finance(), clock.now()
    order = _sold(member("Lin"), Stage.PENDING, at)
    total = order.total_minor
    refund = royalties.refund(order, is_done=False, at=at)
    with transaction():
        royalties.hear(Kind.REFUND_FAILED, refund.public_id, at)
    assert ledger.sums()["buyers", "USD"] == -total, "owed until somebody gives it back"
    with transaction():
        refunding.settle_by_hand(db.session.merge(staff), refund.id, "transfer 4711", at=at)
    sums = ledger.sums()
    assert (sums["cash:sandbox", "USD"], sums["bank", "USD"]) == (total, -total)
    assert sums["buyers", "USD"] == 0
    assert verify().disagreements == ()


def test_what_was_never_sent_is_not_faulty_and_leaves_no_royalty_waiting(app: Flask) -> None:
    designer, at = member("Lin"), clock.now()
    order = _sold(designer, Stage.PENDING, at)
    line = order.lines[0].id
    for parts in (None, {line: (2400, 0, 1)}):
        with pytest.raises(Invalid, match="Only goods that were sent"):
            royalties.refund(order, parts, is_faulty=True, at=at)
    royalties.refund(order, at=at)
    assert balances.of(designer.id) == {"USD": Balance()}


def test_goods_returned_as_faulty_still_pay(app: Flask) -> None:
    designer, at = member("Lin"), clock.now()
    order = _sold(designer, Stage.EARNED, at)
    line = order.lines[0].id
    royalties.refund(order, {line: (2400, 0, 1)}, is_faulty=True, at=at)
    assert balances.of(designer.id) == {"USD": Balance(earned=720)}
    assert db.session.query(Accrual).count() == 1
    royalties.refund(order, {line: (2400, 0, 1)}, at=at)  # another, which simply did not fit
    assert balances.of(designer.id) == {"USD": Balance(earned=480)}
    assert verify().disagreements == ()


def test_shipping_given_back_changes_no_royalty(app: Flask) -> None:
    designer, at = member("Lin"), clock.now()
    order = _sold(designer, Stage.PENDING, at)
    royalties.refund(order, {order.lines[0].id: (0, 300, 0)}, at=at)
    assert db.session.query(Accrual).count() == 1
    assert ledger.sums()["revenue:refunds:shipping", "USD"] == 300
    assert verify().disagreements == ()


def test_many_small_refunds_end_where_one_does(app: Flask) -> None:
    designer, at = member("Lin"), clock.now()
    in_steps = _sold(designer, Stage.PENDING, at, tax_minor=1337)
    at_once = _sold(designer, Stage.PENDING, at, tax_minor=1337)
    for goods, units in ((1, 0), (999, 0), (1400, 1), (1201, 0)):
        royalties.refund(in_steps, {in_steps.lines[0].id: (goods, 0, units)}, at=at)
    royalties.refund(at_once, {at_once.lines[0].id: (3601, 0, 1)}, at=at)
    left = [
        sum(one.amount_minor for one in db.session.query(Accrual).filter_by(line_id=key))
        for key in (in_steps.lines[0].id, at_once.lines[0].id)
    ]
    assert left[0] == left[1] == 293  # 10 % of what is left, 35.99, without the tax in it
    assert verify().disagreements == ()


def test_what_is_refunded_after_a_payday_is_carried_forward(app: Flask) -> None:
    designer, staff, at = member("Lin"), royalties.finance(), clock.now()
    order = _sold(designer, Stage.PAYABLE, at)
    more = _sold(designer, Stage.PAYABLE, at)
    for _ in range(2):
        _sold(designer, Stage.PAYABLE, at)
    royalties.bank_account(designer, staff, at=at)
    royalties.payday(staff, (at + 60 * DAY).date(), at=at + 60 * DAY)
    assert balances.of(designer.id) == {"USD": Balance(paid=2880)}
    royalties.refund(order, at=at + 61 * DAY)
    royalties.refund(more, at=at + 61 * DAY)
    assert balances.of(designer.id) == {"USD": Balance(payable=-1440, paid=2880)}
    assert verify().disagreements == (), "owing less than nothing is no fault"
    _sold(designer, Stage.PAYABLE, at + 62 * DAY)
    assert balances.of(designer.id) == {"USD": Balance(payable=-720, paid=2880)}
    assert verify().disagreements == ()


def test_a_refund_that_the_provider_has_not_made_yet_is_held_for_the_buyer(app: Flask) -> None:
    order = _sold(member("Lin"), Stage.PENDING, clock.now())
    royalties.refund(order, {order.lines[0].id: (2400, 0, 1)}, is_done=False)
    sums = ledger.sums()
    assert sums["cash:sandbox", "USD"] == order.total_minor
    assert sums["buyers", "USD"] == -2400
    assert verify().disagreements == ()


@pytest.mark.one_engine
@pytest.mark.parametrize("column", [Accrual.refund_id, OrderRefund.line_id])
def test_a_refund_does_not_read_through_all_that_ever_came_back(
    app: Flask, column: InstrumentedAttribute[int]
) -> None:
    query = f"EXPLAIN QUERY PLAN SELECT * FROM {column.class_.__tablename__} WHERE {column.key} = 7"
    (step,) = db.session.execute(text(query)).all()
    assert "USING INDEX" in step.detail
