"""Saved cards, payments, refunds and providers' events."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.core.db import Model, key_column


class MethodState(enum.StrEnum):
    """Whether a card can be charged later."""

    PENDING = "pending"
    SAVED = "saved"
    FAILED = "failed"


class PaymentMethod(Model):
    """A card that a buyer asked a provider to save. The provider holds its number, we do not."""

    __tablename__ = "payment_methods"
    __table_args__ = (Index(None, "reference"), Index(None, "state", "ask_at"))

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    #: What it will pay for, as ``order:5k2cqe81zw``.
    reference: Mapped[str]
    provider: Mapped[str]
    #: The provider's name for it; empty until it is saved.
    provider_reference: Mapped[str] = mapped_column(default="")
    #: Where the buyer goes to give the card; empty until the provider was asked.
    page_url: Mapped[str] = mapped_column(default="")
    state: Mapped[MethodState] = mapped_column(default=MethodState.PENDING)
    brand: Mapped[str] = mapped_column(default="")
    last4: Mapped[str] = mapped_column(default="")
    #: Why it could not be saved: a code of ``failures.py``.
    failure: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    #: When we ask the provider ourselves, should it not have told us by then.
    ask_at: Mapped[datetime]
    #: Since when the buyer, back from the provider's page, waits for our next question's answer.
    awaited_since: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class PaymentState(enum.StrEnum):
    """Where one try at charging a card stands."""

    #: Written here; the provider may not have heard of it.
    REQUESTED = "requested"
    #: The provider waits for the buyer's word, on a page of its own.
    NEEDS_ACTION = "needs_action"
    CAPTURED = "captured"
    FAILED = "failed"


class Payment(Model):
    """One try at charging a saved card."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("reference", "attempt"),
        CheckConstraint("amount_minor > 0", name="positive"),
        Index(None, "state", "ask_at"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    reference: Mapped[str]
    #: Counts the tries from 1.
    attempt: Mapped[int]
    method_id: Mapped[int] = mapped_column(ForeignKey("payment_methods.id"))
    provider: Mapped[str]
    provider_reference: Mapped[str] = mapped_column(default="")
    amount_minor: Mapped[int]
    currency: Mapped[str]
    state: Mapped[PaymentState] = mapped_column(default=PaymentState.REQUESTED)
    #: Where the buyer confirms it; empty unless it needs action.
    action_url: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")
    requested_at: Mapped[datetime]
    #: These two as of a method.
    ask_at: Mapped[datetime]
    awaited_since: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    method: Mapped[PaymentMethod] = relationship(lazy="joined", innerjoin=True)


class RefundState(enum.StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    DONE = "done"
    FAILED = "failed"


class Refund(Model):
    """Money on its way back to the card it came from."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="positive"),
        Index(None, "reference"),
        Index(None, "state", "ask_at"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    #: The payment's own.
    reference: Mapped[str]
    #: Once for each: as ``cancelled:5k2cqe81zw``.
    key: Mapped[str] = mapped_column(unique=True)
    provider_reference: Mapped[str] = mapped_column(default="")
    amount_minor: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str]
    state: Mapped[RefundState] = mapped_column(default=RefundState.REQUESTED)
    failure: Mapped[str] = mapped_column(default="")
    #: Done, but past the provider: a person gave it back another way, from the bank account.
    is_by_hand: Mapped[bool] = mapped_column(default=False)
    #: How it was given back then, in finance's words; blank once the buyer is forgotten.
    note: Mapped[str] = mapped_column(default="")
    #: How often the provider was asked anew; after a refusal a person may have it try again.
    tries: Mapped[int] = mapped_column(default=1)
    #: None where a rule asked for it.
    requested_by: Mapped[int | None]
    requested_at: Mapped[datetime]
    #: As of a method.
    ask_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    payment: Mapped[Payment] = relationship(lazy="joined", innerjoin=True)


class ProviderEvent(Model):
    """What a provider told us, once by its id, in its own words."""

    __tablename__ = "provider_events"
    __table_args__ = (UniqueConstraint("provider", "event_id"),)

    id: Mapped[int] = key_column()
    provider: Mapped[str]
    event_id: Mapped[str]
    kind: Mapped[str]
    #: ``method:…``, ``payment:…`` or ``refund:…`` with our public id.
    subject: Mapped[str] = mapped_column(index=True)
    body: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    #: What came of it: an ``Outcome`` of ``hearing.py``.
    outcome: Mapped[str] = mapped_column(default="", index=True)
