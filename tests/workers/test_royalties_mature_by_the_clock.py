"""The hourly job makes payable what is due, one order at a time; the daily one proves it all."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from ideation.core import clock
from ideation.core.db import db
from ideation.orders.models import Order
from ideation.royalties import balances, postings
from ideation.royalties.models import Accrual, LineStage
from ideation.royalties.verify import Drift
from tests.factories import products, royalties
from workers.each import LeftUndone
from workers.royalties import mature, prove

DAY = timedelta(days=1)


@pytest.mark.one_engine
def test_one_order_that_fails_keeps_back_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, at, desk = products.run(), clock.now(), royalties.warehouse()
    orders = [royalties.sale(run, at=at) for _ in range(3)]
    royalties.lock(run, at=at)
    for order in orders:
        royalties.dispatch(order, desk, at=at)
    mature()
    assert _count_payable() == 0
    clock.move(46 * DAY)
    bad, payable = orders[0].id, postings.payable

    def fail_for_one(order: Order, accruals: Sequence[Accrual]) -> postings.Posting:
        if order.id == bad:
            raise ZeroDivisionError
        return payable(order, accruals)

    with monkeypatch.context() as patched:
        patched.setattr(postings, "payable", fail_for_one)
        with pytest.raises(LeftUndone, match=f"1, the first: mature {bad}: ZeroDivisionError"):
            mature()
    assert _count_payable() == 2
    mature()
    assert _count_payable() == 3
    (owed,) = balances.of_everybody().values()
    assert owed["USD"].payable == 720
    prove()


@pytest.mark.one_engine
def test_books_that_are_off_fail_the_job(app: Flask) -> None:
    royalties.sale(products.run())
    with db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER guard_prizes_delete"))
    with pytest.raises(Drift, match="guard_prizes_delete"):
        prove()


def _count_payable() -> int:
    return db.session.query(LineStage).filter(LineStage.payable_at.is_not(None)).count()
