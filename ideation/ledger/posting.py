"""Posting: several entries that sum to zero, or nothing at all."""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.core.db import db, is_postgresql
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
    return open_accounts({code: kind}, at)[code]


def open_accounts(kinds: Mapping[str, Kind], at: datetime) -> dict[str, LedgerAccount]:
    """The batch twin: code → account, each opened where it is new. One query where none is.

    Rivals that open the same account end up with one; they open in order of code, so that none
    waits for another in a circle.
    """
    known = _known(kinds)
    absent = sorted(set(kinds) - set(known))
    if absent:
        insert = postgresql.insert if is_postgresql() else sqlite.insert
        rows = [{"code": code, "kind": kinds[code], "opened_at": at} for code in absent]
        db.session.execute(
            insert(LedgerAccount).values(rows).on_conflict_do_nothing(index_elements=["code"])
        )
        known |= _known(absent)
    return known


def hold(codes: Collection[str]) -> None:
    """Let nobody else who holds these accounts post to them before this transaction ends.

    For rules that read a balance and post by it. Accounts that are not open yet hold nothing.
    """
    if codes and is_postgresql():
        # Weaker than FOR UPDATE: entries that name the account do not wait, other holders do.
        rows = select(LedgerAccount.id).where(LedgerAccount.code.in_(codes))
        db.session.execute(rows.order_by(LedgerAccount.code).with_for_update(key_share=True))


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


def _known(codes: Collection[str]) -> dict[str, LedgerAccount]:
    query = select(LedgerAccount).where(LedgerAccount.code.in_(codes))
    return {account.code: account for account in db.session.scalars(query)}


def _refuse_unbalanced(lines: Sequence[Line]) -> None:
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.currency] += line.amount_minor
    off = {currency: amount for currency, amount in sums.items() if amount}
    if off or not lines:
        raise Unbalanced(f"entries do not balance: {off or 'there are none'}")
