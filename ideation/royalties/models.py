"""Accruals and their stages, prizes, bank details, tax forms, payouts."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.accounts.models import Member
from ideation.core import guards
from ideation.core.db import Model, key_column
from ideation.orders.models import OrderLine


class AccrualKind(enum.StrEnum):
    """What changed a designer's royalty on a line."""

    SALE = "sale"
    REVERSAL = "reversal"


class Stage(enum.StrEnum):
    """How far a royalty has come: charged, sent, theirs."""

    PENDING = "pending"
    EARNED = "earned"
    PAYABLE = "payable"


class Accrual(Model):
    """A change of one designer's royalty on one order line, with the sum it comes from.

    After it, the line's whole royalty is the larger of ``rate_bp × base_minor / 10,000`` (half to
    even) and ``minimum_minor × units``, at most ``base_minor``; the designer's part is by
    ``share_bp`` (largest remainder); ``amount_minor`` is that part less what earlier accruals
    gave, so negative in a reversal.
    """

    __tablename__ = "accruals"
    __table_args__ = (
        UniqueConstraint("line_id", "member_id", "sequence"),
        Index(None, "member_id", "at"),
    )

    id: Mapped[int] = key_column()
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    #: Counts the changes of the line from 1: 1 is the sale.
    sequence: Mapped[int]
    kind: Mapped[AccrualKind]
    #: Where the line stood: the account that took the amount. Instants may tie, this does not.
    stage: Mapped[Stage]
    #: The refund that a reversal follows.
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), index=True)
    currency: Mapped[str]
    #: Units and net price of the line after the change (net of discount, tax and refunds).
    units: Mapped[int]
    base_minor: Mapped[int]
    rate_bp: Mapped[int]
    #: At least so much a unit; 0 where the agreement sets none for this price.
    minimum_minor: Mapped[int]
    share_bp: Mapped[int]
    #: The whole line's royalty after the change, all designers together.
    whole_minor: Mapped[int]
    amount_minor: Mapped[int]
    at: Mapped[datetime]

    line: Mapped[OrderLine] = relationship()


class LineStage(Model):
    """How far the royalty of one order line has come. Each instant is set once."""

    __tablename__ = "line_stages"
    __table_args__ = (Index(None, "payable_at", "payable_due_at"),)

    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), primary_key=True)
    pending_at: Mapped[datetime]
    #: When the parcel left.
    earned_at: Mapped[datetime | None]
    #: 45 days after dispatch, or 30 after delivery where that is earlier.
    payable_due_at: Mapped[datetime | None]
    payable_at: Mapped[datetime | None]


class Prize(Model):
    """One designer's part of a winner's prize, by share; posted when winners are announced."""

    __tablename__ = "prizes"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    currency: Mapped[str]
    share_bp: Mapped[int]
    cash_minor: Mapped[int]
    #: Store credit: kept for the day the shop takes it.
    credit_minor: Mapped[int]
    at: Mapped[datetime]


class PayoutDetails(Model):
    """Where a member wants to be paid: encrypted; the latest row counts, a change is a new row."""

    __tablename__ = "payout_details"
    __table_args__ = (Index(None, "member_id", "id"),)

    id: Mapped[int] = key_column()
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    #: Name, IBAN or account as JSON, encrypted with the vault key; empty once forgotten.
    sealed: Mapped[bytes]
    #: The last four characters, to recognise it by.
    hint: Mapped[str]
    country: Mapped[str]
    entered_at: Mapped[datetime]
    #: A change holds payouts until then; None for the first details.
    held_until: Mapped[datetime | None]


class TaxFormStatus(enum.StrEnum):
    """Whether finance has what the tax office asks for; anything but these two blocks payouts."""

    MISSING = "missing"
    RECEIVED = "received"
    NOT_NEEDED = "not_needed"
    EXPIRED = "expired"


class TaxForm(Model):
    """The standing of a member's tax form, set by hand."""

    __tablename__ = "tax_forms"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    status: Mapped[TaxFormStatus]
    note: Mapped[str] = mapped_column(default="")
    set_by: Mapped[int]
    set_at: Mapped[datetime]


class BatchState(enum.StrEnum):
    """Where a batch of payouts stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    EXPORTED = "exported"
    #: Every payout in it is paid or bounced.
    SETTLED = "settled"
    #: Thrown away before it was approved.
    DISCARDED = "discarded"


class PayoutBatch(Model):
    """All that is paid at one payday."""

    __tablename__ = "payout_batches"
    __table_args__ = (
        Index(
            "uq_payout_batches_draft",
            "state",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),  # two drafts would promise the same money twice
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[BatchState] = mapped_column(default=BatchState.DRAFT)
    pay_on: Mapped[date]
    created_by: Mapped[int]
    created_at: Mapped[datetime]
    approved_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    payouts: Mapped[list["Payout"]] = relationship(
        back_populates="batch", cascade="all, delete-orphan", order_by="Payout.id"
    )


class PayoutState(enum.StrEnum):
    """Where one payout stands."""

    DRAFT = "draft"
    #: Taken out of what is payable; on its way.
    APPROVED = "approved"
    PAID = "paid"
    #: The bank sent it back: payable again.
    BOUNCED = "bounced"
    #: Taken out before the bank heard of it, since something holds it: payable again.
    WITHHELD = "withheld"


class Payout(Model):
    """What one member gets in one currency in one batch."""

    __tablename__ = "payouts"
    __table_args__ = (
        UniqueConstraint("batch_id", "member_id", "currency"),
        CheckConstraint("amount_minor > 0", name="positive"),
        Index(None, "member_id", "id"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batches.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    currency: Mapped[str]
    amount_minor: Mapped[int]
    details_id: Mapped[int] = mapped_column(ForeignKey("payout_details.id"), index=True)
    state: Mapped[PayoutState] = mapped_column(default=PayoutState.DRAFT)
    paid_at: Mapped[datetime | None]
    #: When it became payable again, withheld or sent back. Banks send money back days after they
    #: took it: a payout may have been paid before.
    bounced_at: Mapped[datetime | None]
    #: The bank's words where it bounced.
    reason: Mapped[str] = mapped_column(default="")

    batch: Mapped[PayoutBatch] = relationship(back_populates="payouts")
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


guards.append_only("accruals")
guards.append_only("prizes")
