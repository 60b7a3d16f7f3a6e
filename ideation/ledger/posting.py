"""Posting: several entries that sum to zero, or nothing at all."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ideation.core.db import db
from ideation.ledger.models import Kind, LedgerAccount, LedgerEntry, LedgerTransaction


class Unbalanced(ValueError):
    """Entries that do not sum to zero in some currency."""


@dataclass(frozen=True)
class Line:
    """One entry to be: a debit of ``amount_minor`` where positive, a credit where negative."""

    account: LedgerAccount
    amount_minor: int
    currency: str


def account(code: str, kind: Kind, at: datetime) -> LedgerAccount:
    """The account of a code, opened where it is new."""
    known = db.session.scalar(select(LedgerAccount).where(LedgerAccount.code == code))
    if known is None:
        known = LedgerAccount(code=code, kind=kind, opened_at=at)
        db.session.add(known)
        db.session.flush()
    return known


def post(kind: str, reference: str, lines: Sequence[Line], at: datetime) -> LedgerTransaction:
    """Write the lines and their header in the open transaction; once for each reference.

    Raises Unbalanced before the database would refuse.
    """
    known = db.session.scalar(
        select(LedgerTransaction).where(LedgerTransaction.reference == reference)
    )
    if known is not None:
        return known
    _refuse_unbalanced(lines)
    transaction_id = secrets.randbits(62)
    db.session.add_all(
        LedgerEntry(
            transaction_id=transaction_id,
            account_id=line.account.id,
            amount_minor=line.amount_minor,
            currency=line.currency,
        )
        for line in lines
    )
    db.session.flush()
    header = LedgerTransaction(id=transaction_id, kind=kind, reference=reference, at=at)
    db.session.add(header)
    db.session.flush()
    return header


def _refuse_unbalanced(lines: Sequence[Line]) -> None:
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.currency] += line.amount_minor
    off = {currency: amount for currency, amount in sums.items() if amount}
    if off or not lines:
        raise Unbalanced(f"entries do not balance: {off or 'there are none'}")
