"""The sandbox's own books: sessions of its hosted page, cards, charges, refunds, letters."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.core.db import Model, key_column
from ideation.payments.providers.sandbox.cards import CardKind


class SessionState(enum.StrEnum):
    """Where somebody who was sent to the hosted page stands."""

    OPEN = "open"
    #: A card was given; its bank asks whether they really mean it.
    CONFIRMING = "confirming"
    SAVED = "saved"


class SandboxSession(Model):
    """One invitation to save a card."""

    __tablename__ = "sandbox_sessions"

    id: Mapped[int] = key_column()
    #: The name the house knows it by: the public id of its payment method.
    key: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    #: Where to go afterwards: a path of this site.
    return_path: Mapped[str]
    #: What the page says the card is for; nothing is charged here.
    amount_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(default="")
    state: Mapped[SessionState] = mapped_column(default=SessionState.OPEN)
    card_id: Mapped[int | None] = mapped_column(ForeignKey("sandbox_cards.id"))
    #: Why the last card was not saved; empty where none was refused.
    failure: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    card: Mapped["SandboxCard | None"] = relationship(lazy="joined")


class SandboxCard(Model):
    """A card that was given: what it does, and what may be shown of it. Never its number."""

    __tablename__ = "sandbox_cards"

    id: Mapped[int] = key_column()
    #: How the house names it when it charges.
    token: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[CardKind]
    brand: Mapped[str]
    last4: Mapped[str]
    created_at: Mapped[datetime]


class ChargeState(enum.StrEnum):
    """What became of a charge."""

    #: The buyer's bank waits for their word.
    WAITING = "waiting"
    CAPTURED = "captured"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class SandboxCharge(Model):
    """Money asked of a card, once a key."""

    __tablename__ = "sandbox_charges"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint(
            "refunded_minor >= 0 AND refunded_minor <= amount_minor", name="refunded_within"
        ),
    )

    id: Mapped[int] = key_column()
    key: Mapped[str] = mapped_column(unique=True)
    #: Of the page on which the buyer confirms it.
    token: Mapped[str] = mapped_column(unique=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("sandbox_cards.id"), index=True)
    amount_minor: Mapped[int]
    currency: Mapped[str]
    refunded_minor: Mapped[int] = mapped_column(default=0)
    state: Mapped[ChargeState]
    failure: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    card: Mapped[SandboxCard] = relationship(lazy="joined", innerjoin=True)


class SandboxRefund(Model):
    """Money given back, or not, once a key; ``failure`` is empty where it went back."""

    __tablename__ = "sandbox_refunds"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="positive"),)

    id: Mapped[int] = key_column()
    key: Mapped[str] = mapped_column(unique=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("sandbox_charges.id"), index=True)
    amount_minor: Mapped[int]
    failure: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class DeliveryState(enum.StrEnum):
    """Whether a letter arrived."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    #: Nobody took it, however often we came; a person may send it again.
    GIVEN_UP = "given_up"


class SandboxDelivery(Model):
    """A letter to the house: the very bytes that are signed, and how often we came with them."""

    __tablename__ = "sandbox_deliveries"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[int] = key_column()
    event_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    #: What the door answered last: an HTTP status, 0 where nobody opened.
    last_status: Mapped[int | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
