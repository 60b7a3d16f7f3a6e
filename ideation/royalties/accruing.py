"""From a paid order to a royalty that is theirs: accrued, earned, payable, taken back.

The order's row is locked first, so that of several rivals one acts and the others find it done.
Amounts go into accruals, which anybody can redo, and into the ledger; stages are instants that are
set once.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from ideation.core import jobs
from ideation.core.db import db
from ideation.ledger import posting as ledger
from ideation.orders import given_back, moving
from ideation.orders.models import Order, OrderLine
from ideation.payments.models import Refund
from ideation.products.models import Product, Run
from ideation.royalties import book, chart, postings, sums, taken_back
from ideation.royalties.models import Accrual, AccrualKind, LineStage, Stage
from ideation.royalties.sums import Back
from ideation.selection.models import Agreement

#: Makes payable whatever has waited long enough.
MATURE = jobs.declare("royalties.mature")

#: After the parcel arrived.
AFTER_DELIVERY = timedelta(days=30)
#: After it left, where nobody heard of its arrival sooner.
AFTER_DISPATCH = timedelta(days=45)


def accrue(order_id: int, at: datetime) -> None:
    """Book a paid order: the sale, and each line's royalty, pending. Once an order."""
    order = moving.get_locked(order_id)
    book.write(postings.sale(order), at)
    stages = _stages(order)
    fresh = [line for line in order.lines if line.id not in stages]
    if not fresh:
        return
    agreement = _agreement(order)
    db.session.add_all(LineStage(line_id=line.id, pending_at=at) for line in fresh)
    made = []
    for line in fresh:
        made += _change(line, agreement, order.currency, Back(), Stage.PENDING, at)
    book.write(postings.accrual(order, made), at)


def earn(order_id: int, at: datetime) -> None:
    """The parcel left: what is pending is earned, and the wait begins. Once an order."""
    order = moving.get_locked(order_id)
    moved = db.session.execute(
        update(LineStage)
        .where(
            LineStage.line_id.in_([line.id for line in order.lines]), LineStage.earned_at.is_(None)
        )
        .values(earned_at=at, payable_due_at=at + AFTER_DISPATCH)
        .execution_options(synchronize_session="fetch")
    )
    if moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        book.write(postings.earned(order, accruals_of([order_id])[order_id]), at)


def note_delivery(order_id: int, at: datetime) -> None:
    """The parcel arrived: the wait ends 30 days later, if that is sooner."""
    order = moving.get_locked(order_id)
    due = at + AFTER_DELIVERY
    db.session.execute(
        update(LineStage)
        .where(
            LineStage.line_id.in_([line.id for line in order.lines]),
            LineStage.payable_at.is_(None),
            LineStage.payable_due_at > due,
        )
        .values(payable_due_at=due)
        .execution_options(synchronize_session="fetch")
    )


def mature_due(at: datetime) -> int:
    """Make payable all that is due, in the open transaction; returns how many orders.

    Workers take one order a transaction instead, so that one that fails keeps back no other.
    """
    order_ids = due_to_mature(at)
    for order_id in order_ids:
        mature(order_id, at=at)
    return len(order_ids)


def due_to_mature(at: datetime) -> list[int]:
    """Orders that were earned and have waited long enough."""
    query = (
        select(OrderLine.order_id)
        .join(LineStage, LineStage.line_id == OrderLine.id)
        .where(LineStage.payable_at.is_(None), LineStage.payable_due_at <= at)
        .group_by(OrderLine.order_id)
        .order_by(OrderLine.order_id)
    )
    return list(db.session.scalars(query))


