"""Every posting that the ledger must hold, derived once more from the rows it follows from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import select

from ideation.core.db import db
from ideation.orders import given_back
from ideation.orders.models import Order, OrderLine
from ideation.payments.models import Payment, PaymentState, Refund, RefundState
from ideation.royalties import accruing, postings
from ideation.royalties.models import Accrual, LineStage, Payout, PayoutBatch, PayoutState, Prize
from ideation.royalties.postings import Posting
from ideation.selection.models import Agreement

CHUNK = 500
Item = TypeVar("Item")


@dataclass(frozen=True)
class Fact:
    """A posting and when it must have happened; None where the row does not say."""

    posting: Posting
    at: datetime | None = None


def all_facts() -> Iterator[Fact]:
    """What was captured, sold, refunded, accrued, earned, won and paid; without empty postings."""
    for part in (_captures, _orders, _refunds, _prizes, _payouts):
        for fact in part():
            if fact.posting.amounts:
                yield fact


def chunked(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in lists of ``size``; the last may be shorter."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _captures() -> Iterator[Fact]:
    captured = select(Payment).where(Payment.state == PaymentState.CAPTURED)
    for payment in db.session.scalars(captured.order_by(Payment.id)):
        yield Fact(postings.capture(payment), payment.settled_at)


def _orders() -> Iterator[Fact]:
    ids = db.session.scalars(
        select(Order.id).where(Order.payment_id.is_not(None)).order_by(Order.id)
    ).all()
    for chunk in chunked(ids):
        accruals = accruing.accruals_of(chunk)
        stages = _stages(chunk)
        for order in db.session.scalars(select(Order).where(Order.id.in_(chunk))):
            yield from _order(order, accruals[order.id], stages.get(order.id))


def _order(order: Order, accruals: list[Accrual], stage: LineStage | None) -> Iterator[Fact]:
    sold_at = stage.pending_at if stage else None
    yield Fact(postings.sale(order), sold_at)
    first = [one for one in accruals if one.refund_id is None]
    yield Fact(postings.accrual(order, first), sold_at)
    if stage is not None and stage.earned_at is not None:
        yield Fact(postings.earned(order, accruals), stage.earned_at)
    if stage is not None and stage.payable_at is not None:
        yield Fact(postings.payable(order, accruals), stage.payable_at)


def _stages(order_ids: list[int]) -> dict[int, LineStage]:
    """One of each order's: its lines go together, in one parcel."""
    query = (
        select(OrderLine.order_id, LineStage)
        .join(LineStage, LineStage.line_id == OrderLine.id)
        .where(OrderLine.order_id.in_(order_ids))
    )
    return dict(db.session.execute(query).all())


def _refunds() -> Iterator[Fact]:
    ids = db.session.scalars(select(Refund.id).order_by(Refund.id)).all()
    for chunk in chunked(ids):
        given = given_back.parts_of(chunk)
        taken: dict[int, list[Accrual]] = {refund_id: [] for refund_id in chunk}
        for one in db.session.scalars(select(Accrual).where(Accrual.refund_id.in_(chunk))):
            taken[one.refund_id or 0].append(one)
        for refund in db.session.scalars(select(Refund).where(Refund.id.in_(chunk))):
            if given[refund.id]:
                yield Fact(postings.refund(refund, given[refund.id]), refund.requested_at)
            if taken[refund.id]:
                yield Fact(postings.reversal(refund, taken[refund.id]), taken[refund.id][0].at)
            if refund.state is RefundState.DONE:
                yield Fact(postings.repaid(refund), refund.settled_at)


def _prizes() -> Iterator[Fact]:
    query = (
        select(Agreement.public_id, Prize)
        .join(Prize, Prize.agreement_id == Agreement.id)
        .order_by(Agreement.id)
    )
    by_agreement: dict[str, list[Prize]] = {}
    for public_id, prize in db.session.execute(query):
        by_agreement.setdefault(public_id, []).append(prize)
    for public_id, prizes in by_agreement.items():
        yield Fact(postings.prize(public_id, prizes), prizes[0].at)


def _payouts() -> Iterator[Fact]:
    query = (
        select(Payout, PayoutBatch.approved_at)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.state != PayoutState.DRAFT)
        .order_by(Payout.id)
    )
    for payout, approved_at in db.session.execute(query):
        yield Fact(postings.payout(payout), approved_at)
        if payout.paid_at is not None:
            yield Fact(postings.paid(payout), payout.paid_at)
        if payout.bounced_at is not None:
            yield Fact(postings.bounced(payout), payout.bounced_at)
