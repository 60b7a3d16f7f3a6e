"""Runs: what the clock and the product manager do to one. Each edge once, whoever comes first.

    open ── end ──► failed                 pledges miss the goal, no extension (left)
         ── end ──► open, 7 days more      most of the goal is pledged, once
         ── end ──► charging ── settle ──► go      units collected reach the goal
                             ── fail ────► failed  they no longer can
    go ── lock: production starts

Every edge is a conditional UPDATE under the run's lock; of rivals one moves it, the others learn
that they did not and do nothing. Orders are placed under the same lock, shared.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import lazyload

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core import events, jobs
from ideation.core.db import db, is_postgresql, lock_row
from ideation.core.errors import Conflict, NotFound
from ideation.core.i18n import lazy
from ideation.products import policies, stock
from ideation.products.events import (
    RunCharging,
    RunEndsSoon,
    RunExtended,
    RunFailed,
    RunGo,
    RunLocked,
    RunOpened,
)
from ideation.products.models import Product, Run, RunState
from ideation.products.policies import is_open, may_change

__all__ = ["is_open", "may_change"]  # asked of a run, beside what is done to one

#: Opens, warns of, ends and locks whatever is due.
ADVANCE = jobs.declare("products.advance", queue="urgent")

#: How long before the end buyers are told that their cards will be charged.
NOTICE = timedelta(hours=48)
#: A clock that comes later than this to a run's end was down: the extension counts from now.
_LATE = timedelta(hours=1)


def due_to_open(at: datetime) -> list[int]:
    """Runs of published products that can be pre-ordered and were not told of, oldest first."""
    return _due(
        Run.opens_at,
        at,
        Run.state == RunState.OPEN,
        Run.opened_at.is_(None),
        Run.closes_at > at,
        Run.product.has(Product.published_at.is_not(None)),
    )


def warn_due(at: datetime) -> list[int]:
    """Open runs that end within 48 hours and whose buyers were not told of it."""
    return _due(
        Run.closes_at,
        at + NOTICE,
        Run.state == RunState.OPEN,
        Run.opens_at <= at,
        Run.closes_at > at,
        Run.warned_at.is_(None),
    )


def end_due(at: datetime) -> list[int]:
    """Open runs whose window is over, in the order of their end."""
    return _due(Run.closes_at, at, Run.state == RunState.OPEN)


def lock_due(at: datetime) -> list[int]:
    """Runs that are a go and whose production starts by now."""
    return _due(Run.locks_at, at, Run.state == RunState.GO, Run.locked_at.is_(None))


def open_run(run_id: int, *, at: datetime) -> bool:
    """Publish ``RunOpened``; True for the one caller that did it."""
    if not _mark(run_id, Run.opened_at, at, Run.state == RunState.OPEN, Run.opens_at <= at):
        return False
    events.publish(RunOpened(run_id, at))
    return True


def warn(run_id: int, *, at: datetime) -> bool:
    """Publish ``RunEndsSoon``, once for each end; True for the one caller that did it."""
    if not _mark(run_id, Run.warned_at, at, Run.state == RunState.OPEN, Run.closes_at > at):
        return False
    events.publish(RunEndsSoon(run_id, at))
    return True


def end(run_id: int, *, at: datetime) -> RunState | None:
    """End an open run whose window is over; the state it is in then, None for all but one caller.

    ``open`` means that it was extended: its end, and with it the start of production, are later;
    buyers are warned again. Publishes what happened.
    """
    run = get_locked(run_id)
    if run.state is not RunState.OPEN or at < run.closes_at:
        return None
    pledged = stock.pledged(run_id)
    if pledged >= run.goal:
        _move(run, RunState.CHARGING, at, charging_at=at)
        events.publish(RunCharging(run_id, at))
    elif run.extended_at is None and _earns_extension(run, pledged):
        _extend(run, at)
    else:
        _move(run, RunState.FAILED, at, decided_at=at)
        events.publish(RunFailed(run_id, at))
    return run.state


def settle(run_id: int, *, at: datetime) -> RunState | None:
    """Make a charging run a go once the units collected reach its goal, else do nothing.

    ``go`` for the one caller that did it.
    """
    run = get_locked(run_id)
    if run.state is not RunState.CHARGING or stock.collected(run_id) < run.goal:
        return None
    _move(run, RunState.GO, at, decided_at=at)
    events.publish(RunGo(run_id, at))
    return run.state


def fail(run_id: int, *, at: datetime) -> bool:
    """End a charging run whose goal can no longer be collected; the caller knows that it cannot.

    False where it is not charging, or the goal has been collected after all.
    """
    run = get_locked(run_id)
    if run.state is not RunState.CHARGING or stock.collected(run_id) >= run.goal:
        return False
    _move(run, RunState.FAILED, at, decided_at=at)
    events.publish(RunFailed(run_id, at))
    return True


def lock(actor: Member | None, run_id: int, *, at: datetime) -> bool:
    """Start production: orders change no more. True for the one caller that did it.

    ``actor`` is a product manager, at any time once it is a go, or None for the clock, when it is
    due. Who has not paid by then is left out (see orders' subscribers). Raises NotAllowed, and
    Conflict for a manager whose run is not a go, and while a card was never tried.
    """
    policies.check_may_manage(actor)
    run = get_locked(run_id)
    if run.state is not RunState.GO:
        if actor is None:
            return False
        raise Conflict(lazy("Production starts once the run is a go, not before."))
    if run.locked_at is not None or (actor is None and at < run.locks_at):
        return False
    run.locked_at = at
    db.session.flush()
    _audit("run.locked", run, at, actor)
    events.publish(RunLocked(run_id, at))
    return True


def hold_open(run_id: int, *, at: datetime) -> Run:
    """The run, held open for the rest of the transaction: it cannot end while an order is placed.

    Many may hold it at once. Raises NotFound, and Conflict where it takes no orders now.
    """
    query = _fresh(run_id)
    held = query.with_for_update(read=True) if is_postgresql() else query
    run: Run | None = db.session.scalar(held)
    if run is None:
        raise NotFound(lazy("There is no such pre-order."))
    if policies.is_upcoming(run, at):
        raise Conflict(lazy("Pre-ordering has not begun yet. Come back when it opens."))
    if not policies.is_open(run, at):
        raise Conflict(lazy("Pre-ordering is over: this can no longer be ordered."))
    return run


def get_locked(run_id: int) -> Run:
    """The run, fresh and locked against rivals and against orders being placed. Raises NotFound."""
    run: Run | None = db.session.scalar(lock_row(_fresh(run_id)))
    if run is None:
        raise NotFound(lazy("There is no such pre-order."))
    return run


def _earns_extension(run: Run, pledged: int) -> bool:
    return run.extension_days > 0 and pledged * 100 >= run.goal * run.extension_percent


def _extend(run: Run, at: datetime) -> None:
    """Once: every date that follows from the end moves with it, except when it ships by."""
    was = run.closes_at
    start = was if at - was <= _LATE else at
    longer = start + timedelta(days=run.extension_days) - was
    _move(
        run,
        RunState.OPEN,
        at,
        Run.extended_at.is_(None),
        extended_at=at,
        closes_at=was + longer,
        locks_at=run.locks_at + longer,
        warned_at=None,
    )
    events.publish(RunExtended(run.id, at))


def _move(
    run: Run, state: RunState, at: datetime, *conditions: ColumnElement[bool], **values: Any
) -> None:
    """Along one edge. The row is locked, so that a rival here is a fault of ours: it is loud."""
    before = run.state
    moved = db.session.execute(
        update(Run)
        .where(Run.id == run.id, Run.state == before, *conditions)
        .values(state=state, **values)
        .execution_options(synchronize_session="fetch")
    )
    if not moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise RuntimeError(f"run {run.id} moved from {before} while it was locked")
    name = "run.extended" if before is state else f"run.{state.value}"
    units = {"pledged": stock.pledged(run.id), "collected": stock.collected(run.id)}
    _audit(name, run, at, detail={"goal": run.goal, **units})


def _mark(run_id: int, column: Any, at: datetime, *conditions: ColumnElement[bool]) -> bool:
    """Set an empty instant; the loser of a race does nothing."""
    marked = db.session.execute(
        update(Run)
        .where(Run.id == run_id, column.is_(None), *conditions)
        .values({column: at})
        .execution_options(synchronize_session="fetch")
    )
    return bool(marked.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _due(instant: Any, at: datetime, *conditions: ColumnElement[bool]) -> list[int]:
    query = select(Run.id).where(instant <= at, *conditions).order_by(instant, Run.id)
    return list(db.session.scalars(query))


def _fresh(run_id: int) -> Any:
    """Without joins, which would lock other rows as well."""
    return (
        select(Run)
        .where(Run.id == run_id)
        .options(lazyload(Run.stock))
        .execution_options(populate_existing=True)
    )


def _audit(
    action: str,
    run: Run,
    at: datetime,
    actor: Member | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="run",
        subject_id=run.id,
        at=at,
        detail=detail,
    )
