"""What each designer is owed, by currency, now or as of any instant: read from the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from ideation.core.db import db
from ideation.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from ideation.royalties import chart


@dataclass(frozen=True)
class Balance:
    """Minor units of one currency. ``payable`` is negative where refunds came after a payday."""

    #: Of lines that are paid by their buyers and not sent yet.
    pending: int = 0
    #: Sent; may still come back.
    earned: int = 0
    payable: int = 0
    on_its_way: int = 0
    #: All that ever reached the bank, less what it sent back.
    paid: int = 0
    #: Store credit won, not spent.
    credit: int = 0

    @property
    def owed(self) -> int:
        """Everything that is theirs, or may become so, and is not paid; without store credit."""
        return self.pending + self.earned + self.payable + self.on_its_way


#: Before the member's key in an account's code → the field that it fills.
FIELDS = {
    chart.PENDING: "pending",
    chart.EARNED: "earned",
    chart.PAYABLE: "payable",
    chart.ON_ITS_WAY: "on_its_way",
    chart.CREDIT: "credit",
}


def of(member_id: int, *, before: datetime | None = None) -> dict[str, Balance]:
    """Currency → what the member is owed, by what was posted before the instant, or by all."""
    return of_many([member_id], before=before).get(member_id, {})


def of_many(
    member_ids: Collection[int], *, before: datetime | None = None
) -> dict[int, dict[str, Balance]]:
    """The batch twin: member → currency → balance; members without any movement are absent."""
    codes = [f"{prefix}{member_id}" for prefix in FIELDS for member_id in set(member_ids)]
    return _sums(LedgerAccount.code.in_(codes), before)


def of_everybody(*, before: datetime | None = None) -> dict[int, dict[str, Balance]]:
    """Member → currency → balance, for everyone who ever earned something."""
    royalties = LedgerAccount.code.like("royalties:%")
    return _sums(royalties | LedgerAccount.code.like(f"{chart.CREDIT}%"), before)


def totals(balances: dict[int, dict[str, Balance]]) -> dict[str, Balance]:
    """Currency → the sum over all members."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for by_currency in balances.values():
        for currency, balance in by_currency.items():
            for field in fields(Balance):
                sums[currency][field.name] += getattr(balance, field.name)
    return {currency: Balance(**values) for currency, values in sorted(sums.items())}


def member_of(code: str) -> tuple[str, int] | None:
    """The field that an account fills, and whose it is; None for an account of the house."""
    for prefix, field in FIELDS.items():
        if code.startswith(prefix):
            return field, int(code.removeprefix(prefix))
    return None


def _sums(accounts: ColumnElement[bool], before: datetime | None) -> dict[int, dict[str, Balance]]:
    found: dict[int, dict[str, dict[str, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    for member_id, currency, field, amount in _rows(accounts, before):
        found[member_id][currency][field] += amount
    return {
        member_id: {currency: Balance(**found[member_id][currency]) for currency in sorted(amounts)}
        for member_id, amounts in found.items()
    }


def _rows(
    accounts: ColumnElement[bool], before: datetime | None
) -> Iterator[tuple[int, str, str, int]]:
    """Each account's balance as its owner reads it, and what the bank kept of payouts."""
    left = LedgerAccount.code.like(f"{chart.ON_ITS_WAY}%") & (LedgerTransaction.kind == "paid")
    came_back = LedgerAccount.code.like(f"{chart.PAYABLE}%") & (
        LedgerTransaction.kind == "returned"
    )
    query: Any = (
        select(
            LedgerAccount.code,
            LedgerEntry.currency,
            func.sum(-LedgerEntry.amount_minor),
            func.sum(LedgerEntry.amount_minor).filter(left | came_back),
        )
        .join(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(accounts, LedgerTransaction.at < before if before is not None else true())
        .group_by(LedgerAccount.code, LedgerEntry.currency)
    )
    for code, currency, balance, paid in db.session.execute(query):
        belongs = member_of(code)
        if belongs is None:
            continue
        field, member_id = belongs
        yield member_id, currency, field, int(balance)
        if paid:
            yield member_id, currency, "paid", int(paid)
