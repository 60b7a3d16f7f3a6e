"""Every accrual once more: from its order line, its agreement and what was given back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.ledger.verify import Disagreement
from ideation.orders.models import Order, OrderLine
from ideation.products.models import Product, Run
from ideation.royalties import accruing, prizes, sums, taken_back
from ideation.royalties.facts import chunked
from ideation.royalties.models import Accrual, AccrualKind, LineStage, Prize, Stage
from ideation.royalties.sums import Back, LineSum
from ideation.selection.models import Agreement, AgreementState


@dataclass(frozen=True)
class Redone:
    """How many lines were computed again, and what differs."""

    lines: int
    disagreements: tuple[Disagreement, ...]


def redo_lines() -> Redone:
    """Compute every line of every paid order again and compare each row and stage with it."""
    query = select(Order.id).where(Order.payment_id.is_not(None)).order_by(Order.id)
    found: list[Disagreement] = []
    lines = 0
    for order_ids in chunked(db.session.scalars(query).all()):
        rows = _lines(order_ids)
        line_ids = [line.id for _, line, _ in rows]
        accruals = _accruals(line_ids)
        counting = taken_back.counting(line_ids)
        stages = _stages(line_ids)
        for order, line, agreement in rows:
            lines += 1
            steps = [(0, Back()), *counting.get(line.id, ())]
            found += _redo(order, line, agreement, accruals.get(line.id, []), steps)
            found += _stage(order, line, stages.get(line.id), accruals.get(line.id, []))
    return Redone(lines, tuple(found))


def redo_prizes() -> Iterator[Disagreement]:
    """Compute every prize again; each accepted agreement of an announced contest owes its own."""
    query = (
        select(Agreement)
        .join(Contest, Contest.id == Agreement.contest_id)
        .where(
            # One that was ended later owed its prize all the same.
            Agreement.state.in_((AgreementState.ACCEPTED, AgreementState.ENDED)),
            Contest.announced_at.is_not(None),
        )
        .order_by(Agreement.id)
    )
    rows: dict[int, set[tuple[int, int, int, int]]] = {}
    for one in db.session.scalars(select(Prize)):
        part = (one.member_id, one.share_bp, one.cash_minor, one.credit_minor)
        rows.setdefault(one.agreement_id, set()).add(part)
    for agreement in db.session.scalars(query):
        if rows.pop(agreement.id, set()) != set(prizes.split(agreement)):
            yield Disagreement(
                f"prize of agreement {agreement.public_id}", "it is not what was promised"
            )
    for agreement_id in sorted(rows):
        yield Disagreement(
            f"prize of agreement {agreement_id}", "its winners are not announced, or it lapsed"
        )


def _redo(
    order: Order,
    line: OrderLine,
    agreement: Agreement,
    accruals: list[Accrual],
    steps: Sequence[tuple[int, Back]],
) -> Iterator[Disagreement]:
    """The sale, then each refund that counts: a row for every designer, as the rule gives it."""
    rows = {(one.sequence, one.member_id): one for one in accruals}
    had: Counter[int] = Counter()
    for sequence, (refund_id, back) in enumerate(steps, start=1):
        result = sums.of_line(line, agreement, order.currency, back)
        for member_id, part in result.parts.items():
            row = rows.pop((sequence, member_id), None)
            subject = f"royalty of member {member_id} on line {line.id} of order {order.public_id}"
            if row is None:
                yield Disagreement(subject, f"change {sequence} was never accrued")
                continue
            said = _said(row)
            wanted = _wanted(order, agreement, result, member_id, part - had[member_id], refund_id)
            if said != wanted:
                what = ", ".join(
                    f"{name} is {said[name]}, the rule gives {wanted[name]}"
                    for name in wanted
                    if said[name] != wanted[name]
                )
                yield Disagreement(f"accrual {row.id}, {subject}", what)
            had[member_id] = part
    for row in rows.values():
        what = f"no rule gives its {row.amount_minor} {row.currency}"
        yield Disagreement(f"accrual {row.id} on line {line.id} of order {order.public_id}", what)


def _said(row: Accrual) -> dict[str, object]:
    return {
        "agreement": row.agreement_id,
        "kind": row.kind.value,
        "refund": row.refund_id or 0,
        "currency": row.currency,
        "units": row.units,
        "base": row.base_minor,
        "rate": row.rate_bp,
        "minimum": row.minimum_minor,
        "share": row.share_bp,
        "whole": row.whole_minor,
        "amount": row.amount_minor,
    }


def _wanted(
    order: Order,
    agreement: Agreement,
    result: LineSum,
    member_id: int,
    amount: int,
    refund_id: int,
) -> dict[str, object]:
    kind = AccrualKind.REVERSAL if refund_id else AccrualKind.SALE
    return {
        "agreement": agreement.id,
        "kind": kind.value,
        "refund": refund_id,
        "currency": order.currency,
        "units": result.units,
        "base": result.base_minor,
        "rate": result.rate_bp,
        "minimum": result.minimum_minor,
        "share": result.shares[member_id],
        "whole": result.whole_minor,
        "amount": amount,
    }


def _stage(
    order: Order, line: OrderLine, stage: LineStage | None, accruals: list[Accrual]
) -> Iterator[Disagreement]:
    """How far the line is: as far as its parcel and the wait say, and no accrual ahead of it."""
    subject = f"stage of line {line.id} of order {order.public_id}"
    if stage is None:
        yield Disagreement(subject, "the order is paid, and the line has none")
        return
    if (stage.earned_at is None) != (order.dispatched_at is None):
        yield Disagreement(subject, "earned without a parcel, or sent and not earned")
    due = _due(order, stage.earned_at)
    if stage.payable_due_at != due:
        yield Disagreement(subject, f"it is due on {stage.payable_due_at}, the rule gives {due}")
    if stage.payable_at is not None and (due is None or stage.payable_at < due):
        yield Disagreement(subject, "it was payable before the wait was over")
    ahead = {one.stage for one in accruals} - _reached(stage)
    if ahead:
        yield Disagreement(subject, f"accruals say {', '.join(sorted(ahead))}, it is not so far")


def _due(order: Order, earned_at: datetime | None) -> datetime | None:
    if earned_at is None:
        return None
    due = earned_at + accruing.AFTER_DISPATCH
    if order.delivered_at is not None:
        due = min(due, order.delivered_at + accruing.AFTER_DELIVERY)
    return due


def _reached(stage: LineStage) -> set[Stage]:
    reached = {Stage.PENDING}
    if stage.earned_at is not None:
        reached.add(Stage.EARNED)
    if stage.payable_at is not None:
        reached.add(Stage.PAYABLE)
    return reached


def _lines(order_ids: list[int]) -> list[tuple[Order, OrderLine, Agreement]]:
    query = (
        select(Order, OrderLine, Agreement)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Run, Run.id == Order.run_id)
        .join(Product, Product.id == Run.product_id)
        .join(Agreement, Agreement.id == Product.agreement_id)
        .where(Order.id.in_(order_ids))
        .order_by(OrderLine.id)
    )
    return list(db.session.execute(query).all())


def _accruals(line_ids: list[int]) -> dict[int, list[Accrual]]:
    query = select(Accrual).where(Accrual.line_id.in_(line_ids)).order_by(Accrual.id)
    found: dict[int, list[Accrual]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.line_id, []).append(one)
    return found


def _stages(line_ids: list[int]) -> dict[int, LineStage]:
    query = select(LineStage).where(LineStage.line_id.in_(line_ids))
    return {stage.line_id: stage for stage in db.session.scalars(query)}
