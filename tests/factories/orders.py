"""Orders in any state, by the real rules: placed, their card saved, charged, sent."""

from collections.abc import Mapping
from datetime import datetime

from ideation.accounts.models import Member
from ideation.core import clock, events, ids
from ideation.core.db import db, transaction
from ideation.orders import moving, placing
from ideation.orders.events import (
    OrderConfirmed,
    OrderDelivered,
    OrderDispatched,
    OrderPaid,
)
from ideation.orders.models import Order, OrderState
from ideation.orders.placing import Buyer
from ideation.orders.states import OrderEvent
from ideation.payments.models import MethodState, Payment, PaymentMethod, PaymentState
from ideation.products.models import Run
from tests.factories.keys import key_of
from tests.factories.products import run as make_run

ADDRESS = {
    "country_code": "PT",
    "name": "Ada Lind",
    "street_address": "Rua do Ouro 12\n3.º esq.",
    "postal_code": "1100-060",
    "city": "Lisboa",
}
#: State → the events that lead there from ``placed``.
_WAY: dict[OrderState, tuple[OrderEvent, ...]] = {
    OrderState.PLACED: (),
    OrderState.CONFIRMED: (OrderEvent.CARD_SAVED,),
    OrderState.CHARGING: (OrderEvent.CARD_SAVED, OrderEvent.CHARGE),
    OrderState.PAID: (OrderEvent.CARD_SAVED, OrderEvent.CHARGE, OrderEvent.CAPTURED),
    OrderState.EXPIRED: (OrderEvent.EXPIRE,),
    OrderState.CANCELLED: (OrderEvent.CARD_SAVED, OrderEvent.CANCEL),
    OrderState.DROPPED: (OrderEvent.CARD_SAVED, OrderEvent.CHARGE, OrderEvent.GIVE_UP),
    OrderState.FAILED: (OrderEvent.CARD_SAVED, OrderEvent.RUN_FAILED),
}
_WAY[OrderState.DISPATCHED] = (*_WAY[OrderState.PAID], OrderEvent.DISPATCH)
_WAY[OrderState.DELIVERED] = (*_WAY[OrderState.DISPATCHED], OrderEvent.DELIVER)


def order(
    run: Run | None = None,
    member: Member | None = None,
    *,
    units: Mapping[str, int] | None = None,
    state: str = "confirmed",
    currency: str = "USD",
    address: Mapping[str, str] | None = None,
    email: str = "guest@example.org",
    language: str = "en",
    at: datetime | None = None,
) -> Order:
    """An order of the run, committed; a guest's without ``member``. ``units`` is size → how many.

    Placed at ``at``, then led to ``state``. The run's own state stays as it is.
    """
    at = at or clock.now()
    run = run or make_run()
    with transaction():
        run = db.session.get_one(Run, key_of(run))
        basket = {
            row.variant_id: (units or {"M": 1})[row.variant.size]
            for row in run.stock
            if row.variant.size in (units or {"M": 1})
        }
        buyer = Buyer(
            email=member.email or email if member else email,
            language=language,
            member_id=member.id if member else None,
        )
        one = placing.place(buyer, run.id, basket, address or ADDRESS, currency, at=at)
    for event in _WAY[OrderState(state)]:
        with transaction():
            lead(one.id, event, at=at)
    db.session.refresh(one)
    return one


def lead(order_id: int, event: OrderEvent, *, at: datetime) -> None:
    """Let one event happen to an order, with the rows and announcements that go with it."""
    one = db.session.get_one(Order, order_id)
    if event is OrderEvent.CARD_SAVED:
        db.session.add(_method(one, at))
        db.session.flush()
    payment = _captured(one, at) if event is OrderEvent.CAPTURED else None
    if payment is not None:
        one.payment_id = payment.id
    assert moving.move(order_id, event, at=at) is not None
    if event is OrderEvent.CARD_SAVED:
        events.publish(OrderConfirmed(order_id, at))
    elif payment is not None:
        events.publish(OrderPaid(order_id, payment.id, at))
    elif event is OrderEvent.DISPATCH:
        events.publish(OrderDispatched(order_id, at))
    elif event is OrderEvent.DELIVER:
        events.publish(OrderDelivered(order_id, at))


def _method(one: Order, at: datetime) -> PaymentMethod:
    return PaymentMethod(
        public_id=ids.public_id(),
        reference=one.reference,
        provider="sandbox",
        provider_reference=f"card_{ids.public_id()}",
        state=MethodState.SAVED,
        brand="visa",
        last4="4242",
        created_at=at,
        ask_at=at,
        settled_at=at,
    )


def _captured(one: Order, at: datetime) -> Payment:
    method = db.session.query(PaymentMethod).filter_by(reference=one.reference).one()
    total = sum(
        line.quantity * line.unit_minor - line.discount_minor + line.shipping_minor
        for line in one.lines
    )
    payment = Payment(
        public_id=ids.public_id(),
        reference=one.reference,
        attempt=1,
        method_id=method.id,
        provider="sandbox",
        provider_reference=f"charge_{ids.public_id()}",
        amount_minor=total,
        currency=one.currency,
        state=PaymentState.CAPTURED,
        requested_at=at,
        ask_at=at,
        settled_at=at,
    )
    db.session.add(payment)
    db.session.flush()
    return payment
