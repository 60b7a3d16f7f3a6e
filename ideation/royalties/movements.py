"""What happened to one designer's money in a window of time, each step as a line.

Made from rows that never change. A royalty comes with its whole sum, so that anybody can redo it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from ideation.core.db import db
from ideation.orders.models import OrderLine
from ideation.products.models import Product, Variant
from ideation.royalties import rates, taken_back
from ideation.royalties.models import (
    Accrual,
    AccrualKind,
    LineStage,
    Payout,
    PayoutBatch,
    PayoutState,
    Prize,
    Stage,
)
from ideation.royalties.sums import Back


@dataclass(frozen=True)
class RoyaltyLine:
    """A change of one designer's royalty on one order line; amounts in minor units.

    The sum: ``quantity × unit_minor − discount_minor − refunded_minor − tax_minor`` is
    ``base_minor``; the larger of ``rate_bp`` of it (half to even) and ``minimum_minor × units``,
    at most the base, is ``whole_minor``; of that ``share_bp`` is ``part_minor`` (largest
    remainder); less ``before_minor``, which earlier lines gave, it is ``amount_minor``.
    """

    accrual_id: int
    line_id: int
    at: datetime
    kind: AccrualKind
    product: Product
    variant: Variant
    currency: str
    quantity: int
    unit_minor: int
    discount_minor: int
    #: Given back so far, without faulty goods, which still pay.
    refunded_minor: int
    #: Still contained in what is left.
    tax_minor: int
    #: Units left.
    units: int
    base_minor: int
    rate_bp: int
    minimum_minor: int
    share_bp: int
    whole_minor: int
    part_minor: int
    before_minor: int
    amount_minor: int

    @property
    def by_rate_minor(self) -> int:
        """What the rate alone gives."""
        return rates.half_even(self.rate_bp * self.base_minor, rates.WHOLE_BP)

    @property
    def by_minimum_minor(self) -> int:
        """What the minimum alone gives."""
        return self.minimum_minor * self.units

    @property
    def is_by_minimum(self) -> bool:
        """Whether the minimum gives more than the rate, and so counts."""
        return self.by_minimum_minor > self.by_rate_minor

    @property
    def is_capped(self) -> bool:
        """Whether it is the base that limits it."""
        return max(self.by_rate_minor, self.by_minimum_minor) > self.base_minor

    @property
    def is_plain(self) -> bool:
        """Whether the base is just units times price: ``10 % × 24.00 × 3`` says it all."""
        return self.base_minor == self.units * self.unit_minor

    @property
    def is_shared(self) -> bool:
        """Whether others have a part in it."""
        return self.share_bp != rates.WHOLE_BP


@dataclass(frozen=True)
class PrizeLine:
    """A prize announced in the month: this designer's part."""

    at: datetime
    agreement_id: int
    share_bp: int
    cash_minor: int
    credit_minor: int


@dataclass(frozen=True)
class StageLine:
    """A royalty that became earned or payable in the month; changes no total."""

    at: datetime
    stage: Stage
    product: Product
    variant: Variant
    amount_minor: int


@dataclass(frozen=True)
class PayoutLine:
    """A step of a payout in the month: approved, paid, bounced or withheld."""

    at: datetime
    step: PayoutState
    public_id: str
    amount_minor: int
    #: What it changes of what is owed: nothing by approving, less by paying, more by a return.
    change_minor: int


def royalties(
    member_id: int, currency: str, start: datetime, end: datetime
) -> tuple[RoyaltyLine, ...]:
    """The member's royalties with an instant in the half-open window, the oldest first."""
    in_window = (Accrual.at >= start, Accrual.at < end)
    return _lines(member_id, (Accrual.currency == currency, *in_window))


def of_accruals(member_id: int, accrual_ids: Collection[int]) -> dict[int, RoyaltyLine]:
    """Accrual → its line with the whole sum, of those that are the member's."""
    found = _lines(member_id, (Accrual.id.in_(accrual_ids),))
    return {line.accrual_id: line for line in found}


def prizes(member_id: int, currency: str, start: datetime, end: datetime) -> tuple[PrizeLine, ...]:
    """The member's prizes in the window."""
    query = (
        select(Prize)
        .where(
            Prize.member_id == member_id,
            Prize.currency == currency,
            Prize.at >= start,
            Prize.at < end,
        )
        .order_by(Prize.at, Prize.agreement_id)
    )
    return tuple(
        PrizeLine(one.at, one.agreement_id, one.share_bp, one.cash_minor, one.credit_minor)
        for one in db.session.scalars(query)
    )


