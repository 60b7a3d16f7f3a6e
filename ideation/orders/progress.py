"""An order's way as its buyer sees it: what has happened, what is now, what comes and when."""

import enum
from dataclasses import dataclass
from datetime import date, datetime

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.orders.models import Order, OrderState
from ideation.orders.states import ENDED
from ideation.orders.words import state_name


class Standing(enum.StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    #: The order ended here.
    OVER = "over"


@dataclass(frozen=True)
class Step:
    """One step with when it was, or when it is expected at the earliest."""

    label: Words
    standing: Standing
    at: datetime | None = None
    #: A day that is only promised.
    by: date | None = None


_S = OrderState
#: How far each living state is along the way.
_REACHED = {
    _S.PLACED: 0,
    _S.CONFIRMED: 1,
    _S.CHARGING: 1,
    _S.PAID: 2,
    _S.DISPATCHED: 3,
    _S.DELIVERED: 4,
}


def steps(order: Order) -> list[Step]:
    """The five steps from order to door; of one that ended, those it took and its end."""
    run = order.run
    whole: list[tuple[Words, datetime | None, datetime | date | None]] = [
        (lazy("Ordered"), order.placed_at, None),
        (lazy("Card saved"), order.confirmed_at, order.held_until),
        (lazy("Paid"), order.paid_at, order.charging_at or run.closes_at),
        (lazy("Dispatched"), order.dispatched_at, run.ships_by),
        (lazy("Delivered"), order.delivered_at, None),
    ]
    if order.state in ENDED:
        taken = [Step(label, Standing.DONE, at) for label, at, _ in whole if at is not None]
        return [*taken, Step(state_name(order.state), Standing.OVER, order.ended_at)]
    return [
        _step(label, at, expected, place - _REACHED[order.state])
        for place, (label, at, expected) in enumerate(whole)
    ]


def _step(label: Words, at: datetime | None, expected: datetime | date | None, ahead: int) -> Step:
    if ahead <= 0:
        return Step(label, Standing.DONE, at)
    standing = Standing.NOW if ahead == 1 else Standing.AHEAD
    if isinstance(expected, datetime):
        return Step(label, standing, expected)
    return Step(label, standing, by=expected)
