"""Who may see and change an order: pure questions, which the pages ask as well."""

from datetime import datetime

from ideation.accounts.models import Member
from ideation.orders.models import Order, OrderState
from ideation.products.models import Run, RunState
from ideation.products.policies import is_open, is_over
from ideation.products.policies import may_change as run_may_change

#: States in which the buyer may still change or cancel, as long as the run is not locked.
CHANGEABLE = frozenset(
    {OrderState.PLACED, OrderState.CONFIRMED, OrderState.CHARGING, OrderState.PAID}
)


def may_see(order: Order, viewer: Member | None, *, has_link: bool) -> bool:
    """Whether it is the viewer's own, or they hold a guest's link. Staff look in the console."""
    if order.member_id is None:
        return has_link
    return viewer is not None and viewer.id == order.member_id


def may_change(order: Order, run: Run, at: datetime) -> bool:
    """Whether sizes and address may be changed, and the order cancelled: until the run is locked.

    An order without a card whose half hour is over is as good as gone.
    """
    if order.state not in CHANGEABLE or not run_may_change(run, at):
        return False
    return order.state is not OrderState.PLACED or at < order.held_until


def may_give_card(order: Order, run: Run, at: datetime) -> bool:
    """Whether a card, or another one, would still help."""
    if order.state is OrderState.PLACED:
        return at < order.held_until and is_open(run, at)
    if order.state is OrderState.CONFIRMED:
        return run.state is RunState.OPEN and not is_over(run, at)
    return order.state is OrderState.CHARGING
