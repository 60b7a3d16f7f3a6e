"""The whole table: every event from every state, alone and with eight rivals at once."""

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from ideation.core import clock, events
from ideation.core.db import db, transaction
from ideation.orders import moving
from ideation.orders.events import OrderEnded
from ideation.orders.models import Order, OrderState
from ideation.orders.states import COLLECTED, ENDED, HELD, PLEDGED, OrderEvent
from ideation.products.models import Run, RunVariant
from tests.concurrency.crowds import at_once
from tests.factories import products as factories
from tests.orders import buyers

_S, _E = OrderState, OrderEvent

#: Written out once more, by hand: a slip in the table of the house must not slip in here as well.
LEGAL: Mapping[tuple[OrderState, OrderEvent], OrderState] = {
    (_S.PLACED, _E.CARD_SAVED): _S.CONFIRMED,
    (_S.PLACED, _E.EXPIRE): _S.EXPIRED,
    (_S.PLACED, _E.CANCEL): _S.CANCELLED,
    (_S.PLACED, _E.RUN_FAILED): _S.FAILED,
    (_S.CONFIRMED, _E.CHARGE): _S.CHARGING,
    (_S.CONFIRMED, _E.CANCEL): _S.CANCELLED,
    (_S.CONFIRMED, _E.RUN_FAILED): _S.FAILED,
    (_S.CHARGING, _E.CAPTURED): _S.PAID,
    (_S.CHARGING, _E.GIVE_UP): _S.DROPPED,
    (_S.CHARGING, _E.CANCEL): _S.CANCELLED,
    (_S.CHARGING, _E.RUN_FAILED): _S.FAILED,
    (_S.PAID, _E.CANCEL): _S.CANCELLED,
    (_S.PAID, _E.RUN_FAILED): _S.FAILED,
    (_S.PAID, _E.REFUND): _S.REFUNDED,
    (_S.PAID, _E.DISPATCH): _S.DISPATCHED,
    (_S.DISPATCHED, _E.DELIVER): _S.DELIVERED,
}
RIVALS = 8


def test_the_words_of_the_table_cover_every_state_and_event() -> None:
    assert {state for state, _ in LEGAL} | ENDED | {_S.DELIVERED} == set(OrderState)
    assert {event for _, event in LEGAL} == set(OrderEvent)
    assert ENDED.isdisjoint(HELD)
    assert COLLECTED < PLEDGED < HELD


@pytest.mark.one_engine
def test_every_event_from_every_state_does_what_the_table_says_and_nothing_else(
    app: Flask,
) -> None:
    order_id, run = _order()
    for state in OrderState:
        for event in OrderEvent:
            _put(order_id, run, state)
            with transaction():
                before = moving.move(order_id, event, at=clock.now())
            target = LEGAL.get((state, event))
            assert before == (state if target else None), (state, event)
            assert buyers.state(order_id) is (target or state), (state, event)
            assert _counted(run) == _owed(target or state), (state, event)


def test_of_eight_rivals_one_moves_the_order_and_units_are_counted_once(app: Flask) -> None:
    order_id, run = _order()
    for (state, event), target in LEGAL.items():
        _put(order_id, run, state)
        answers = at_once(app, [lambda event=event: _move(order_id, event)] * RIVALS, RIVALS)
        assert Counter(answers) == {state: 1, None: RIVALS - 1}, (state, event)
        assert buyers.state(order_id) is target
        assert _counted(run) == _owed(target), (state, event)


def test_of_eight_rivals_that_want_different_things_the_order_goes_one_way(app: Flask) -> None:
    order_id, run = _order()
    rivals = [_E.CAPTURED, _E.GIVE_UP, _E.CANCEL, _E.RUN_FAILED] * 2
    _put(order_id, run, _S.CHARGING)
    answers = at_once(app, [lambda one=one: _move(order_id, one) for one in rivals], RIVALS)
    moved = [event for event, before in zip(rivals, answers, strict=True) if before is not None]
    # A captured order may still be cancelled, or lose its run; nothing else comes after anything.
    assert len(moved) == 1 or (len(moved) == 2 and _E.CAPTURED in moved)
    assert _counted(run) == _owed(buyers.state(order_id))


