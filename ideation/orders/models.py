"""Orders, their lines, parcels and invoices; where we ship to."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.core import guards
from ideation.core.db import Model, key_column
from ideation.products.models import Run, Variant


class OrderState(enum.StrEnum):
    """Where an order stands; its edges are in ``states.py``."""

    #: Units are held for half an hour, until a card is saved.
    PLACED = "placed"
    #: A card is saved: counts towards the goal.
    CONFIRMED = "confirmed"
    #: The run is charging: the card is being tried, up to four times.
    CHARGING = "charging"
    PAID = "paid"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    # Over, without anything sent:
    #: No card was saved in time.
    EXPIRED = "expired"
    #: By the buyer, before lock; what was paid goes back.
    CANCELLED = "cancelled"
    #: Four tries failed.
    DROPPED = "dropped"
    #: The run failed; what was paid goes back.
    FAILED = "failed"
    #: Given back in full by staff, after payment.
    REFUNDED = "refunded"


class Order(Model):
    """One buyer's pre-order of one run."""

    __tablename__ = "orders"
    __table_args__ = (
        Index(None, "run_id", "state"),
        Index(None, "member_id", "placed_at"),
        Index(None, "state", "placed_at"),
        Index(None, "state", "next_try_at"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    #: None for a guest, who holds the order's link.
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    #: SHA-256 of the secret in a guest's link.
    link_hash: Mapped[str] = mapped_column(index=True)
    email: Mapped[str]
    language: Mapped[str]
    zone: Mapped[str] = mapped_column(default="UTC")
    state: Mapped[OrderState] = mapped_column(default=OrderState.PLACED)
    currency: Mapped[str]
    #: Fields by the names of ``addresses.py``: country, name, lines, city, …
    address: Mapped[dict[str, str]]
    placed_at: Mapped[datetime]
    #: Until then units are held for an order without a saved card.
    held_until: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    #: The first try at charging: the others follow 2, 4 and 6 days later.
    charging_at: Mapped[datetime | None]
    #: Tries made by that clock so far; those that a new card set off come on top.
    tries: Mapped[int] = mapped_column(default=0)
    #: When the clock looks at it next, while it is being charged.
    next_try_at: Mapped[datetime | None]
    #: The payment that paid it. Any other that is captured goes back by itself.
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), unique=True)
    paid_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    #: When it was over without being sent: expired, cancelled, dropped, failed, refunded.
    ended_at: Mapped[datetime | None]

    run: Mapped[Run] = relationship()
    lines: Mapped[list["OrderLine"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="OrderLine.id"
    )

    @property
    def reference(self) -> str:
        """What its payments are for."""
        return f"order:{self.public_id}"

    @property
    def total_minor(self) -> int:
        """What is charged: all lines with their shipping."""
        return sum(line.total_minor for line in self.lines)

    @property
    def refunded_minor(self) -> int:
        """What was given back so far, shipping included."""
        return sum(line.refunded_minor + line.refunded_shipping_minor for line in self.lines)


class OrderLine(Model):
    """So many units of one variant. Every amount in minor units of the order's currency.

    Two lines of an order may come to be of one variant, once their buyer has changed sizes.
    ``quantity × unit_minor`` is the price; of it ``discount_minor`` is taken off. ``tax_minor``
    is contained in the price, ``shipping_minor`` comes on top: the line's share of the parcel's.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        Index(None, "order_id"),
        CheckConstraint("quantity > 0", name="some"),
        CheckConstraint(
            "unit_minor >= 0 AND discount_minor >= 0 AND tax_minor >= 0 AND shipping_minor >= 0",
            name="amounts",
        ),
        CheckConstraint(
            "refunded_minor >= 0 AND refunded_shipping_minor >= 0"
            " AND refunded_minor <= quantity * unit_minor - discount_minor"
            " AND refunded_shipping_minor <= shipping_minor"
            " AND refunded_quantity >= 0 AND refunded_quantity <= quantity",
            name="no_more_back_than_paid",
        ),
    )

    id: Mapped[int] = key_column()
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    quantity: Mapped[int]
    unit_minor: Mapped[int]
    discount_minor: Mapped[int] = mapped_column(default=0)
    tax_minor: Mapped[int] = mapped_column(default=0)
    shipping_minor: Mapped[int] = mapped_column(default=0)
    #: Given back of the price after discount, the tax in it included.
    refunded_minor: Mapped[int] = mapped_column(default=0)
    #: Given back of the shipping.
    refunded_shipping_minor: Mapped[int] = mapped_column(default=0)
    #: Units that were given back.
    refunded_quantity: Mapped[int] = mapped_column(default=0)

    variant: Mapped[Variant] = relationship(lazy="joined", innerjoin=True)

    @property
    def goods_minor(self) -> int:
        """The price of its units after discount."""
        return self.quantity * self.unit_minor - self.discount_minor

    @property
    def total_minor(self) -> int:
        """What is charged for it: the goods and its share of the shipping."""
        return self.goods_minor + self.shipping_minor


class OrderChange(Model):
    """What a buyer or a manager changed on an order, and when. Never names or addresses."""

    __tablename__ = "order_changes"

    id: Mapped[int] = key_column()
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    #: None for the buyer as a guest, and for the system.
    member_id: Mapped[int | None]
    #: As ``sizes``, ``address``, ``state``.
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    at: Mapped[datetime]


class OrderRefund(Model):
    """What one refund gave back of one line, in minor units; sums to the payment's refund."""

    __tablename__ = "order_refunds"

    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), primary_key=True, index=True)
    goods_minor: Mapped[int]
    shipping_minor: Mapped[int]
    quantity: Mapped[int]
    #: Goods returned as faulty still pay their designer.
    is_faulty: Mapped[bool] = mapped_column(default=False)


class Parcel(Model):
    """An order on its way."""

    __tablename__ = "parcels"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    carrier: Mapped[str] = mapped_column(default="")
    tracking_number: Mapped[str] = mapped_column(default="")
    tracking_url: Mapped[str] = mapped_column(default="")
    dispatched_by: Mapped[int | None]
    dispatched_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]


class InvoiceKind(enum.StrEnum):
    """An invoice, or the credit note that takes some of it back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Invoice(Model):
    """A numbered document as it was issued; numbers have no gaps."""

    __tablename__ = "invoices"

    #: Counts all documents from 1, drawn under a lock.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[InvoiceKind]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    #: The refund that a credit note is about.
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), unique=True)
    currency: Mapped[str]
    total_minor: Mapped[int]
    #: Seller, buyer and lines as they stood.
    body: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]


class ShippingZone(Model):
    """Countries that cost the same to ship to."""

    __tablename__ = "shipping_zones"

    id: Mapped[int] = key_column()
    #: Language tag → name.
    names: Mapped[dict[str, str]]
    #: ISO 3166 codes; ``["*"]`` for every country that no other zone names.
    countries: Mapped[list[str]]
    position: Mapped[int]

    rates: Mapped[list["ShippingRate"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ShippingRate.currency"
    )


class ShippingRate(Model):
    """What a parcel costs: the first unit, and each further one."""

    __tablename__ = "shipping_rates"
    __table_args__ = (CheckConstraint("first_minor >= 0 AND further_minor >= 0", name="amounts"),)

    zone_id: Mapped[int] = mapped_column(ForeignKey("shipping_zones.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    first_minor: Mapped[int]
    further_minor: Mapped[int]


guards.append_only("order_changes")
guards.append_only("order_refunds")
guards.append_only("invoices")
