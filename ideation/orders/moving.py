"""Moving an order along its edges, and its units with it.

One conditional UPDATE decides: of rivals one moves the order, the others learn that they did not
and do nothing. What the run counts follows from where the order came from and where it is now.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import lazyload

from ideation.core import events
from ideation.core.db import db, lock_row
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.orders.events import OrderEnded
from ideation.orders.models import Order, OrderLine, OrderState
from ideation.orders.states import COLLECTED, ENDED, HELD, PLEDGED, OrderEvent, after
from ideation.products import stock

_INSTANTS = {
    OrderState.CONFIRMED: "confirmed_at",
    OrderState.CHARGING: "charging_at",
    OrderState.PAID: "paid_at",
    OrderState.DISPATCHED: "dispatched_at",
    OrderState.DELIVERED: "delivered_at",
}


def move(order_id: int, event: OrderEvent, *, at: datetime) -> OrderState | None:
    """Move the order, in the open transaction; returns where it came from.

    None where the event is not legal from where the order stands now, or a rival was faster.
    Publishes ``OrderEnded`` where it is over; all other events are the callers' to publish.
    """
    state: OrderState | None = db.session.scalar(
        lock_row(select(Order.state).where(Order.id == order_id)).execution_options(
            populate_existing=True
        )
    )
    target = after(state, event) if state is not None else None
    if state is None or target is None or not _change(order_id, state, target, at):
        return None
    _count(order_id, state, target)
    if target in ENDED:
        events.publish(OrderEnded(order_id, at))
    return state


def get_locked(order_id: int) -> Order:
    """The order, fresh and locked until the transaction ends. Raises NotFound."""
    query = select(Order).where(Order.id == order_id).options(lazyload("*"))
    order: Order | None = db.session.scalar(
        lock_row(query).execution_options(populate_existing=True)
    )
    if order is None:
        raise NotFound(lazy("There is no such order."))
    return order


def find_id(reference: str) -> int | None:
    """The order that a payment's reference names; None for what is not an order's."""
    kind, _, public_id = reference.partition(":")
    if kind != "order":
        return None
    return db.session.scalar(select(Order.id).where(Order.public_id == public_id))


def find_locked(reference: str) -> Order | None:
    """As ``find_id``: the order itself, fresh and locked."""
    order_id = find_id(reference)
    return get_locked(order_id) if order_id is not None else None


def units_of(order_id: int) -> Counter[int]:
    """Variant → units that the order asks for."""
    query = select(OrderLine.variant_id, OrderLine.quantity).where(OrderLine.order_id == order_id)
    units: Counter[int] = Counter()
    for row in db.session.execute(query):
        units[row.variant_id] += row.quantity  # two lines may be of one variant
    return units


def _change(order_id: int, state: OrderState, target: OrderState, at: datetime) -> bool:
    values: dict[str, Any] = {"state": target, _INSTANTS.get(target, "ended_at"): at}
    if state is OrderState.CHARGING:
        values["next_try_at"] = None
    changed = db.session.execute(
        update(Order)
        .where(Order.id == order_id, Order.state == state)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _count(order_id: int, before: OrderState, now: OrderState) -> None:
    run_id = db.session.scalars(select(Order.run_id).where(Order.id == order_id)).one()
    units = units_of(order_id)
    for states, change in ((PLEDGED, stock.pledge), (COLLECTED, stock.collect)):
        step = (now in states) - (before in states)
        if step:
            change(run_id, units, step)
    if before in HELD and now not in HELD:
        stock.give_back(run_id, units)
