"""Whether orders, their money and their runs' counters agree: each fact derived a second way.

    order ── its payment, captured, of the same amount
          ── its lines' refunded amounts = its refunds' rows = its payment's refunds
          ── its instants and its parcel, as its state says
    run   ── taken, pledged and collected = the sums over its orders

Nothing here is a rule; a disagreement is a fault of ours, and a scheduled check looks for one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from ideation.core import jobs
from ideation.core.db import db
from ideation.orders import charging
from ideation.orders.models import (
    Invoice,
    InvoiceKind,
    Order,
    OrderLine,
    OrderRefund,
    OrderState,
    Parcel,
)
from ideation.orders.states import COLLECTED, ENDED, HELD, PLEDGED
from ideation.payments.models import Payment, PaymentState, Refund
from ideation.products.models import RunVariant

#: Looks for drift once a day; fails, for an operator to see, where there is some.
CHECK = jobs.declare("orders.check", attempts=1)

#: The clock may be so late before it counts as a fault.
_OVERDUE = timedelta(hours=1)

_S = OrderState
#: Counter of a run → states of the orders whose units it counts.
_COUNTED = {"taken": HELD, "pledged": PLEDGED, "collected": COLLECTED}
#: Over after payment: everything went back.
_GIVEN_BACK = frozenset({_S.CANCELLED, _S.FAILED, _S.REFUNDED})
_UNPAID = frozenset({_S.PLACED, _S.CONFIRMED, _S.CHARGING, _S.EXPIRED, _S.DROPPED})


@dataclass(frozen=True)
class Disagreement:
    """Two things that say different; ``subject`` is as ``order 5k2cqe81zw`` or ``run …``."""

    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"


class Drift(Exception):
    """A scheduled check found disagreements."""


def find_disagreements() -> list[Disagreement]:
    """Everything that does not agree; nothing should.

    A caller beside which others write calls ``look_at_one_moment`` before.
    """
    return [
        *_run_counters(),
        *_states_and_payments(),
        *_amounts(),
        *_surplus(),
        *_lines_and_refunds(),
        *_refunds_and_rows(),
        *_instants(),
        *_documents(),
    ]


def find_overdue(at: datetime) -> list[Disagreement]:
    """Orders that the clock should have dealt with more than an hour ago: their work fails."""
    since = at - _OVERDUE
    late = {
        *charging.due_to_charge(since),
        *charging.due_to_try(since),
        *charging.due_to_fail(since),
    }
    query = select(Order.public_id).where(Order.id.in_(late))
    return list(_orders(query, "something is due to be done with it and fails"))


def _run_counters() -> Iterator[Disagreement]:
    """What each run counts of each variant, and what its orders add up to."""
    sums = (
        select(
            Order.run_id,
            OrderLine.variant_id,
            *(
                func.sum(case((Order.state.in_(states), OrderLine.quantity), else_=0)).label(name)
                for name, states in (
                    ("taken", HELD),
                    ("pledged", PLEDGED),
                    ("collected", COLLECTED),
                )
            ),
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .group_by(Order.run_id, OrderLine.variant_id)
    )
    ordered = {
        (row.run_id, row.variant_id): (row.taken, row.pledged, row.collected)
        for row in db.session.execute(sums)
    }
    counters = select(
        RunVariant.run_id,
        RunVariant.variant_id,
        RunVariant.taken,
        RunVariant.pledged,
        RunVariant.collected,
    )
    for row in db.session.execute(counters):
        counted = (row.taken, row.pledged, row.collected)
        summed = ordered.pop((row.run_id, row.variant_id), (0, 0, 0))
        if counted != summed:
            yield Disagreement(
                f"run {row.run_id}",
                f"variant {row.variant_id} counts taken, pledged, collected {counted},"
                f" its orders add up to {summed}",
            )
    for (run_id, variant_id), summed in ordered.items():
        if any(summed):
            yield Disagreement(
                f"run {run_id}", f"orders of variant {variant_id}, which it does not sell"
            )


def _states_and_payments() -> Iterator[Disagreement]:
    """An order is paid where its state says so, and nowhere else."""
    paid = Order.payment_id.is_not(None)
    yield from _each(Order.state.in_(COLLECTED), ~paid, what="it counts as paid without a payment")
    yield from _each(Order.state.in_(_UNPAID), paid, what="it has a payment and counts as unpaid")
    yield from _each(
        (Order.state == _S.CHARGING) != Order.next_try_at.is_not(None),
        what="it is being charged without a day for the next try, or has one without being charged",
    )
    query = (
        select(Order.public_id)
        .join(Payment, Payment.id == Order.payment_id)
        .where(
            or_(
                Payment.state != PaymentState.CAPTURED,
                Payment.reference != "order:" + Order.public_id,
                Payment.currency != Order.currency,
            )
        )
    )
    yield from _orders(query, "the payment that paid it was not captured, or is for another")


def _amounts() -> Iterator[Disagreement]:
    """What was captured is what the lines add up to; what was given back is not more."""
    total = func.sum(
        OrderLine.quantity * OrderLine.unit_minor
        - OrderLine.discount_minor
        + OrderLine.shipping_minor
    )
    query = (
        select(Order.public_id)
        .join(Payment, Payment.id == Order.payment_id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .group_by(Order.id, Order.public_id, Payment.id, Payment.amount_minor)
        .having(total != Payment.amount_minor)
    )
    yield from _orders(query, "its lines do not add up to what was captured")
    left = func.sum(
        OrderLine.quantity * OrderLine.unit_minor
        - OrderLine.discount_minor
        + OrderLine.shipping_minor
        - OrderLine.refunded_minor
        - OrderLine.refunded_shipping_minor
    )
    query = (
        select(Order.public_id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.state.in_(_GIVEN_BACK), Order.payment_id.is_not(None))
        .group_by(Order.id, Order.public_id)
        .having(left != 0)
    )
    yield from _orders(query, "it is over and keeps money")


def _surplus() -> Iterator[Disagreement]:
    """A captured payment pays its order, or went back whole."""
    back = (
        select(func.coalesce(func.sum(Refund.amount_minor), 0))
        .where(Refund.payment_id == Payment.id)
        .scalar_subquery()
    )
    query = (
        select(Order.public_id)
        .join(Payment, Payment.reference == "order:" + Order.public_id)
        .where(
            Payment.state == PaymentState.CAPTURED,
            or_(Order.payment_id.is_(None), Order.payment_id != Payment.id),
            back != Payment.amount_minor,
        )
    )
    yield from _orders(query, "money was taken that did not pay it and did not go back")


def _lines_and_refunds() -> Iterator[Disagreement]:
    """What a line was given back is what the refunds' rows give it."""
    rows = (
        select(
            OrderRefund.line_id,
            func.sum(OrderRefund.goods_minor).label("goods"),
            func.sum(OrderRefund.shipping_minor).label("shipping"),
            func.sum(OrderRefund.quantity).label("quantity"),
        )
        .group_by(OrderRefund.line_id)
        .subquery()
    )
    query = (
        select(Order.public_id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .outerjoin(rows, rows.c.line_id == OrderLine.id)
        .where(
            or_(
                OrderLine.refunded_minor != func.coalesce(rows.c.goods, 0),
                OrderLine.refunded_shipping_minor != func.coalesce(rows.c.shipping, 0),
                OrderLine.refunded_quantity != func.coalesce(rows.c.quantity, 0),
            )
        )
    )
    yield from _orders(query, "a line was given back other than its refunds say")


def _refunds_and_rows() -> Iterator[Disagreement]:
    """A refund of the payment that paid is divided over lines of its order, to the unit."""
    rows = (
        select(
            OrderRefund.refund_id,
            func.sum(OrderRefund.goods_minor + OrderRefund.shipping_minor).label("amount"),
            func.min(OrderLine.order_id).label("first"),
            func.max(OrderLine.order_id).label("last"),
        )
        .join(OrderLine, OrderLine.id == OrderRefund.line_id)
        .group_by(OrderRefund.refund_id)
        .subquery()
    )
    query = (
        select(Order.public_id)
        .join(Refund, Refund.payment_id == Order.payment_id)
        .outerjoin(rows, rows.c.refund_id == Refund.id)
        .where(
            or_(
                func.coalesce(rows.c.amount, 0) != Refund.amount_minor,
                rows.c.first != Order.id,
                rows.c.last != Order.id,
            )
        )
    )
    yield from _orders(query, "a refund is not what its rows add up to")


def _instants() -> Iterator[Disagreement]:
    """Each state has its instant; only what was sent has a parcel."""
    sent = Order.state.in_({_S.DISPATCHED, _S.DELIVERED})
    has_parcel = Order.id.in_(select(Parcel.order_id))
    is_wrong = or_(
        Order.state.in_(ENDED) != Order.ended_at.is_not(None),
        and_(Order.state.in_(COLLECTED), Order.paid_at.is_(None)),
        sent != Order.dispatched_at.is_not(None),
        sent != has_parcel,
        (Order.state == _S.DELIVERED) != Order.delivered_at.is_not(None),
    )
    yield from _each(is_wrong, what="its instants or its parcel do not fit its state")


def _documents() -> Iterator[Disagreement]:
    """What was paid has one invoice over it; each refund for lines has one credit note."""
    total = _billed(InvoiceKind.INVOICE, Invoice.order_id == Order.id)
    query = (
        select(Order.public_id)
        .join(Payment, Payment.id == Order.payment_id)
        .where(total != Payment.amount_minor)
    )
    yield from _orders(query, "its invoice is not over what was captured")
    credited = _billed(InvoiceKind.CREDIT_NOTE, Invoice.refund_id == Refund.id)
    query = (
        select(Order.public_id)
        .join(Refund, Refund.payment_id == Order.payment_id)
        .where(func.abs(credited) != Refund.amount_minor)
    )
    yield from _orders(query, "a credit note is not over what was given back")


def _billed(kind: InvoiceKind, belongs: ColumnElement[bool]) -> Any:
    return (
        select(func.coalesce(func.sum(Invoice.total_minor), 0))
        .where(Invoice.kind == kind, belongs)
        .scalar_subquery()
    )


def _each(*conditions: ColumnElement[bool], what: str) -> Iterator[Disagreement]:
    yield from _orders(select(Order.public_id).where(*conditions), what)


def _orders(query: Select[Any], what: str) -> Iterator[Disagreement]:
    for public_id in db.session.scalars(query.order_by(Order.id)):
        yield Disagreement(f"order {public_id}", what)