def stages(member_id: int, currency: str, start: datetime, end: datetime) -> tuple[StageLine, ...]:
    """What moved: everything that was taken at an earlier stage, whenever it was refunded."""
    steps: tuple[tuple[Stage, Any, Sequence[Stage]], ...] = (
        (Stage.EARNED, LineStage.earned_at, (Stage.PENDING,)),
        (Stage.PAYABLE, LineStage.payable_at, (Stage.PENDING, Stage.EARNED)),
    )
    found = []
    for stage, instant, taken_at in steps:
        moved = func.sum(Accrual.amount_minor)
        query = (
            select(instant, Variant, Product, moved)
            .join(OrderLine, OrderLine.id == LineStage.line_id)
            .join(Variant, Variant.id == OrderLine.variant_id)
            .join(Product, Product.id == Variant.product_id)
            .join(Accrual, Accrual.line_id == LineStage.line_id)
            .where(
                Accrual.member_id == member_id,
                Accrual.currency == currency,
                Accrual.stage.in_(taken_at),
                instant >= start,
                instant < end,
            )
            .group_by(LineStage.line_id, instant, Variant.id, Product.id)
            .having(moved != 0)
            .order_by(instant, LineStage.line_id)
        )
        for at, variant, product, amount in db.session.execute(query):
            found.append(StageLine(at, stage, product, variant, int(amount)))
    return tuple(found)


def payouts(
    member_id: int, currency: str, start: datetime, end: datetime
) -> tuple[PayoutLine, ...]:
    """Each step of the member's payouts in the window."""
    in_month = [
        (instant >= start) & (instant < end)
        for instant in (PayoutBatch.approved_at, Payout.paid_at, Payout.bounced_at)
    ]
    query = (
        select(Payout, PayoutBatch.approved_at)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.member_id == member_id, Payout.currency == currency, or_(*in_month))
        .order_by(Payout.id)
    )
    found = []
    for payout, approved_at in db.session.execute(query):
        returned = payout.amount_minor if payout.paid_at else 0
        withheld = payout.state is PayoutState.WITHHELD
        back = PayoutState.WITHHELD if withheld else PayoutState.BOUNCED
        steps = (
            (PayoutState.APPROVED, approved_at, 0),
            (PayoutState.PAID, payout.paid_at, -payout.amount_minor),
            (back, payout.bounced_at, returned),
        )
        for step, at, change in steps:
            if at is not None and start <= at < end:
                found.append(PayoutLine(at, step, payout.public_id, payout.amount_minor, change))
    return tuple(sorted(found, key=lambda one: one.at))


def _lines(member_id: int, wanted: Sequence[ColumnElement[bool]]) -> tuple[RoyaltyLine, ...]:
    """The wanted accruals of the member; their lines' other accruals say what came before."""
    mine = Accrual.member_id == member_id
    chosen = set(db.session.scalars(select(Accrual.id).where(mine, *wanted)))
    touched = select(Accrual.line_id).where(mine, *wanted)
    query = (
        select(Accrual, OrderLine, Variant, Product)
        .join(OrderLine, OrderLine.id == Accrual.line_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(mine, Accrual.line_id.in_(touched))
        .order_by(Accrual.id)
    )
    rows = db.session.execute(query).all()
    counting = taken_back.counting({line.id for _, line, _, _ in rows})
    had: dict[int, int] = defaultdict(int)
    found = []
    for accrual, line, variant, product in rows:
        before = had[line.id]
        had[line.id] += accrual.amount_minor
        if accrual.id in chosen:
            back = dict(counting.get(line.id, ())).get(accrual.refund_id or 0, Back())
            found.append(_line(accrual, line, variant, product, back.goods_minor, before))
    return tuple(sorted(found, key=lambda one: (one.at, one.accrual_id)))


def _line(
    accrual: Accrual,
    line: OrderLine,
    variant: Variant,
    product: Product,
    refunded: int,
    before: int,
) -> RoyaltyLine:
    return RoyaltyLine(
        accrual_id=accrual.id,
        line_id=line.id,
        at=accrual.at,
        kind=accrual.kind,
        product=product,
        variant=variant,
        currency=accrual.currency,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        discount_minor=line.discount_minor,
        refunded_minor=refunded,
        tax_minor=rates.tax_left(line.goods_minor, line.tax_minor, refunded),
        units=accrual.units,
        base_minor=accrual.base_minor,
        rate_bp=accrual.rate_bp,
        minimum_minor=accrual.minimum_minor,
        share_bp=accrual.share_bp,
        whole_minor=accrual.whole_minor,
        part_minor=before + accrual.amount_minor,
        before_minor=before,
        amount_minor=accrual.amount_minor,
    )
