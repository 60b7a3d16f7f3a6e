"""A month in one currency: every line as a sum that anybody can redo, from what was to what is.

Made from rows that never change, so a month that is over reads the same for ever; what is found
wrong later is a new line of a later month. Months are UTC's, half open.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from ideation.royalties import balances, movements
from ideation.royalties.balances import Balance
from ideation.royalties.models import AccrualKind
from ideation.royalties.movements import PayoutLine, PrizeLine, RoyaltyLine, StageLine

#: The day of the next month on which a statement is out.
READY_DAY = 5


@dataclass(frozen=True)
class Statement:
    """All that happened to one designer's money in one month and currency."""

    member_id: int
    year: int
    month: int
    currency: str
    opening: Balance
    closing: Balance
    lines: tuple[RoyaltyLine, ...]
    prizes: tuple[PrizeLine, ...]
    stages: tuple[StageLine, ...]
    payouts: tuple[PayoutLine, ...]

    @property
    def sales_minor(self) -> int:
        """Royalties of lines sold in the month."""
        return sum(line.amount_minor for line in self.lines if line.kind is AccrualKind.SALE)

    @property
    def reversals_minor(self) -> int:
        """What refunds changed; negative."""
        return sum(line.amount_minor for line in self.lines if line.kind is AccrualKind.REVERSAL)

    @property
    def prizes_minor(self) -> int:
        """Prizes in cash."""
        return sum(prize.cash_minor for prize in self.prizes)

    @property
    def paid_minor(self) -> int:
        """What the bank paid, less what came back after it."""
        return -sum(payout.change_minor for payout in self.payouts)

    @property
    def adds_up(self) -> bool:
        """Whether opening and movements give the closing balance, as they always must."""
        moved = self.sales_minor + self.reversals_minor + self.prizes_minor - self.paid_minor
        return self.opening.owed + moved == self.closing.owed


def statement(member_id: int, year: int, month: int, currency: str) -> Statement:
    """The month of a member in a currency. Raises NotFound where nothing ever moved until then."""
    start, end = bounds(year, month)
    closing = balances.of(member_id, before=end).get(currency)
    if closing is None:
        raise NotFound(lazy("There is no statement for this month."))
    return Statement(
        member_id=member_id,
        year=year,
        month=month,
        currency=currency,
        opening=balances.of(member_id, before=start).get(currency, Balance()),
        closing=closing,
        lines=movements.royalties(member_id, currency, start, end),
        prizes=movements.prizes(member_id, currency, start, end),
        stages=movements.stages(member_id, currency, start, end),
        payouts=movements.payouts(member_id, currency, start, end),
    )


def months(member_id: int, at: datetime) -> list[tuple[int, int, str]]:
    """(year, month, currency) of every statement that is out by then, the latest first.

    From the month of a currency's first movement on, each month has one.
    """
    codes = [f"{prefix}{member_id}" for prefix in balances.FIELDS]
    query = (
        select(LedgerEntry.currency, func.min(LedgerTransaction.at))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .where(LedgerAccount.code.in_(codes))
        .group_by(LedgerEntry.currency)
    )
    found = []
    for currency, first in db.session.execute(query):
        year, month = first.year, first.month
        while ready_at(year, month) <= at:
            found.append((year, month, currency))
            year, month = _next(year, month)
    return sorted(found, key=lambda one: (-one[0], -one[1], one[2]))


def bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The first instant of the month and of the next. Raises NotFound for what is no month."""
    try:
        start = datetime(year, month, 1, tzinfo=UTC)
        after = datetime(*_next(year, month), 1, tzinfo=UTC)
    except (ValueError, OverflowError):  # years reach to 9999, what is typed does not end there
        raise NotFound(lazy("There is no statement for this month.")) from None
    return start, after


def ready_at(year: int, month: int) -> datetime:
    """When the month's statement is out: the 5th of the next."""
    return bounds(year, month)[1] + timedelta(days=READY_DAY - 1)


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)
