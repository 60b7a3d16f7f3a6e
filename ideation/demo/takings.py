"""What came after the contests, in figures: sold, refunded, owed to designers, and proved."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from ideation.accounts.models import Member
from ideation.core import money
from ideation.core.db import db
from ideation.demo.counting import count, count_by, listed
from ideation.orders.models import Order, OrderState
from ideation.payments.models import Payment, PaymentState, Refund, RefundState
from ideation.products.models import Product, ProductPicture, Run, RunState
from ideation.royalties import balances, movements
from ideation.royalties import verify as proving
from ideation.royalties.balances import Balance
from ideation.royalties.models import Accrual, LineStage, Payout, PayoutState
from ideation.selection.models import Agreement, AgreementState, Decision, Outcome

_EVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Dues:
    """What one designer can be paid in one currency, and the lines that it comes from."""

    name: str
    currency: str
    payable_minor: int
    lines: int
    #: Whether lines and prizes, all months together, are what the ledger says is theirs.
    adds_up: bool


@dataclass(frozen=True)
class Takings:
    """Counts and sums by currency. ``disagreements`` are the books' own; there should be none."""

    winners: int
    open_offers: int
    products: int
    product_pictures: int
    runs: Counter[str]
    orders: Counter[str]
    collected: dict[str, int]
    refunded: dict[str, int]
    owed: dict[str, Balance]
    payouts: Counter[str]
    dues: Dues | None
    transactions: int
    lines: int
    disagreements: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the books agree, and somebody has a royalty to be paid that adds up."""
        return not self.disagreements and (self.dues is None or self.dues.adds_up)

    def rows(self) -> list[tuple[str, str]]:
        """(what, how many) for a table."""
        proof = "everything agrees" if not self.disagreements else "DISAGREES"
        return [
            ("Winners", f"{self.winners}; agreements not answered yet: {self.open_offers}"),
            ("Products", f"{self.products} in {self.product_pictures} pictures"),
            ("Runs", listed(self.runs, [one.value for one in RunState])),
            ("Orders", listed(self.orders, [one.value for one in OrderState])),
            ("Collected", _amounts(self.collected)),
            ("Refunded", _amounts(self.refunded)),
            *((f"In {code}", _stages(one, code)) for code, one in self.owed.items()),
            ("Payouts", listed(self.payouts, [one.value for one in PayoutState])),
            *([("Payable", _payable(self.dues))] if self.dues else []),
            ("Ledger", f"{self.transactions} transactions, {self.lines} order lines; {proof}"),
        ]


def take(at: datetime) -> Takings:
    """Count everything, and prove the books."""
    report = proving.verify()
    return Takings(
        winners=_count_winners(),
        open_offers=_count_offers(),
        products=count(Product.id),
        product_pictures=count(ProductPicture.id),
        runs=count_by(Run.state),
        orders=count_by(Order.state),
        collected=_sums(
            Payment.amount_minor, Payment.currency, Payment.state == PaymentState.CAPTURED
        ),
        refunded=_sums(Refund.amount_minor, Refund.currency, Refund.state == RefundState.DONE),
        owed=report.owed,
        payouts=count_by(Payout.state),
        dues=_find_dues(at),
        transactions=report.ledger.transactions,
        lines=report.lines,
        disagreements=tuple(str(one) for one in report.disagreements),
    )


def _count_winners() -> int:
    query = select(func.count()).where(Decision.outcome == Outcome.WINNER)
    return db.session.scalar(query) or 0


def _count_offers() -> int:
    query = select(func.count()).where(Agreement.state == AgreementState.OFFERED)
    return db.session.scalar(query) or 0


def _sums(amount: Any, currency: Any, done: ColumnElement[bool]) -> dict[str, int]:
    query = select(currency, func.sum(amount)).where(done).group_by(currency).order_by(currency)
    return {code: int(total) for code, total in db.session.execute(query)}


def _find_dues(at: datetime) -> Dues | None:
    """The designer with most lines that are payable, in one currency."""
    query = (
        select(Accrual.member_id, Accrual.currency)
        .join(LineStage, LineStage.line_id == Accrual.line_id)
        .where(LineStage.payable_at.is_not(None))
        .group_by(Accrual.member_id, Accrual.currency)
        .order_by(func.count().desc(), Accrual.member_id)
    )
    for member_id, currency in db.session.execute(query):
        balance = balances.of(member_id)[currency]
        if balance.payable > 0:
            return _dues(member_id, currency, balance, at)
    return None


def _dues(member_id: int, currency: str, balance: Balance, at: datetime) -> Dues:
    lines = movements.royalties(member_id, currency, _EVER, at)
    prizes = movements.prizes(member_id, currency, _EVER, at)
    earned = sum(line.amount_minor for line in lines) + sum(one.cash_minor for one in prizes)
    return Dues(
        name=db.session.get_one(Member, member_id).name,
        currency=currency,
        payable_minor=balance.payable,
        lines=len(lines),
        adds_up=earned == balance.owed + balance.paid,
    )


def _amounts(sums: dict[str, int]) -> str:
    return ", ".join(f"{money.figures(minor, code)} {code}" for code, minor in sums.items())


def _stages(balance: Balance, currency: str) -> str:
    named = {
        "pending": balance.pending,
        "earned": balance.earned,
        "payable": balance.payable,
        "on its way": balance.on_its_way,
        "paid": balance.paid,
    }
    return ", ".join(f"{money.figures(minor, currency)} {name}" for name, minor in named.items())


def _payable(dues: Dues) -> str:
    adds_up = "which add up" if dues.adds_up else "which do NOT add up"
    amount = f"{money.figures(dues.payable_minor, dues.currency)} {dues.currency}"
    return f"{amount} to {dues.name}, from {dues.lines} lines, {adds_up}"
