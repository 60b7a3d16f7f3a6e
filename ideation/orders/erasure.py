"""What stays of a member's orders when they leave, and of a guest's when they are long over.

An order that is finished keeps its amounts and its country, which books and tax need; name, street,
mail address and tracking number go. Invoices keep what was written on them, as the law asks.
Whoever has no account cannot ask for it in their settings, so it is done by the clock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from ideation.accounts import hindrances
from ideation.accounts.hindrances import Hindrance
from ideation.core.db import db
from ideation.core.i18n import lazy_plural
from ideation.core.mail.models import Mail
from ideation.orders.models import Order, OrderState, Parcel
from ideation.payments import refunding
from ideation.payments.models import Refund, RefundState

#: A parcel of which nobody heard again has arrived by then, as far as an account is concerned.
ARRIVED_BY = timedelta(days=45)
#: After the end or the arrival of a guest's order: as long as goods may be complained of.
GUESTS_KEPT_FOR = timedelta(days=730)
_UNDER_WAY = (OrderState.PLACED, OrderState.CONFIRMED, OrderState.CHARGING, OrderState.PAID)


@hindrances.declare
def hinders(member_id: int, at: datetime) -> list[Hindrance]:
    """Orders under way, and money that is still going back."""
    sent = and_(Order.state == OrderState.DISPATCHED, Order.dispatched_at > at - ARRIVED_BY)
    query = select(Order.id).where(
        Order.member_id == member_id, or_(Order.state.in_(_UNDER_WAY), sent, _refunding())
    )
    count = len(db.session.scalars(query).all())
    if not count:
        return []
    words = lazy_plural(
        "An order of yours is not finished. Cancel it, or wait until it has arrived or its money "
        "has come back.",
        "%(n)s orders of yours are not finished. Cancel them, or wait until they have arrived or "
        "their money has come back.",
        count,
    )
    return [Hindrance(words, "/my/orders", lazy_plural("See the order", "See the orders", count))]


def forget(member_id: int) -> None:
    """Blank whom and where the member's orders went to."""
    orders = db.session.scalars(select(Order).where(Order.member_id == member_id)).all()
    addresses = {order.email for order in orders if order.email}
    db.session.execute(delete(Mail).where(Mail.to.in_(addresses), Mail.template == "order"))
    _blank(orders)


def forget_guests(at: datetime, limit: int = 500) -> int:
    """Blank whom and where guests' orders went to that have been over for two years; how many.

    At most ``limit`` at once, the oldest first. Mail to them went long before.
    """
    before = at - GUESTS_KEPT_FOR
    is_over = or_(
        Order.ended_at < before,
        and_(
            Order.state == OrderState.DELIVERED,
            func.coalesce(Order.delivered_at, Order.dispatched_at) < before,
        ),
        and_(Order.state == OrderState.DISPATCHED, Order.dispatched_at < before - ARRIVED_BY),
    )
    query = (
        select(Order)
        .where(Order.member_id.is_(None), Order.email != "", is_over, ~_refunding())
        .order_by(Order.placed_at, Order.id)
        .limit(limit)
        .with_for_update()
    )
    orders = db.session.scalars(query).all()
    _blank(orders)
    return len(orders)


def _blank(orders: Sequence[Order]) -> None:
    for order in orders:
        order.email = order.link_hash = ""
        order.address = {"country_code": order.address.get("country_code", "")}
    refunding.forget_notes({order.reference for order in orders})
    db.session.execute(
        update(Parcel)
        .where(Parcel.order_id.in_([order.id for order in orders]))
        .values(tracking_number="", tracking_url="")
        .execution_options(synchronize_session="fetch")
    )
    db.session.flush()


def _refunding() -> ColumnElement[bool]:
    """Whether money is owed back to the buyer; where a card refuses it, a person is to act."""
    reference = "order:" + Order.public_id
    return (
        select(Refund.id)
        .where(Refund.reference == reference, Refund.state != RefundState.DONE)
        .exists()
    )
