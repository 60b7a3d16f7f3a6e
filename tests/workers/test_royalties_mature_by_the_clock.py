"""The hourly job makes payable what is due, however many orders; the daily one proves the books."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from ideation.core import clock
from ideation.core.db import db
from ideation.royalties import accruing, balances
from ideation.royalties.models import LineStage
from ideation.royalties.verify import Drift
from tests.factories import products, royalties
from workers.royalties import mature, prove

DAY = timedelta(days=1)


@pytest.mark.one_engine
def test_the_job_goes_on_until_nothing_is_due(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    in_twos = accruing.mature_due
    monkeypatch.setattr(accruing, "mature_due", lambda at: in_twos(at, limit=2))
    run, at, desk = products.run(), clock.now(), royalties.warehouse()
    orders = [royalties.sale(run, at=at) for _ in range(3)]
    royalties.lock(run, at=at)
    for order in orders:
        royalties.dispatch(order, desk, at=at)
    mature()
    assert db.session.query(LineStage).filter(LineStage.payable_at.is_not(None)).count() == 0
    clock.move(46 * DAY)
    mature()
    assert db.session.query(LineStage).filter(LineStage.payable_at.is_(None)).count() == 0
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
