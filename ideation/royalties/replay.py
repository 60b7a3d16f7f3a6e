"""What each designer is owed, from accruals, prizes and payouts alone: the ledger's second witness.

Every step has its instant, so any past day can be told again. No ledger table is read here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from ideation.core.db import db
from ideation.royalties.balances import Balance
from ideation.royalties.models import Accrual, LineStage, Payout, PayoutBatch, Prize, Stage

#: (member, currency, field of a balance, minor units, instant)
Step = tuple[int, str, str, int, datetime]


def of_everybody(*, before: datetime | None = None) -> dict[int, dict[str, Balance]]:
    """Member → currency → balance as ``balances.of_everybody`` has it, without what is nothing."""
    sums: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for member_id, currency, field, amount, at in _steps():
        if before is None or at < before:
            sums[member_id, currency][field] += amount
    found: dict[int, dict[str, Balance]] = defaultdict(dict)
    for (member_id, currency), fields in sorted(sums.items()):
        if any(fields.values()):
            found[member_id][currency] = Balance(**fields)
    return dict(found)


def _steps() -> Iterator[Step]:
    yield from _royalties()
    yield from _prizes()
    yield from _payouts()


def _royalties() -> Iterator[Step]:
    """An accrual goes to the stage it was taken at, and on from there with its line."""
    query = (
        select(Accrual, LineStage)
        .outerjoin(LineStage, LineStage.line_id == Accrual.line_id)
        .execution_options(yield_per=1000)
    )
    for one, stage in db.session.execute(query):
        whose = (one.member_id, one.currency)
        yield (*whose, one.stage.value, one.amount_minor, one.at)
        if stage is None:
            continue
        if one.stage is Stage.PENDING and stage.earned_at is not None:
            yield (*whose, "pending", -one.amount_minor, stage.earned_at)
            yield (*whose, "earned", one.amount_minor, stage.earned_at)
        if one.stage is not Stage.PAYABLE and stage.payable_at is not None:
            yield (*whose, "earned", -one.amount_minor, stage.payable_at)
            yield (*whose, "payable", one.amount_minor, stage.payable_at)


def _prizes() -> Iterator[Step]:
    for one in db.session.scalars(select(Prize)):
        yield (one.member_id, one.currency, "payable", one.cash_minor, one.at)
        yield (one.member_id, one.currency, "credit", one.credit_minor, one.at)


def _payouts() -> Iterator[Step]:
    query = (
        select(Payout, PayoutBatch.approved_at)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(PayoutBatch.approved_at.is_not(None))
    )
    approved_at: datetime
    for one, approved_at in db.session.execute(query):  # type: ignore[assignment]  # not null here
        whose = (one.member_id, one.currency)
        yield (*whose, "payable", -one.amount_minor, approved_at)
        yield (*whose, "on_its_way", one.amount_minor, approved_at)
        if one.paid_at is not None:
            yield (*whose, "on_its_way", -one.amount_minor, one.paid_at)
            yield (*whose, "paid", one.amount_minor, one.paid_at)
        if one.bounced_at is not None:
            left = "paid" if one.paid_at is not None else "on_its_way"
            yield (*whose, left, -one.amount_minor, one.bounced_at)
            yield (*whose, "payable", one.amount_minor, one.bounced_at)
