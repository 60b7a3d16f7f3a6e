"""From a basket to an order whose units are held.

Half an hour is held for a card to be saved; then the clock takes the units back. Units are taken
last, by one conditional UPDATE a variant: of two who want the last one, one is told so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from ideation.accounts import addresses as mail_addresses
from ideation.core import ids, jobs
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import lazy
from ideation.orders import addresses, links, moving, pricing, shipping
from ideation.orders.models import Order, OrderLine, OrderState
from ideation.orders.pricing import Quote
from ideation.orders.states import OrderEvent
from ideation.products import runs, stock
from ideation.products.models import Product, ProductPrice, Run, RunVariant

#: Takes back what is held for orders without a card.
EXPIRE = jobs.declare("orders.expire")

HOLD = timedelta(minutes=30)
MOST_OF_ONE = 20
MOST_IN_ALL = 60


@dataclass(frozen=True)
class Buyer:
    """Who orders: a member, or a guest (``member_id`` None) who holds the order's link."""

    email: str
    language: str
    zone: str = "UTC"
    member_id: int | None = None


def place(
    buyer: Buyer,
    run_id: int,
    basket: Mapping[int, int],
    address: Mapping[str, str],
    currency: str,
    *,
    at: datetime,
) -> Order:
    """Order ``basket`` (variant → units) of the run, in the open transaction.

    Raises Conflict where the run takes no orders now, SoldOut (a Conflict) where fewer units are
    left than asked for, Invalid for anything that does not fit. The caller rolls back.
    """
    run = runs.hold_open(run_id, at=at)
    if not _is_published(run.product_id):
        raise Conflict(lazy("This is not for sale yet."))
    email, checked = _contact(buyer.email, address)
    quote = quote_for(run, basket, checked["country_code"], currency)
    order = _written(replace(buyer, email=email), run, quote, checked, at)
    stock.take(run.id, {line.variant_id: line.quantity for line in quote.lines})
    return order


def quote_for(run: Run, basket: Mapping[int, int], country: str, currency: str) -> Quote:
    """What the basket costs, sent to that country. Reads only.

    Raises Invalid for a basket that is empty, too large or of another run, for a currency without
    a price and a country we do not ship to.
    """
    check_basket(run, basket)
    price = unit_price(run.product_id, currency)
    rate = shipping.rate_for(country, currency)
    if rate is None:
        words = lazy("We do not ship there, or not for this currency. Choose another.")
        raise Invalid(fields={"country_code": words})
    return pricing.quote(basket, dict.fromkeys(basket, price), rate, currency)


def check_basket(run: Run, basket: Mapping[int, int]) -> None:
    """Raise Invalid, naming the field ``basket``, unless the run may sell such a basket."""
    sold = set(db.session.scalars(select(RunVariant.variant_id).where(RunVariant.run_id == run.id)))
    if not basket or not any(basket.values()):
        words = lazy("Choose at least one size.")
    elif not set(basket) <= sold:
        words = lazy("One of the sizes is not for sale here. Choose again.")
    elif min(basket.values()) < 1 or max(basket.values()) > MOST_OF_ONE:
        words = lazy("From 1 to %(most)s pieces of a size.", most=MOST_OF_ONE)
    elif sum(basket.values()) > MOST_IN_ALL:
        words = lazy("At most %(most)s pieces in one order.", most=MOST_IN_ALL)
    else:
        return
    raise Invalid(fields={"basket": words})


def unit_price(product_id: int, currency: str) -> int:
    """What one unit costs, in minor units. Raises Invalid where it has no price in it."""
    query = select(ProductPrice.price_minor).where(
        ProductPrice.product_id == product_id, ProductPrice.currency == currency
    )
    price = db.session.scalar(query)
    if price is None:
        raise Invalid(fields={"currency": lazy("There is no price in this currency.")})
    return price


def due_to_expire(at: datetime) -> list[int]:
    """Orders without a card whose half hour is over, the oldest first."""
    query = select(Order.id).where(Order.state == OrderState.PLACED, Order.held_until <= at)
    return list(db.session.scalars(query.order_by(Order.placed_at, Order.id).limit(1000)))


def expire(order_id: int, *, at: datetime) -> bool:
    """Let go of what an order without a card holds; True for the one caller that did it.

    One a transaction: whoever holds two orders at once waits for a rival who holds them too.
    """
    return moving.move(order_id, OrderEvent.EXPIRE, at=at) is not None


def _is_published(product_id: int) -> bool:
    query = select(Product.published_at).where(Product.id == product_id)
    return db.session.scalar(query) is not None


def _contact(email: str, address: Mapping[str, str]) -> tuple[str, addresses.Address]:
    """Both, checked. Raises Invalid with all that is wrong with either."""
    wrong: dict[str, Words] = {}
    checked: addresses.Address = {}
    try:
        email = mail_addresses.parse(email)
    except Invalid as error:
        wrong["email"] = error.message
    try:
        checked = addresses.check(address)
    except Invalid as error:
        wrong = {**error.fields, **wrong}
    if wrong:
        raise Invalid(fields=wrong)
    return email, checked


def _written(
    buyer: Buyer, run: Run, quote: Quote, address: addresses.Address, at: datetime
) -> Order:
    public_id = ids.public_id()
    order = Order(
        public_id=public_id,
        run_id=run.id,
        member_id=buyer.member_id,
        link_hash=links.hashed(links.secret_of(public_id)),
        email=buyer.email,
        language=buyer.language,
        zone=buyer.zone,
        state=OrderState.PLACED,
        currency=quote.currency,
        address=address,
        placed_at=at,
        held_until=at + HOLD,
        lines=[
            OrderLine(
                variant_id=line.variant_id,
                quantity=line.quantity,
                unit_minor=line.unit_minor,
                shipping_minor=line.shipping_minor,
            )
            for line in quote.lines
        ],
    )
    db.session.add(order)
    db.session.flush()
    return order
