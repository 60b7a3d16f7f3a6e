"""What stands on each account, by currency: debits positive, credits negative."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true

from ideation.core.db import db
from ideation.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction


@dataclass(frozen=True)
class Movement:
    """One entry with what it belongs to."""

    entry_id: int
    code: str
    amount_minor: int
    currency: str
    transaction_id: int
    #: None where no header followed; the database refuses that.
    kind: str | None
    reference: str | None
    at: datetime | None


def sums(*, before: datetime | None = None) -> Counter[tuple[str, str]]:
    """(code, currency) → balance, by what was posted before the instant; added up by SQL."""
    query = (
        select(LedgerAccount.code, LedgerEntry.currency, func.sum(LedgerEntry.amount_minor))
        .join(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerTransaction.at < before if before is not None else true())
        .group_by(LedgerAccount.code, LedgerEntry.currency)
    )
    return Counter(
        {(code, currency): int(amount) for code, currency, amount in db.session.execute(query)}
    )


def movements() -> Iterator[Movement]:
    """Every entry in the order in which they were written, without holding them all."""
    query = (
        select(
            LedgerEntry.id,
            LedgerAccount.code,
            LedgerEntry.amount_minor,
            LedgerEntry.currency,
            LedgerEntry.transaction_id,
            LedgerTransaction.kind,
            LedgerTransaction.reference,
            LedgerTransaction.at,
        )
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .outerjoin(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .order_by(LedgerEntry.id)
        .execution_options(yield_per=2000)
    )
    for row in db.session.execute(query):
        yield Movement(*row)