@pytest.mark.only("postgresql")
def test_the_condition_alone_lets_one_of_eight_through(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the row's lock, and with all eight having read the same state before any writes."""
    order_id, run = _order()
    _put(order_id, run, _S.CHARGING)
    conditional = moving._change
    gate = threading.Barrier(RIVALS)

    def change(*args: Any) -> bool:
        gate.wait(30)
        return conditional(*args)

    monkeypatch.setattr(moving, "lock_row", lambda query: query)
    monkeypatch.setattr(moving, "_change", change)
    answers = at_once(app, [lambda: _move(order_id, _E.CANCEL)] * RIVALS, RIVALS)
    assert Counter(answers) == {_S.CHARGING: 1, None: RIVALS - 1}
    assert _counted(run) == (0, 0, 0)


@pytest.mark.only("postgresql")
def test_control_without_the_condition_rivals_count_units_again_and_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same without the WHERE. On SQLite no two have read before one has written."""
    order_id, run = _order()
    _put(order_id, run, _S.CHARGING)
    with transaction():  # others hold some too, or the counters' own guard would notice
        db.session.execute(update(RunVariant).values(taken=100, pledged=100))
    gate = threading.Barrier(RIVALS)

    def change(order_id: int, state: OrderState, target: OrderState, at: object) -> bool:
        gate.wait(30)
        db.session.execute(update(Order).where(Order.id == order_id).values(state=target))
        return True

    monkeypatch.setattr(moving, "lock_row", lambda query: query)
    monkeypatch.setattr(moving, "_change", change)
    answers = at_once(app, [lambda: _move(order_id, _E.CANCEL)] * RIVALS, RIVALS)
    assert Counter(answers) == {_S.CHARGING: RIVALS}, "all of them believe that they did it"
    run_now = db.session.get_one(Run, run.id, populate_existing=True)
    assert min(row.taken for row in run_now.stock) == 100 - 2 * RIVALS


def test_an_order_that_is_over_says_so_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[OrderEnded] = []
    monkeypatch.setitem(events._subscribers, OrderEnded, [told.append])
    order_id, run = _order()
    for (state, event), target in LEGAL.items():
        _put(order_id, run, state)
        told.clear()
        for _ in range(2):
            with transaction():
                moving.move(order_id, event, at=clock.now())
        assert len(told) == (1 if target in ENDED else 0), (state, event)


def _order() -> tuple[int, Run]:
    """An order of two units, and the run."""
    run = factories.run()
    return buyers.place(run, {"L": 2}), run


def _move(order_id: int, event: OrderEvent) -> OrderState | None:
    with transaction():
        return moving.move(order_id, event, at=clock.now())


def _put(order_id: int, run: Run, state: OrderState) -> None:
    """The order in that state, and the counters as they are then."""
    taken, pledged, collected = _owed(state)
    variants = select(RunVariant.variant_id).where(RunVariant.run_id == run.id)
    with transaction():
        wanted = db.session.get_one(Order, order_id).lines[0].variant_id
        db.session.execute(update(Order).where(Order.id == order_id).values(state=state))
        db.session.execute(
            update(RunVariant)
            .where(RunVariant.variant_id.in_(variants), RunVariant.variant_id == wanted)
            .values(taken=taken, pledged=pledged, collected=collected)
        )
    db.session.expire_all()


def _counted(run: Run) -> tuple[int, int, int]:
    row = db.session.execute(
        select(RunVariant.taken, RunVariant.pledged, RunVariant.collected)
        .where(RunVariant.run_id == run.id)
        .order_by(RunVariant.taken.desc(), RunVariant.variant_id.desc())
        .limit(1)
    ).one()
    db.session.rollback()
    return (row.taken, row.pledged, row.collected)


def _owed(state: OrderState) -> tuple[int, int, int]:
    """Taken, pledged and collected, of an order of two units in that state."""
    return (2 * (state in HELD), 2 * (state in PLEDGED), 2 * (state in COLLECTED))
