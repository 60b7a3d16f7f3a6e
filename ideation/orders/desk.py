"""Questions about orders, as those ask who look after them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.orders.models import Order, OrderLine, OrderState
from ideation.orders.states import COLLECTED
from ideation.products.models import Product, Run, Variant

#: Of a run its product's name and no more: a list needs no stock, prices and pictures.
_ITS_NAME = (
    lazyload(Run.stock),
    joinedload(Run.product).options(
        lazyload(Product.prices),
        lazyload(Product.variants),
        lazyload(Product.pictures),
        lazyload(Product.article),
    ),
)


@dataclass(frozen=True)
class Search:
    """What a list is narrowed to; nothing for all."""

    run_id: int | None = None
    state: OrderState | None = None
    #: The beginning of an order's number, or part of a mail address.
    words: str = ""


@dataclass(frozen=True)
class Moment:
    """A state that an order was in, and since when."""

    state: OrderState
    at: datetime


def list_orders(search: Search, page: int = 1) -> Page[Order]:
    """The orders, the latest first, each with its run and product."""
    query = (
        _narrowed(select(Order), search)
        .options(joinedload(Order.run).options(*_ITS_NAME))
        .order_by(Order.placed_at.desc(), Order.id.desc())
    )
    return paginate(query, page)


def count_by_state(run_id: int | None = None) -> Counter[OrderState]:
    """How many orders are in each state, of one run or of all."""
    query = select(Order.state, func.count().label("orders")).group_by(Order.state)
    if run_id is not None:
        query = query.where(Order.run_id == run_id)
    return Counter({row.state: row.orders for row in db.session.execute(query)})


def list_runs() -> list[Run]:
    """Every run that anything was ordered of, the latest first, with its product."""
    query = (
        select(Run)
        .where(Run.id.in_(select(Order.run_id)))
        .options(*_ITS_NAME)
        .order_by(Run.opens_at.desc(), Run.id.desc())
    )
    return list(db.session.scalars(query))


def get_run(public_id: str) -> Run:
    """The run with its product. Raises NotFound."""
    query = select(Run).where(Run.public_id == public_id).options(joinedload(Run.product))
    run = db.session.scalars(query).one_or_none()
    if run is None:
        raise NotFound(lazy("There is no such pre-order."))
    return run


def list_to_make(run_id: int) -> list[tuple[Variant, int]]:
    """Variant and how many of it are paid for and not given back: what is to be printed."""
    units = func.sum(OrderLine.quantity - OrderLine.refunded_quantity)
    query = (
        select(Variant, units)
        .join(OrderLine, OrderLine.variant_id == Variant.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.run_id == run_id, Order.state.in_(COLLECTED))
        .group_by(Variant.id)
        .order_by(Variant.position)
    )
    return [(variant, int(count)) for variant, count in db.session.execute(query)]


def list_in_state(run_id: int, state: OrderState) -> list[int]:
    """Orders of the run in that state."""
    query = select(Order.id).where(Order.run_id == run_id, Order.state == state)
    return list(db.session.scalars(query.order_by(Order.id)))


def timeline(order: Order) -> list[Moment]:
    """The states that the order went through, in their order, the present one last."""
    way = [
        (OrderState.PLACED, order.placed_at),
        (OrderState.CONFIRMED, order.confirmed_at),
        (OrderState.CHARGING, order.charging_at),
        (OrderState.PAID, order.paid_at),
        (OrderState.DISPATCHED, order.dispatched_at),
        (OrderState.DELIVERED, order.delivered_at),
        (order.state, order.ended_at),
    ]
    return [Moment(state, at) for state, at in way if at is not None]


def _narrowed(query: Select[Order], search: Search) -> Select[Order]:
    if search.run_id is not None:
        query = query.where(Order.run_id == search.run_id)
    if search.state is not None:
        query = query.where(Order.state == search.state)
    words = search.words.strip().lstrip("#").lower()
    if words:
        query = query.where(
            or_(
                Order.public_id.startswith(words, autoescape=True),
                func.lower(Order.email).contains(words, autoescape=True),
            )
        )
    return query
