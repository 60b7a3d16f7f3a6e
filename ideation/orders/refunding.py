"""Giving money back: by line or whole, before or after dispatch.

What each line has been given back is added by one conditional UPDATE, never above what was paid
for it; the rows of ``order_refunds`` say which refund gave what. Deciding and booking is one
transaction; the provider is told after it, by a job.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.audit import trail
from ideation.core import events
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.i18n import lazy
from ideation.orders import invoices, moving, telling
from ideation.orders.events import OrderRefunded
from ideation.orders.models import Order, OrderLine, OrderRefund, OrderState
from ideation.orders.moving import move
from ideation.orders.states import OrderEvent
from ideation.orders.telling import Letter
from ideation.payments import refunding as payments
from ideation.payments.models import Refund

#: Reasons that rules give; any other is a person's own words.
SURPLUS = "surplus"
CANCELLED = "cancelled"
RUN_FAILED = "run_failed"

_NOTHING_LEFT = lazy("Nothing is left to give back.")
_TOO_MUCH = lazy("So much is not left to give back. Look at what already went back.")
_OTHER_SUM = lazy(
    "The sum is another one now than the one you were shown: something was given back in between. "
    "Nothing was done. Look at the order and begin anew."
)


@dataclass(frozen=True)
class Part:
    """What one line is given back, in minor units, and how many of its units are not sent or
    came back."""

    goods_minor: int = 0
    shipping_minor: int = 0
    quantity: int = 0

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.shipping_minor


@dataclass(frozen=True)
class Plan:
    """What a refund would give back, shown before anybody says yes to it; minor units."""

    #: Line id → its part, of the lines that get anything.
    parts: dict[int, Part]
    #: What stays paid of the order afterwards.
    kept_minor: int
    #: Whether the order is over then and its units are free.
    ends_order: bool

    @property
    def total_minor(self) -> int:
        return sum(part.total_minor for part in self.parts.values())


def plan(
    actor: Member,
    order: Order,
    parts: Mapping[int, Part] | None,
    *,
    reason: str,
    is_faulty: bool = False,
) -> Plan:
    """What giving back ``parts``, or for None all that is left, would come to; writes nothing.

    Raises as ``refund`` does.
    """
    _check_may_refund(actor)
    left = whole(order)
    wanted = _given(left if parts is None else parts)
    if parts is None and not remaining(order):
        raise Conflict(_NOTHING_LEFT)
    amount = _check(order, wanted, reason, is_faulty)
    if not all(_fits(part, left.get(line_id, Part())) for line_id, part in wanted.items()):
        raise Conflict(_TOO_MUCH)
    kept = remaining(order) - amount
    return Plan(wanted, kept, ends_order=kept == 0 and order.state is OrderState.PAID)


def refund(
    actor: Member | None,
    order_id: int,
    parts: Mapping[int, Part],
    *,
    reason: str,
    is_faulty: bool = False,
    agreed_minor: int | None = None,
    key: str,
    at: datetime,
) -> Refund:
    """Give back ``parts`` (line id → part) of a paid order, in the open transaction; once a key.

    ``actor`` is None where a rule asks for it; ``agreed_minor`` is the sum that a person was shown
    and said yes to. Goods that are ``is_faulty`` still pay their designer. A paid order that is
    given back whole before it was sent is over. Raises NotAllowed, Invalid without an amount or a
    reason or for faulty goods that were not sent, and Conflict for an order that was not paid, for
    another sum than was agreed to, or for more than was paid and not given back yet.
    """
    _check_may_refund(actor)
    order = moving.get_locked(order_id)
    parts = _given(parts)
    known = payments.find_by_key(key)
    if known is not None:
        return _same(known, parts)
    amount = _check(order, parts, reason, is_faulty)
    if agreed_minor is not None and amount != agreed_minor:
        raise Conflict(_OTHER_SUM)
    for line_id, part in sorted(parts.items()):
        _add(order, line_id, part)
    assert order.payment_id is not None
    made = payments.request(
        order.payment_id, amount, key=key, reason=reason, by=actor.id if actor else None, at=at
    )
    if order.state is OrderState.PAID and remaining(order) == 0:
        move(order_id, OrderEvent.REFUND, at=at)  # the run's counters, before books and documents
    _write(order, made, parts, is_faulty, at)
    if actor is not None:  # what a rule gives back, the letter about its cause tells of
        telling.tell(order_id, Letter.REFUNDED, at=at, about=made.id)
        _audit(actor, order, made, is_faulty, at)
    return made


def refund_all(
    order_id: int,
    *,
    reason: str,
    key: str,
    at: datetime,
    actor: Member | None = None,
    is_faulty: bool = False,
    agreed_minor: int | None = None,
) -> Refund | None:
    """Give back whatever of an order was paid and not given back yet; None where that is nothing.

    Raises as ``refund`` does.
    """
    _check_may_refund(actor)
    order = moving.get_locked(order_id)
    known = payments.find_by_key(key)
    if known is not None or order.payment_id is None or remaining(order) == 0:
        return known
    return refund(
        actor,
        order_id,
        whole(order),
        reason=reason,
        is_faulty=is_faulty,
        agreed_minor=agreed_minor,
        key=key,
        at=at,
    )


def whole(order: Order) -> dict[int, Part]:
    """All that is left to give back, by line."""
    return {
        line.id: Part(
            line.goods_minor - line.refunded_minor,
            line.shipping_minor - line.refunded_shipping_minor,
            line.quantity - line.refunded_quantity,
        )
        for line in order.lines
    }


def remaining(order: Order) -> int:
    """What was or will be paid and was not given back, in minor units."""
    return order.total_minor - order.refunded_minor


def was_sent(order: Order) -> bool:
    """Whether its parcel has left: before that, goods cannot come back faulty."""
    return order.state in {OrderState.DISPATCHED, OrderState.DELIVERED}


def may_refund(actor: Member, order: Order) -> bool:
    """Whether there is something that the member may give back."""
    return holds(actor, Permission.REFUND) and order.payment_id is not None and remaining(order) > 0


def _check_may_refund(actor: Member | None) -> None:
    if actor is not None and not holds(actor, Permission.REFUND):
        raise NotAllowed(lazy("Your roles do not include giving money back."))


def _same(known: Refund, parts: Mapping[int, Part]) -> Refund:
    """The refund that was made under this key, if it was asked for the same. Raises Invalid."""
    rows = db.session.scalars(select(OrderRefund).where(OrderRefund.refund_id == known.id))
    made = {row.line_id: Part(row.goods_minor, row.shipping_minor, row.quantity) for row in rows}
    if made != parts:
        raise Invalid(lazy("This form was already sent with other content. Load it again."))
    return known


def _given(parts: Mapping[int, Part]) -> dict[int, Part]:
    return {line_id: part for line_id, part in parts.items() if part != Part()}


def _fits(part: Part, left: Part) -> bool:
    return (
        part.goods_minor <= left.goods_minor
        and part.shipping_minor <= left.shipping_minor
        and part.quantity <= left.quantity
    )


def _check(order: Order, parts: Mapping[int, Part], reason: str, is_faulty: bool) -> int:
    """The amount of the parts together. Raises as ``refund`` says."""
    if order.payment_id is None:
        raise Conflict(lazy("Nothing was paid for this order, so nothing can be given back."))
    if not reason.strip():
        raise Invalid(fields={"reason": lazy("Say why: it is kept, and the buyer reads it.")})
    if any(min(one.goods_minor, one.shipping_minor, one.quantity) < 0 for one in parts.values()):
        raise Invalid(lazy("An amount to give back cannot be negative."))
    amount = sum(part.total_minor for part in parts.values())
    if amount == 0:
        raise Invalid(lazy("Write how much to give back of at least one line."))
    if is_faulty and not was_sent(order):  # its royalty would wait for a parcel for ever
        raise Invalid(fields={"is_faulty": lazy("Only goods that were sent can be faulty.")})
    return amount


def _add(order: Order, line_id: int, part: Part) -> None:
    """Count the part as given back, if so much is left of the line."""
    added = db.session.execute(
        update(OrderLine)
        .where(
            OrderLine.id == line_id,
            OrderLine.order_id == order.id,
            OrderLine.refunded_minor + part.goods_minor
            <= OrderLine.quantity * OrderLine.unit_minor - OrderLine.discount_minor,
            OrderLine.refunded_shipping_minor + part.shipping_minor <= OrderLine.shipping_minor,
            OrderLine.refunded_quantity + part.quantity <= OrderLine.quantity,
        )
        .values(
            refunded_minor=OrderLine.refunded_minor + part.goods_minor,
            refunded_shipping_minor=OrderLine.refunded_shipping_minor + part.shipping_minor,
            refunded_quantity=OrderLine.refunded_quantity + part.quantity,
        )
        .execution_options(synchronize_session="fetch")
    )
    if not added.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Conflict(_TOO_MUCH)


def _write(
    order: Order, made: Refund, parts: Mapping[int, Part], is_faulty: bool, at: datetime
) -> None:
    """The rows that say for which lines it is, then the event and the credit note."""
    db.session.add_all(
        OrderRefund(
            refund_id=made.id,
            line_id=line_id,
            goods_minor=part.goods_minor,
            shipping_minor=part.shipping_minor,
            quantity=part.quantity,
            is_faulty=is_faulty,
        )
        for line_id, part in sorted(parts.items())
    )
    db.session.flush()
    events.publish(OrderRefunded(order.id, made.id, at))
    invoices.credit(made, at=at)


def _audit(actor: Member, order: Order, made: Refund, is_faulty: bool, at: datetime) -> None:
    trail.record(
        "order.refunded",
        actor_id=actor.id,
        subject_kind="order",
        subject_id=order.id,
        at=at,
        reason=made.reason,
        detail={
            "refund": made.id,
            "amount_minor": made.amount_minor,
            "currency": made.currency,
            "is_faulty": is_faulty,
        },
    )
