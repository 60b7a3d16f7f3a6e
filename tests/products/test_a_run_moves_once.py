"""A run's edges: what the clock and the manager do to it, and that each happens once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from ideation.accounts.grants import Role
from ideation.audit.models import AuditEntry
from ideation.core import clock, events
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, NotAllowed
from ideation.products import runs
from ideation.products.events import (
    RunCharging,
    RunEndsSoon,
    RunExtended,
    RunFailed,
    RunGo,
    RunLocked,
)
from ideation.products.models import Run, RunState, RunVariant
from tests import factories as make
from tests.factories import products


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was published, heard beside the real subscribers."""
    heard: list[object] = []
    publish = events.publish
    monkeypatch.setattr(events, "publish", lambda event: (heard.append(event), publish(event)))
    return heard


def test_a_run_whose_pledges_reach_the_goal_is_charged(app: Flask, told: list[object]) -> None:
    run = products.run(phase="ended", goal=3)
    at = _count(run, pledged=3)

    assert _end(run, at) is RunState.CHARGING
    assert _end(run, at) is None

    assert _state(run) is RunState.CHARGING
    assert told.count(RunCharging(run.id, at)) == 1
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["run.charging"]


def test_a_run_far_from_its_goal_fails(app: Flask, told: list[object]) -> None:
    run = products.run(phase="ended", goal=10)
    at = _count(run, pledged=7)

    assert _end(run, at) is RunState.FAILED
    assert RunFailed(run.id, at) in told


def test_a_run_near_its_goal_goes_on_once_and_all_dates_with_it(
    app: Flask, told: list[object]
) -> None:
    run = products.run(phase="ended", goal=10, warned_at=clock.now())
    closes, locks, ships = run.closes_at, run.locks_at, run.ships_by
    at = _count(run, pledged=8)

    assert _end(run, at) is RunState.OPEN

    db.session.refresh(run)
    week = timedelta(days=7)
    assert (run.closes_at, run.locks_at, run.ships_by) == (closes + week, locks + week, ships)
    assert run.warned_at is None
    assert told.count(RunExtended(run.id, at)) == 1
    assert _end(run, at + timedelta(days=1)) is None
    assert _end(run, closes + week) is RunState.FAILED


def test_an_extension_that_comes_late_still_lasts_a_week(app: Flask) -> None:
    run = products.run(phase="ended", goal=10)
    _count(run, pledged=9)
    late = run.closes_at + timedelta(days=3)

    _end(run, late)

    db.session.refresh(run)
    assert run.closes_at == late + timedelta(days=7)


def test_a_run_without_an_extension_fails_near_its_goal(app: Flask) -> None:
    run = products.run(phase="ended", goal=10, extension_days=0)
    assert _end(run, _count(run, pledged=9)) is RunState.FAILED


def test_nothing_ends_before_its_time(app: Flask) -> None:
    run = products.run(phase="open", goal=1)
    _count(run, pledged=5)

    assert _end(run, run.closes_at - timedelta(microseconds=1)) is None
    assert runs.end_due(run.closes_at - timedelta(microseconds=1)) == []
    assert runs.end_due(run.closes_at) == [run.id]
    db.session.rollback()
    assert _end(run, run.closes_at) is RunState.CHARGING


def test_a_charging_run_is_a_go_only_by_what_was_collected(app: Flask, told: list[object]) -> None:
    run = products.run(phase="charging", goal=5)
    at = _count(run, pledged=9, collected=4)
    with transaction():
        assert runs.settle(run.id, at=at) is None

    _count(run, pledged=9, collected=5)
    with transaction():
        assert runs.settle(run.id, at=at) is RunState.GO
    with transaction():
        assert runs.settle(run.id, at=at) is None
        assert not runs.fail(run.id, at=at)

    assert told.count(RunGo(run.id, at)) == 1


def test_a_run_whose_goal_was_collected_cannot_fail(app: Flask) -> None:
    run = products.run(phase="charging", goal=5)
    at = _count(run, pledged=5, collected=5)
    with transaction():
        assert not runs.fail(run.id, at=at)

    _count(run, pledged=5, collected=4)
    with transaction():
        assert runs.fail(run.id, at=at)
    with transaction():
        assert not runs.fail(run.id, at=at)
    assert _state(run) is RunState.FAILED


def test_buyers_are_warned_once_for_each_end(app: Flask, told: list[object]) -> None:
    run = products.run(phase="open", goal=10)
    early, soon = run.closes_at - timedelta(hours=49), run.closes_at - timedelta(hours=47)
    assert runs.warn_due(early) == []
    assert runs.warn_due(soon) == [run.id]
    db.session.rollback()
    for _ in range(2):
        with transaction():
            runs.warn(run.id, at=soon)
    assert told == [RunEndsSoon(run.id, soon)]

    _count(run, pledged=8)
    _end(run, run.closes_at)
    db.session.refresh(run)
    assert runs.warn_due(run.closes_at - timedelta(hours=1)) == [run.id]


def test_production_starts_by_hand_or_when_it_is_due(app: Flask, told: list[object]) -> None:
    at = clock.now()
    manager = make.member("Mara", roles=(Role.PRODUCT_MANAGER,))
    by_hand, by_clock = products.run(phase="go"), products.run(phase="go")

    with transaction():
        assert runs.lock(db.session.merge(manager), by_hand.id, at=at)
        assert not runs.lock(None, by_hand.id, at=at)
        assert not runs.lock(None, by_clock.id, at=at)
    assert runs.lock_due(by_clock.locks_at) == [by_clock.id]
    db.session.rollback()
    with transaction():
        assert runs.lock(None, by_clock.id, at=by_clock.locks_at)

    assert [type(one) for one in told] == [RunLocked, RunLocked]
    db.session.refresh(by_hand)
    assert not runs.may_change(by_hand, at)


def test_nothing_is_produced_before_it_is_a_go(app: Flask) -> None:
    manager = make.member("Mara", roles=(Role.PRODUCT_MANAGER,))
    stranger = make.member("Sten")
    run = products.run(phase="charging")

    with pytest.raises(Conflict), transaction():
        runs.lock(db.session.merge(manager), run.id, at=clock.now())
    with pytest.raises(NotAllowed), transaction():
        runs.lock(db.session.merge(stranger), run.id, at=clock.now())


def test_orders_may_be_placed_only_in_the_window(app: Flask) -> None:
    at = clock.now()
    for phase in ("upcoming", "ended", "charging", "go", "failed"):
        run = products.run(phase=phase)
        with pytest.raises(Conflict), transaction():
            runs.hold_open(run.id, at=at)
    for phase in ("open", "extended"):
        run = products.run(phase=phase)
        with transaction():
            assert runs.hold_open(run.id, at=at).id == run.id


def _count(run: Run, *, pledged: int, collected: int = 0) -> datetime:
    """Let the first variant count so many units; returns an instant after the run's end."""
    with transaction():
        db.session.execute(
            update(RunVariant)
            .where(RunVariant.run_id == run.id, RunVariant.variant_id == run.stock[0].variant_id)
            .values(taken=pledged, pledged=pledged, collected=collected)
        )
    db.session.refresh(run)
    return run.closes_at + timedelta(seconds=10)


def _end(run: Run, at: datetime) -> RunState | None:
    with transaction():
        return runs.end(run.id, at=at)


def _state(run: Run) -> RunState:
    db.session.refresh(run)
    return run.state
