"""What orders do when something happens to their run, their card or their money.

Each does its work once, however often it is told, and in any order. Locks are taken as run, then
order, then payment: so when a provider speaks of a payment, its order is locked first.
"""

from sqlalchemy import select

from ideation.accounts.events import AccountErased
from ideation.core import events, jobs
from ideation.core.db import db, is_postgresql
from ideation.orders import charging, erasure, moving, refunding, telling
from ideation.orders.events import OrderEnded
from ideation.orders.models import Order, OrderState
from ideation.orders.telling import Letter
from ideation.payments import charging as payments
from ideation.payments.events import (
    MethodFailed,
    MethodSaved,
    PaymentCaptured,
    PaymentFailed,
    PaymentNeedsAction,
    ProviderSpoke,
)
from ideation.payments.models import Payment
from ideation.products.events import (
    RunCharging,
    RunEndsSoon,
    RunFailed,
    RunGo,
    RunLocked,
)
from ideation.products.models import Run, RunState

#: Why the money of an order that is over goes back.
_REASONS = {
    OrderState.CANCELLED: refunding.CANCELLED,
    OrderState.FAILED: refunding.RUN_FAILED,
}


@events.subscribe(ProviderSpoke)
def lock_first(event: ProviderSpoke) -> None:
    """Lock the order before payments lock their row; hold its run, lest it ends meanwhile."""
    order_id = moving.find_id(event.reference)
    if order_id is not None:
        _hold_run(order_id)
        moving.get_locked(order_id)


@events.subscribe(MethodSaved)
def save_card(event: MethodSaved) -> None:
    """The order counts towards the goal; one that is being charged tries the new card."""
    order = _held(event.reference)
    if order is not None:
        charging.save_card(order, at=event.at)


@events.subscribe(MethodFailed)
def ask_for_another(event: MethodFailed) -> None:
    """The buyer hears that the card was not taken, while another would still help."""
    order = moving.find_locked(event.reference)
    if order is not None and order.state in {OrderState.PLACED, OrderState.CHARGING}:
        telling.tell(order.id, Letter.CARD_FAILED, at=event.at, about=event.method_id)


@events.subscribe(PaymentCaptured)
def book(event: PaymentCaptured) -> None:
    """The order is paid, or the money goes back."""
    order = moving.find_locked(event.reference)
    if order is not None:
        charging.book(order, _payment(event.payment_id), at=event.at)


@events.subscribe(PaymentFailed)
def note_failure(event: PaymentFailed) -> None:
    """The card is tried again, or the order is given up."""
    order = moving.find_locked(event.reference)
    if order is not None:
        charging.note_failure(order, _payment(event.payment_id), at=event.at)


@events.subscribe(PaymentNeedsAction)
def ask_for_a_word(event: PaymentNeedsAction) -> None:
    """The buyer gets the link to their bank, unless another card was given meanwhile.

    A try for an order that is over is let go.
    """
    order = moving.find_locked(event.reference)
    if order is None:
        return
    if order.state is not OrderState.CHARGING:
        payments.abandon(event.payment_id, at=event.at)
    elif not charging.try_new_card(order, at=event.at):
        telling.tell(order.id, Letter.CONFIRM_NEEDED, at=event.at, about=event.payment_id)


@events.subscribe(OrderEnded)
def settle_up(event: OrderEnded) -> None:
    """What is over is charged no more and keeps no money; its run may be out of reach now."""
    order = moving.get_locked(event.order_id)
    charging.abandon_living(order, at=event.at)
    if order.state in _REASONS:
        refunding.refund_all(
            order.id,
            reason=_REASONS[order.state],
            key=f"{order.state}:{order.public_id}",
            at=event.at,
        )
    if _run_state(order.run_id) is RunState.CHARGING:
        jobs.enqueue(charging.REVIEW, at=event.at, run_id=order.run_id)


@events.subscribe(RunCharging)
def begin_charging(event: RunCharging) -> None:
    """Workers begin at once; the clock would find the orders as well."""
    jobs.enqueue(charging.ADVANCE, at=event.at, key=f"orders.charge:{event.run_id}")


@events.subscribe(RunFailed)
def end_orders(event: RunFailed) -> None:
    """Workers begin at once; the clock would find the orders as well."""
    jobs.enqueue(charging.ADVANCE, at=event.at, key=f"orders.fail:{event.run_id}")


@events.subscribe(RunEndsSoon)
def warn(event: RunEndsSoon) -> None:
    """Whoever has a card saved hears when it will be charged."""
    telling.tell_run(event.run_id, Letter.ENDS_SOON, at=event.at)


@events.subscribe(RunGo)
def rejoice(event: RunGo) -> None:
    """Whoever has paid hears that it will be printed."""
    telling.tell_run(event.run_id, Letter.RUN_GO, at=event.at)


@events.subscribe(RunLocked)
def close_changes(event: RunLocked) -> None:
    """Nobody joins who has not paid; whoever has hears that production has started."""
    charging.leave_out_unpaid(event.run_id, at=event.at)
    telling.tell_run(event.run_id, Letter.LOCKED, at=event.at)


@events.subscribe(AccountErased)
def forget_buyer(event: AccountErased) -> None:
    """A member left; their orders are over, or they would not have been let go."""
    erasure.forget(event.member_id)


def _held(reference: str) -> Order | None:
    """The order, locked, and its run held before."""
    order_id = moving.find_id(reference)
    if order_id is None:
        return None
    _hold_run(order_id)
    return moving.get_locked(order_id)


def _hold_run(order_id: int) -> RunState:
    """The state of the order's run, which cannot end until this transaction does.

    A card saved in the last moment counts towards the goal, or is too late: nothing between.
    """
    query = select(Run.state).join(Order, Order.run_id == Run.id).where(Order.id == order_id)
    held = query.with_for_update(read=True, of=Run) if is_postgresql() else query
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _run_state(run_id: int) -> RunState:
    return db.session.scalars(select(Run.state).where(Run.id == run_id)).one()


def _payment(payment_id: int) -> Payment:
    return db.session.get_one(Payment, payment_id)
