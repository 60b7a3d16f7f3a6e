"""Questions about orders, as their buyers ask them."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ideation.core import config
from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.orders.addresses import Address
from ideation.orders.models import Order, OrderChange, OrderState, Parcel
from ideation.products.models import Product, Run

_WHOLE = (joinedload(Order.run).joinedload(Run.product),)


def get_by_public_id(public_id: str) -> Order:
    """The order with its run and product. Raises NotFound."""
    order = find_by_public_id(public_id)
    if order is None:
        raise NotFound(lazy("There is no such order."))
    return order


def find_by_public_id(public_id: str) -> Order | None:
    """The order with its run and product, or None."""
    query = select(Order).where(Order.public_id == public_id).options(*_WHOLE)
    return db.session.scalars(query).one_or_none()


def page_of_mine(member_id: int, page: int = 1) -> Page[Order]:
    """The member's orders, newest first. Those that expired without a card are left out."""
    query = (
        select(Order)
        .where(Order.member_id == member_id, Order.state != OrderState.EXPIRED)
        .options(*_WHOLE)
        .order_by(Order.placed_at.desc(), Order.id.desc())
    )
    return paginate(query, page)


def find_last_address(member_id: int) -> Address | None:
    """Where the member's last order goes: what the next one's form begins with."""
    query = (
        select(Order.address)
        .where(Order.member_id == member_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def find_parcel(order_id: int) -> Parcel | None:
    """The order's parcel, once it has left."""
    return db.session.get(Parcel, order_id)


def list_changes(order_id: int) -> list[OrderChange]:
    """What was changed on the order, oldest first."""
    query = select(OrderChange).where(OrderChange.order_id == order_id).order_by(OrderChange.id)
    return list(db.session.scalars(query))


def product_url(order: Order) -> str:
    """The address of the page it was ordered on, as it stands in letters."""
    product: Product = order.run.product
    return f"{config.current().base_url}/products/{product.slug}"
