"""Sending what was paid for: the parcel leaves, the parcel arrives.

Only once the run is locked: until then the buyer may still change size and address, or cancel.
"""

from datetime import datetime

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.audit import trail
from ideation.core import events
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed, Words
from ideation.core.i18n import lazy
from ideation.core.text import clean_line
from ideation.orders import carriers, moving, telling
from ideation.orders.events import OrderDelivered, OrderDispatched
from ideation.orders.models import Order, OrderState, Parcel
from ideation.orders.moving import move
from ideation.orders.states import ENDED, OrderEvent
from ideation.orders.telling import Letter
from ideation.products.models import Run

MOST_CARRIER = 60
MOST_NUMBER = 60


def dispatch(
    actor: Member, order_id: int, carrier: str, tracking_number: str, *, at: datetime
) -> Parcel:
    """Mark the order as sent, in the open transaction, and tell its buyer.

    Raises NotAllowed, Invalid without a carrier, and Conflict where ``hindrance`` names one.
    """
    _check_may_fulfil(actor)
    carrier, number = _checked(carrier, tracking_number)
    order = moving.get_locked(order_id)
    words = hindrance(order)
    if words is not None:
        raise Conflict(words)
    move(order_id, OrderEvent.DISPATCH, at=at)
    parcel = Parcel(
        order_id=order_id,
        carrier=carrier,
        tracking_number=number,
        tracking_url=carriers.page_of(carrier, number),
        dispatched_by=actor.id,
        dispatched_at=at,
    )
    db.session.add(parcel)
    db.session.flush()
    events.publish(OrderDispatched(order_id, at))
    telling.tell(order_id, Letter.DISPATCHED, at=at)
    _audit("order.dispatched", actor, order_id, at)
    return parcel


def correct(
    actor: Member, order_id: int, carrier: str, tracking_number: str, *, at: datetime
) -> bool:
    """Correct the carrier or the number of a parcel that was sent; False where nothing changes.

    The buyer is told anew. Raises NotAllowed, Invalid, and Conflict for what was not sent, or
    has arrived.
    """
    _check_may_fulfil(actor)
    carrier, number = _checked(carrier, tracking_number)
    order = moving.get_locked(order_id)
    parcel = db.session.get(Parcel, order_id)
    if order.state is not OrderState.DISPATCHED or parcel is None:
        raise Conflict(lazy("Only a parcel that is on its way has a number to correct."))
    if (parcel.carrier, parcel.tracking_number) == (carrier, number):
        return False
    parcel.carrier, parcel.tracking_number = carrier, number
    parcel.tracking_url = carriers.page_of(carrier, number)
    db.session.flush()
    telling.tell(order_id, Letter.DISPATCHED, at=at, time=at.isoformat())
    _audit("order.tracking_corrected", actor, order_id, at)
    return True


def deliver(actor: Member | None, order_id: int, *, at: datetime) -> bool:
    """Mark the parcel as arrived, in the open transaction; True for the one caller that did it.

    Raises NotAllowed, and Conflict for an order that was never sent.
    """
    if actor is not None:
        _check_may_fulfil(actor)
    order = moving.get_locked(order_id)
    if order.state is OrderState.DELIVERED:
        return False
    if move(order_id, OrderEvent.DELIVER, at=at) is None:
        raise Conflict(lazy("This order was not sent yet, so it cannot have arrived."))
    db.session.get_one(Parcel, order_id).delivered_at = at
    db.session.flush()
    events.publish(OrderDelivered(order_id, at))
    telling.tell(order_id, Letter.DELIVERED, at=at)
    _audit("order.delivered", actor, order_id, at)
    return True


def hindrance(order: Order) -> Words | None:
    """Why the order cannot be marked as sent now; None where it can."""
    if order.state in {OrderState.DISPATCHED, OrderState.DELIVERED}:
        return lazy("This order was already sent.")
    if order.state in ENDED:
        return lazy("This order is over: nothing is to be sent.")
    if order.state is not OrderState.PAID:
        return lazy("This order is not paid yet.")
    if not is_locked(order.run):
        return lazy("Production has not started yet: the buyer may still change the order.")
    return None


def is_locked(run: Run) -> bool:
    """Whether production of the run has been started, so that its orders may be sent."""
    return run.locked_at is not None


def find_wrong(carrier: str, number: str) -> dict[str, Words]:
    """What is wrong with a carrier and a number, by field; nothing where they will do."""
    wrong: dict[str, Words] = {}
    if not carrier:
        wrong["carrier"] = lazy("Write who carries the parcel.")
    elif len(carrier) > MOST_CARRIER:
        wrong["carrier"] = lazy("At most %(most)s characters.", most=MOST_CARRIER)
    if len(number) > MOST_NUMBER:
        wrong["tracking_number"] = lazy("At most %(most)s characters.", most=MOST_NUMBER)
    return wrong


def may_fulfil(actor: Member) -> bool:
    """Whether the member may send orders."""
    return holds(actor, Permission.FULFIL)


def _check_may_fulfil(actor: Member) -> None:
    if not may_fulfil(actor):
        raise NotAllowed(lazy("Your roles do not include sending orders."))


def _checked(carrier: str, number: str) -> tuple[str, str]:
    """Carrier and number, cleaned. Raises Invalid with the fields that are wrong."""
    carrier, number = clean_line(carrier), clean_line(number)
    wrong = find_wrong(carrier, number)
    if wrong:
        raise Invalid(fields=wrong)
    return carrier, number


def _audit(action: str, actor: Member | None, order_id: int, at: datetime) -> None:
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="order",
        subject_id=order_id,
        at=at,
    )
