"""An order's life as a table: which event leads from where to where. Everything else is refused.

    placed ── card_saved → confirmed ── charge → charging ── captured → paid
       paid ── dispatch → dispatched ── deliver → delivered

``cancel`` (by the buyer, before lock), ``run_failed``, ``expire``, ``give_up`` and ``refund`` (in
full, before dispatch) end it. What is given back after dispatch changes amounts, not the state:
the parcel did leave.
"""

import enum
from collections.abc import Mapping

from ideation.orders.models import OrderState

_S = OrderState


class OrderEvent(enum.StrEnum):
    """What can happen to an order."""

    CARD_SAVED = "card_saved"
    EXPIRE = "expire"
    CHARGE = "charge"
    CAPTURED = "captured"
    GIVE_UP = "give_up"
    CANCEL = "cancel"
    RUN_FAILED = "run_failed"
    REFUND = "refund"
    DISPATCH = "dispatch"
    DELIVER = "deliver"


_E = OrderEvent

EDGES: Mapping[OrderEvent, Mapping[OrderState, OrderState]] = {
    _E.CARD_SAVED: {_S.PLACED: _S.CONFIRMED},
    _E.EXPIRE: {_S.PLACED: _S.EXPIRED},
    _E.CHARGE: {_S.CONFIRMED: _S.CHARGING},
    _E.CAPTURED: {_S.CHARGING: _S.PAID},
    _E.GIVE_UP: {_S.CHARGING: _S.DROPPED},
    _E.CANCEL: dict.fromkeys((_S.PLACED, _S.CONFIRMED, _S.CHARGING, _S.PAID), _S.CANCELLED),
    _E.RUN_FAILED: dict.fromkeys((_S.PLACED, _S.CONFIRMED, _S.CHARGING, _S.PAID), _S.FAILED),
    _E.REFUND: {_S.PAID: _S.REFUNDED},
    _E.DISPATCH: {_S.PAID: _S.DISPATCHED},
    _E.DELIVER: {_S.DISPATCHED: _S.DELIVERED},
}

#: States in which units are paid, count towards the goal, and are held, each within the next.
COLLECTED = frozenset({_S.PAID, _S.DISPATCHED, _S.DELIVERED})
PLEDGED = COLLECTED | {_S.CONFIRMED, _S.CHARGING}
HELD = PLEDGED | {_S.PLACED}
#: Over, without anything sent.
ENDED = frozenset(_S) - HELD


def after(state: OrderState, event: OrderEvent) -> OrderState | None:
    """Where the event leads from the state; None where it is not legal there."""
    return EDGES[event].get(state)
