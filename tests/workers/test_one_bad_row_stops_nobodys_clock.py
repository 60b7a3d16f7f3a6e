"""What the clock does to one row it does to the next as well, even where the first fails."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.contests import lifecycle
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.core.outbox import OutboxRow
from ideation.orders import charging, placing
from ideation.products import runs
from ideation.royalties import accruing
from ideation.selection import agreements, rights
from workers import contests, housekeeping, orders, products, royalties, schedule, selection
from workers.each import LeftUndone

STEPS = [
    (contests.advance, lifecycle, "due_to_open", "open_contest"),
    (contests.advance, lifecycle, "due_to_score", "begin_scoring"),
    (contests.advance, lifecycle, "due_to_close", "close"),
    (products.advance, runs, "due_to_open", "open_run"),
    (products.advance, runs, "warn_due", "warn"),
    (products.advance, runs, "end_due", "end"),
    (products.advance, runs, "lock_due", "lock"),
    (selection.lapse_due, agreements, "due_to_lapse", "lapse"),
    (selection.release_overdue, rights, "due_to_release", "release_contest"),
    (orders.expire, placing, "due_to_expire", "expire"),
    (orders.advance, charging, "due_to_fail", "fail"),
    (orders.advance, charging, "due_to_charge", "charge"),
    (orders.advance, charging, "due_to_try", "try_again"),
    (orders.advance, charging, "due_to_review", "review_run"),
    (royalties.mature, accruing, "due_to_mature", "mature"),
]


def _sabotage(patch: pytest.MonkeyPatch, rules: ModuleType, due: str, act: str) -> list[int]:
    """Have rows 1 and 2 be due, and row 1 fail; what was done to the others comes back."""
    done: list[int] = []

    def fail_for_one(*args: int | None, at: datetime) -> None:
        row_id = args[-1]
        assert row_id is not None
        if row_id == 1:
            raise ZeroDivisionError
        done.append(row_id)

    patch.setattr(rules, due, lambda at: [1, 2])
    patch.setattr(rules, act, fail_for_one)
    return done


@pytest.mark.one_engine
@pytest.mark.parametrize(("job", "rules", "due", "act"), STEPS)
def test_the_next_row_has_its_turn(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    job: Callable[[], None],
    rules: ModuleType,
    due: str,
    act: str,
) -> None:
    done = _sabotage(monkeypatch, rules, due, act)
    with pytest.raises(LeftUndone):
        job()
    assert done == [2]


@pytest.mark.one_engine
def test_later_steps_have_their_turn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = _sabotage(monkeypatch, runs, "due_to_open", "open_run")
    locked = _sabotage(monkeypatch, runs, "lock_due", "lock")
    with pytest.raises(LeftUndone, match="2, the first: fail_for_one 1: ZeroDivisionError"):
        products.advance()
    assert opened == locked == [2]


def test_an_operator_sees_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _sabotage(monkeypatch, runs, "due_to_open", "open_run")
    with transaction():
        jobs.enqueue(runs.ADVANCE, at=clock.now())
    for _ in range(runs.ADVANCE.attempts):
        jobs.run_due()
        clock.move(timedelta(hours=2))
    row = db.session.scalars(select(OutboxRow).where(OutboxRow.job == runs.ADVANCE.name)).one()
    assert row.failed_at is not None
    assert "LeftUndone: 1, the first: fail_for_one 1" in (row.error or "")


def test_ticks_that_fail_alike_are_shown_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done = _sabotage(monkeypatch, lifecycle, "due_to_open", "open_contest")
    for _ in range(3):
        schedule.enqueue_due(clock.now())
        jobs.run_due()
        clock.move(timedelta(seconds=15))
    for _ in range(lifecycle.ADVANCE.attempts):
        jobs.run_due()
        clock.move(timedelta(hours=2))
    assert len(done) == 3 * lifecycle.ADVANCE.attempts
    before = _failed()
    assert len(before) == 3
    housekeeping.forget()
    assert _failed() == before[-1:]


def test_what_no_worker_has_begun_is_not_asked_for_again(app: Flask) -> None:
    for _ in range(3):
        schedule.enqueue_due(clock.now())
        clock.move(timedelta(minutes=2))
    asked = select(OutboxRow.job, func.count()).group_by(OutboxRow.job)
    assert set(dict(db.session.execute(asked).all()).values()) == {1}
    jobs.run_due()
    schedule.enqueue_due(clock.now())
    db.session.rollback()
    assert dict(db.session.execute(asked).all())[lifecycle.ADVANCE.name] == 2


def _failed() -> list[int]:
    db.session.rollback()
    query = select(OutboxRow.id).where(OutboxRow.failed_at.is_not(None)).order_by(OutboxRow.id)
    return list(db.session.scalars(query))
