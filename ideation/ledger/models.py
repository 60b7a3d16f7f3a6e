"""Accounts, transactions, entries, and the guards that make them a ledger."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.core import guards
from ideation.core.db import Model, key_column


class Kind(enum.StrEnum):
    """What an account stands for; decides on which side it grows."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


class LedgerAccount(Model):
    """A place where money is said to be, as ``royalties:payable:17``."""

    __tablename__ = "ledger_accounts"

    id: Mapped[int] = key_column()
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Kind]
    opened_at: Mapped[datetime]


class LedgerTransaction(Model):
    """The header of entries that belong together; written last."""

    __tablename__ = "ledger_transactions"

    #: Drawn by the application, since entries name it before it exists.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    #: What it is about, as ``order:5k2cqe81zw``; the same kind and reference are posted once.
    reference: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(index=True)

    entries: Mapped[list["LedgerEntry"]] = relationship(order_by="LedgerEntry.id")


class LedgerEntry(Model):
    """One side: a debit is positive, a credit negative."""

    __tablename__ = "ledger_entries"
    __table_args__ = (CheckConstraint("amount_minor <> 0", name="not_nothing"),)

    id: Mapped[int] = key_column()
    transaction_id: Mapped[int] = mapped_column(
        ForeignKey("ledger_transactions.id", deferrable=True, initially="DEFERRED"), index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    amount_minor: Mapped[int]
    currency: Mapped[str]


guards.append_only("ledger_accounts")
guards.append_only("ledger_transactions")
guards.append_only("ledger_entries")
guards.balanced(header="ledger_transactions", entries="ledger_entries")
