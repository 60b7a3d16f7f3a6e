"""Units of a run: two hundred at once for fifty get fifty, and a cap never cuts what is taken."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from ideation.products import planning, stock
from ideation.products.models import Run, RunVariant
from ideation.products.stock import SoldOut
from tests.concurrency.crowds import at_once
from tests.factories import products

_RIVALS, _CAP = 200, 50


def test_two_hundred_at_once_take_fifty_of_fifty(app: Flask) -> None:
    run = products.run(caps=_CAP)
    run_id, variant_id = run.id, run.stock[0].variant_id

    def take() -> bool:
        try:
            with transaction():
                stock.take(run_id, {variant_id: 1})
        except SoldOut:
            return False
        return True

    assert sum(at_once(app, [take] * _RIVALS, threads=_RIVALS)) == _CAP
    assert _row(run_id, variant_id).taken == _CAP


@pytest.mark.only("postgresql")
def test_reading_first_and_then_writing_would_oversell(app: Flask) -> None:
    """The control: without the condition in the UPDATE the same crowd goes past the cap.

    On SQLite one writer at a time hides the fault; there a guard of the table still stands.
    """
    run = products.run(caps=_CAP)
    run_id, variant_id = run.id, run.stock[0].variant_id

    def take() -> bool:
        with transaction():
            row = _row(run_id, variant_id)
            if row.cap is not None and row.taken >= row.cap:
                return False
            db.session.execute(
                update(RunVariant)
                .where(RunVariant.run_id == run_id, RunVariant.variant_id == variant_id)
                .values(taken=row.taken + 1)
            )
        return True

    assert sum(at_once(app, [take] * _RIVALS, threads=_RIVALS)) > _CAP


def test_the_table_itself_refuses_more_than_the_cap(app: Flask) -> None:
    run = products.run(caps=2)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(
            update(RunVariant).where(RunVariant.run_id == run.id).values(taken=RunVariant.taken + 3)
        )


def test_a_basket_is_taken_whole_or_not_at_all(app: Flask) -> None:
    run = products.run(caps={"S": 5, "M": 1, "L": None})
    small, medium, large = (row.variant_id for row in run.stock)

    with pytest.raises(SoldOut) as refused, transaction():
        stock.take(run.id, {large: 3, small: 2, medium: 2})

    assert refused.value.variant_id == medium
    assert [_row(run.id, one).taken for one in (small, medium, large)] == [0, 0, 0]


def test_a_cap_moves_both_ways_but_never_below_what_is_taken(app: Flask) -> None:
    run = products.run(caps=10)
    variant_id = run.stock[0].variant_id
    with transaction():
        stock.take(run.id, {variant_id: 6})

    for cap in (6, None, 200):
        _set_cap(run, variant_id, cap)
        assert _row(run.id, variant_id).cap == cap
    with pytest.raises(Invalid) as refused:
        _set_cap(run, variant_id, 5)
    assert set(refused.value.fields) == {f"cap-{variant_id}"}
    assert _row(run.id, variant_id).cap == 200


def test_a_cap_that_is_lowered_while_buyers_come_holds(app: Flask) -> None:
    run = products.run(caps=_CAP)
    run_id, variant_id = run.id, run.stock[0].variant_id

    def take() -> bool:
        try:
            with transaction():
                stock.take(run_id, {variant_id: 1})
        except SoldOut:
            return False
        return True

    def lower() -> bool:
        try:
            with transaction():
                planning.change_caps(None, run_id, {variant_id: 20}, at=clock.now())
        except Invalid:
            return False
        return True

    at_once(app, [*[take] * 20, lower, *[take] * 40])
    row = _row(run_id, variant_id)
    assert row.cap is not None
    assert row.taken <= row.cap


def test_caps_of_a_run_that_is_over_stay(app: Flask) -> None:
    run = products.run(phase="ended", caps=10)
    with pytest.raises(Conflict):
        _set_cap(run, run.stock[0].variant_id, 20)


def _set_cap(run: Run, variant_id: int, cap: int | None) -> None:
    with transaction():
        planning.change_caps(None, run.id, {variant_id: cap}, at=clock.now())


def _row(run_id: int, variant_id: int) -> RunVariant:
    return db.session.get_one(RunVariant, (run_id, variant_id), populate_existing=True)