def mature(order_id: int, *, at: datetime) -> None:
    """Make payable what an order has earned and has waited long enough. Once a line."""
    order = moving.get_locked(order_id)
    moved = db.session.execute(
        update(LineStage)
        .where(
            LineStage.line_id.in_([line.id for line in order.lines]),
            LineStage.payable_at.is_(None),
            LineStage.payable_due_at <= at,
        )
        .values(payable_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        book.write(postings.payable(order, accruals_of([order_id])[order_id]), at)


def reverse(order_id: int, refund_id: int, at: datetime) -> None:
    """Book a refund: what goes back to the buyer, and its part of the royalties. Once a refund.

    Each line is computed anew on what is left of it, with the rate and shares that it froze; the
    difference comes from wherever the line stands. It may leave what is payable below nothing,
    which is carried forward. Goods returned as faulty still pay.
    """
    order = moving.get_locked(order_id)
    refund = db.session.get_one(Refund, refund_id)
    book.write(postings.refund(refund, given_back.parts_of([refund_id])[refund_id]), at)
    known = select(Accrual.id).where(Accrual.refund_id == refund_id).limit(1)
    if db.session.scalar(known) is not None:
        return
    stages = _stages(order)
    counting = taken_back.counting(list(stages))
    made = []
    for line in order.lines:
        back = dict(counting.get(line.id, ())).get(refund_id)
        if back is not None:
            stage = stage_of(stages[line.id])
            made += _change(
                line, _agreement(order), order.currency, back, stage, at, refund_id=refund_id
            )
    # A payday that reads what is payable meanwhile waits for what is taken from it here.
    ledger.hold({chart.payable(one.member_id).code for one in made if one.stage is Stage.PAYABLE})
    book.write(postings.reversal(refund, made), at)


def stage_of(stage: LineStage) -> Stage:
    """How far the line has come."""
    if stage.payable_at is not None:
        return Stage.PAYABLE
    return Stage.EARNED if stage.earned_at is not None else Stage.PENDING


def accruals_of(order_ids: Collection[int]) -> dict[int, list[Accrual]]:
    """Order → its accruals, in the order in which they were made."""
    query = (
        select(OrderLine.order_id, Accrual)
        .join(Accrual, Accrual.line_id == OrderLine.id)
        .where(OrderLine.order_id.in_(order_ids))
        .order_by(Accrual.id)
    )
    found: dict[int, list[Accrual]] = {order_id: [] for order_id in order_ids}
    for order_id, accrual in db.session.execute(query):
        found[order_id].append(accrual)
    return found


def _change(
    line: OrderLine,
    agreement: Agreement,
    currency: str,
    back: Back,
    stage: Stage,
    at: datetime,
    *,
    refund_id: int | None = None,
) -> list[Accrual]:
    """A row for every designer of the line, by what is left of it now and what they have had."""
    result = sums.of_line(line, agreement, currency, back)
    had, sequence = _before(line.id)
    made = [
        Accrual(
            line_id=line.id,
            agreement_id=agreement.id,
            member_id=member_id,
            sequence=sequence + 1,
            kind=AccrualKind.REVERSAL if refund_id else AccrualKind.SALE,
            stage=stage,
            refund_id=refund_id,
            currency=currency,
            units=result.units,
            base_minor=result.base_minor,
            rate_bp=result.rate_bp,
            minimum_minor=result.minimum_minor,
            share_bp=result.shares[member_id],
            whole_minor=result.whole_minor,
            amount_minor=part - had[member_id],
            at=at,
        )
        for member_id, part in result.parts.items()
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _before(line_id: int) -> tuple[Counter[int], int]:
    """Member → what earlier accruals of the line gave; and how many changes there were."""
    query = (
        select(Accrual.member_id, func.sum(Accrual.amount_minor), func.max(Accrual.sequence))
        .where(Accrual.line_id == line_id)
        .group_by(Accrual.member_id)
    )
    had: Counter[int] = Counter()
    last = 0
    for member_id, amount, sequence in db.session.execute(query):
        had[member_id] = int(amount)
        last = max(last, sequence)
    return had, last


def _stages(order: Order) -> dict[int, LineStage]:
    query = (
        select(LineStage)
        .where(LineStage.line_id.in_([line.id for line in order.lines]))
        .execution_options(populate_existing=True)
    )
    return {stage.line_id: stage for stage in db.session.scalars(query)}


def _agreement(order: Order) -> Agreement:
    query = (
        select(Agreement)
        .join(Product, Product.agreement_id == Agreement.id)
        .join(Run, Run.product_id == Product.id)
        .where(Run.id == order.run_id)
    )
    return db.session.scalars(query).one()
