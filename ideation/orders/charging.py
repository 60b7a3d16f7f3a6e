"""Charging: the saved cards of a run's orders, tried until they pay or are given up.

A card is tried on days 0, 2, 4 and 6 after its first try, then the order is dropped and its units
are free (MONEY: failed card). A card given meanwhile is tried at once, beside that clock. What is
due is found by the rows themselves, so that a worker that dies leaves nothing undone: each order
is a transaction of its own, and the next tick goes on where the last one stopped.

Whether the run is a go is looked at in a transaction of its own as well, since the run is locked
before its orders, never after.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from ideation.core import events, jobs
from ideation.core.db import db, lock_row
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.orders import invoices, moving, telling
from ideation.orders.events import OrderConfirmed, OrderPaid
from ideation.orders.models import Order, OrderState
from ideation.orders.moving import move
from ideation.orders.refunding import SURPLUS
from ideation.orders.states import OrderEvent
from ideation.orders.telling import Letter
from ideation.payments import cards, refunding
from ideation.payments import charging as payments
from ideation.payments.models import Payment, PaymentState
from ideation.products import runs, stock
from ideation.products.models import Run, RunState

#: Charges, tries again, ends what has ended: all that is due now.
ADVANCE = jobs.declare("orders.advance", queue="urgent")
#: Looks whether one run is a go, or cannot be any more.
REVIEW = jobs.declare("orders.review_run", queue="urgent")

#: Days after the first try at which a card is tried; at the last one the order is given up.
DAYS = (0, 2, 4, 6, 8)
MOST_TRIES = len(DAYS) - 1
#: Between two tries lie two days, and at least this where the clock itself came late.
_LEAST_GAP = timedelta(days=1)
_GAP = timedelta(days=2)

_LIVING = frozenset({PaymentState.REQUESTED, PaymentState.NEEDS_ACTION})


def due_to_charge(at: datetime) -> list[int]:
    """Orders of charging runs whose card has not been tried, or was never saved."""
    return _orders(
        Order.state.in_((OrderState.PLACED, OrderState.CONFIRMED)),
        Run.state.in_((RunState.CHARGING, RunState.GO)),
        Run.charging_at <= at,
    )


def due_to_try(at: datetime) -> list[int]:
    """Orders whose next try, or whose end, has come."""
    return _orders(Order.state == OrderState.CHARGING, Order.next_try_at <= at)


def due_to_fail(at: datetime) -> list[int]:
    """Orders that live on in a run that failed."""
    return _orders(
        Order.state.in_(
            (OrderState.PLACED, OrderState.CONFIRMED, OrderState.CHARGING, OrderState.PAID)
        ),
        Run.state == RunState.FAILED,
        Run.decided_at <= at,
    )


def due_to_review(at: datetime) -> list[int]:
    """Runs that are charging."""
    query = select(Run.id).where(Run.state == RunState.CHARGING, Run.charging_at <= at)
    return list(db.session.scalars(query.order_by(Run.id)))


def charge_run(run_id: int, *, at: datetime) -> int:
    """Begin with every order of a charging run, in the open transaction. Returns how many.

    For whoever plays a run whole; workers take the orders one by one.
    """
    waiting = _orders(
        Order.run_id == run_id, Order.state.in_((OrderState.PLACED, OrderState.CONFIRMED))
    )
    return sum(charge(order_id, at=at) for order_id in waiting)


def charge(order_id: int, *, at: datetime) -> bool:
    """Try the card of a confirmed order for the first time; let one without a card expire.

    True for the one caller that moved it.
    """
    if move(order_id, OrderEvent.EXPIRE, at=at) is not None:
        return True
    if move(order_id, OrderEvent.CHARGE, at=at) is None:
        return False
    _try_by_the_clock(moving.get_locked(order_id), at)
    return True


def try_again(order_id: int, *, at: datetime) -> bool:
    """Try the card of an order whose day has come, or give the order up after the last.

    A try that the buyer's bank or the provider has left unanswered until now counts as failed.
    True for the one caller that did it.
    """
    order = moving.get_locked(order_id)
    if order.state is not OrderState.CHARGING or not _is_due(order, at):
        return False
    abandon_living(order, at=at)
    if order.tries >= MOST_TRIES:
        give_up(order_id, at=at)
    else:
        _try_by_the_clock(order, at)
    return True


def try_new_card(order: Order, *, at: datetime) -> bool:
    """Try a card given while charging at once, once a card; the clock of tries goes on beside it.

    One that waits for the buyer's word is let go for it; one that the provider is just being
    asked about is not: paying twice would be worse than waiting. ``order`` is locked.
    """
    method = cards.latest_saved(order.reference)
    tried = payments.list_for(order.reference)
    if method is None or any(payment.method_id == method.id for payment in tried):
        return False
    if any(payment.state is PaymentState.REQUESTED for payment in tried):
        return False
    abandon_living(order, at=at)
    _request(order, method.id, at)
    return True


def save_card(order: Order, *, at: datetime) -> None:
    """A card is saved for the order, which is locked, and its run held against ending."""
    if order.state is OrderState.PLACED and order.run.state is RunState.OPEN:
        move(order.id, OrderEvent.CARD_SAVED, at=at)
        events.publish(OrderConfirmed(order.id, at))
        telling.tell(order.id, Letter.CONFIRMED, at=at)
    elif order.state is OrderState.CHARGING:
        try_new_card(order, at=at)
    elif order.state in {OrderState.PLACED, OrderState.EXPIRED, OrderState.FAILED}:
        telling.tell(order.id, Letter.TOO_LATE, at=at)  # nothing will ever be charged to it


def book(order: Order, payment: Payment, *, at: datetime) -> bool:
    """Money is here: the order is paid by it, or it goes back whole.

    It goes back where the order is over or another payment was faster. True where it paid.
    ``order`` is locked.
    """
    if order.payment_id == payment.id:
        return False  # told twice
    if order.payment_id is not None or move(order.id, OrderEvent.CAPTURED, at=at) is None:
        refunding.request(
            payment.id,
            payment.amount_minor,
            key=f"surplus:{payment.public_id}",
            reason=SURPLUS,
            by=None,
            at=at,
        )
        return False
    order.payment_id = payment.id
    db.session.flush()
    abandon_living(order, at=at)
    events.publish(OrderPaid(order.id, payment.id, at))
    telling.tell(order.id, Letter.PAID, at=at)
    jobs.enqueue(REVIEW, at=at, run_id=order.run_id)
    invoices.issue(order.id, at=at)
    return True


def note_failure(order: Order, payment: Payment, *, at: datetime) -> None:
    """A try failed: with a newer card try that, after the last try give up, else tell the buyer.

    ``order`` is locked. A try that another has taken the place of changes nothing.
    """
    if order.state is not OrderState.CHARGING or _living(order) is not None:
        return
    if try_new_card(order, at=at):
        return
    if order.tries >= MOST_TRIES:
        give_up(order.id, at=at)
    else:
        telling.tell(order.id, Letter.CHARGE_FAILED, at=at, about=payment.id)


def give_up(order_id: int, *, at: datetime) -> bool:
    """Drop an order that could not be charged; its units are free."""
    if move(order_id, OrderEvent.GIVE_UP, at=at) is None:
        return False
    telling.tell(order_id, Letter.DROPPED, at=at)
    return True


def fail(order_id: int, *, at: datetime) -> bool:
    """End an order whose run failed; what was paid goes back (see ``subscribers``)."""
    before = move(order_id, OrderEvent.RUN_FAILED, at=at)
    if before is None:
        return False
    if before is not OrderState.PLACED:
        telling.tell(order_id, Letter.RUN_FAILED, at=at)
    return True


def fail_run(run_id: int, *, at: datetime) -> int:
    """End every order of a failed run, in the open transaction. Returns how many."""
    living = _orders(Order.run_id == run_id, Order.ended_at.is_(None))
    return sum(fail(order_id, at=at) for order_id in living)


def leave_out_unpaid(run_id: int, *, at: datetime) -> int:
    """Production starts: who has not paid by now is given up. Returns how many.

    The run is locked. All its orders are, before any moves: whoever holds one wants counters next.
    Raises Conflict while a card was never tried: workers are at it.
    """
    waiting = select(Order.id).where(
        Order.run_id == run_id, Order.state.in_((OrderState.CONFIRMED, OrderState.CHARGING))
    )
    order_ids = db.session.scalars(lock_row(waiting.order_by(Order.id))).all()
    orders = [moving.get_locked(order_id) for order_id in order_ids]
    if any(order.state is OrderState.CONFIRMED for order in orders):
        raise Conflict(lazy("Some cards are only just being charged. Try again in a minute."))
    return sum(give_up(order.id, at=at) for order in orders)


def review_run(run_id: int, *, at: datetime) -> RunState | None:
    """Make a charging run a go, or let it fail once its goal is out of reach, or do nothing.

    Pledged units are those collected and those still being charged: no others can be any more.
    """
    state = runs.settle(run_id, at=at)
    if state is not None:
        return state
    run = runs.get_locked(run_id)
    if run.state is not RunState.CHARGING or stock.pledged(run_id) >= run.goal:
        return None
    return RunState.FAILED if runs.fail(run_id, at=at) else None


def abandon_living(order: Order, *, at: datetime) -> None:
    """Let go of the try that is not answered yet, if there is one. ``order`` is locked."""
    living = _living(order)
    if living is not None:
        payments.abandon(living.id, at=at)


def _orders(*conditions: ColumnElement[bool]) -> list[int]:
    query = select(Order.id).join(Run, Run.id == Order.run_id).where(*conditions)
    return list(db.session.scalars(query.order_by(Order.id)))


def _is_due(order: Order, at: datetime) -> bool:
    return order.next_try_at is not None and order.next_try_at <= at


def _try_by_the_clock(order: Order, at: datetime) -> None:
    """The next of the four tries, with the latest card; without one it counts all the same."""
    assert order.charging_at is not None
    order.tries += 1
    next_at = order.charging_at + timedelta(days=DAYS[order.tries])
    order.next_try_at = next_at if next_at - at >= _LEAST_GAP else at + _GAP
    db.session.flush()
    method = cards.latest_saved(order.reference)
    if method is not None and _living(order) is None:
        _request(order, method.id, at)


def _request(order: Order, method_id: int, at: datetime) -> None:
    attempt = 1 + max((one.attempt for one in payments.list_for(order.reference)), default=0)
    payments.request(order.reference, method_id, order.total_minor, order.currency, attempt, at=at)


def _living(order: Order) -> Payment | None:
    return next((one for one in payments.list_for(order.reference) if one.state in _LIVING), None)
