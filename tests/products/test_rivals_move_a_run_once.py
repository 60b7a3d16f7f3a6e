"""Eight at the same edge: one moves the run, seven do nothing, and everything happens once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.products import planning, runs
from ideation.products.models import Run, RunState, RunVariant
from tests.concurrency.crowds import at_once
from tests.factories import products

_RIVALS = 8

#: Act → (phase it starts from, pledged, collected of a goal of 10, the state after).
_EDGES: dict[str, tuple[str, int, int, RunState]] = {
    "end": ("ended", 10, 0, RunState.CHARGING),
    "extend": ("ended", 8, 0, RunState.OPEN),
    "miss": ("ended", 2, 0, RunState.FAILED),
    "settle": ("charging", 10, 10, RunState.GO),
    "fail": ("charging", 10, 4, RunState.FAILED),
    "lock": ("go", 10, 10, RunState.GO),
}


@pytest.mark.parametrize("edge", _EDGES)
def test_of_eight_rivals_one_moves_the_run(app: Flask, edge: str) -> None:
    phase, pledged, collected, after = _EDGES[edge]
    run = products.run(phase=phase, goal=10)
    run_id, at = run.id, run.locks_at
    if edge in {"end", "extend", "miss"}:
        at = run.closes_at
    _count(run, pledged, collected)

    moved = at_once(app, [lambda: _move(edge, run_id, at)] * _RIVALS)

    assert sum(moved) == 1
    db.session.expire_all()
    assert db.session.get_one(Run, run_id).state is after
    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


def test_settling_and_failing_at_once_agree_with_what_was_collected(app: Flask) -> None:
    for collected, after in ((10, RunState.GO), (9, RunState.FAILED)):
        run = products.run(phase="charging", goal=10)
        run_id, at = run.id, run.locks_at
        _count(run, 10, collected)
        acts: list[Callable[[], bool]] = [
            lambda run_id=run_id, at=at: _move("settle", run_id, at),
            lambda run_id=run_id, at=at: _move("fail", run_id, at),
        ] * 4  # type: ignore[list-item]
        assert sum(at_once(app, acts)) == 1
        db.session.expire_all()
        assert db.session.get_one(Run, run_id).state is after


def test_two_managers_start_one_run(app: Flask) -> None:
    product_id, at = products.product().id, clock.now()
    plan = planning.usual(at)

    def start() -> bool:
        try:
            with transaction():
                planning.start(None, product_id, plan, at=at)
        except Conflict:
            return False
        return True

    assert sum(at_once(app, [start] * _RIVALS)) == 1
    assert len(db.session.scalars(select(Run).where(Run.product_id == product_id)).all()) == 1


def test_an_order_placed_as_the_run_ends_is_counted_or_refused(app: Flask) -> None:
    """Who holds the run open is counted by its end; who comes after it is refused."""
    run = products.run(phase="open", goal=_RIVALS, extension_days=0)
    run_id, variant_id = run.id, run.stock[0].variant_id
    at, end = run.closes_at - timedelta(seconds=1), run.closes_at

    def pledge() -> bool:
        try:
            with transaction():
                runs.hold_open(run_id, at=at)
                db.session.execute(
                    update(RunVariant)
                    .where(RunVariant.run_id == run_id, RunVariant.variant_id == variant_id)
                    .values(pledged=RunVariant.pledged + 1)
                )
        except Conflict:
            return False
        return True

    answers = at_once(app, [*[pledge] * _RIVALS, lambda: _move("end", run_id, end)])

    db.session.expire_all()
    state = db.session.get_one(Run, run_id).state
    was_reached = sum(answers[:_RIVALS]) >= _RIVALS
    assert state is (RunState.CHARGING if was_reached else RunState.FAILED)


def _move(edge: str, run_id: int, at: object) -> bool:
    acts: dict[str, Callable[..., object]] = {
        "settle": runs.settle,
        "fail": runs.fail,
        "lock": lambda run_id, at: runs.lock(None, run_id, at=at),
    }
    with transaction():
        return bool(acts.get(edge, runs.end)(run_id, at=at))


def _count(run: Run, pledged: int, collected: int) -> None:
    with transaction():
        db.session.execute(
            update(RunVariant)
            .where(RunVariant.run_id == run.id, RunVariant.variant_id == run.stock[0].variant_id)
            .values(taken=pledged, pledged=pledged, collected=collected)
        )
