"""What a designer's page shows: the latest royalties with where each stands, and what is next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ideation.core.db import db
from ideation.core.paging import Page, paginate
from ideation.orders.models import Order, OrderLine
from ideation.products.models import Run
from ideation.royalties import balances, movements
from ideation.royalties.models import Accrual, LineStage, Payout, PayoutBatch, PayoutState, Prize
from ideation.royalties.movements import RoyaltyLine
from ideation.selection.models import Agreement

PAGE_SIZE = 40


@dataclass(frozen=True)
class Standing:
    """Where the money of one line is; ``payout`` is the one that took it along, if any did."""

    stage: LineStage
    payout: Payout | None


@dataclass(frozen=True)
class Outlook:
    """When money in one currency moves on next; None where there is none to move."""

    #: The days on which parcels that wait are to leave.
    ships_from: date | None = None
    ships_by: date | None = None
    #: When the first of what is earned becomes payable.
    payable_from: datetime | None = None


def page(member_id: int, number: int) -> Page[tuple[RoyaltyLine, Standing]]:
    """The member's royalties, the latest first, each with its sum and where it stands."""
    query = (
        select(Accrual)
        .where(Accrual.member_id == member_id)
        .order_by(Accrual.at.desc(), Accrual.id.desc())
    )
    found = paginate(query, number, size=PAGE_SIZE)
    lines = movements.of_accruals(member_id, [one.id for one in found.items])
    standings = _standings(member_id, found.items)
    rows = [(lines[one.id], standings[one.id]) for one in found.items]
    return Page(rows, found.number, found.size, found.total)


def outlooks(member_id: int) -> dict[str, Outlook]:
    """Currency → when its money moves on next."""
    waiting = (
        select(Accrual.currency, func.min(Run.ships_from), func.max(Run.ships_by))
        .join(OrderLine, OrderLine.id == Accrual.line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Run, Run.id == Order.run_id)
        .join(LineStage, LineStage.line_id == Accrual.line_id)
        .where(Accrual.member_id == member_id, LineStage.earned_at.is_(None))
        .group_by(Accrual.currency)
        .having(func.sum(Accrual.amount_minor) > 0)
    )
    sent = (
        select(Accrual.currency, func.min(LineStage.payable_due_at))
        .join(LineStage, LineStage.line_id == Accrual.line_id)
        .where(
            Accrual.member_id == member_id,
            LineStage.earned_at.is_not(None),
            LineStage.payable_at.is_(None),
        )
        .group_by(Accrual.currency)
    )
    found: dict[str, Outlook] = defaultdict(Outlook)
    for currency, ships_from, ships_by in db.session.execute(waiting):
        found[currency] = Outlook(ships_from, ships_by)
    for currency, due_at in db.session.execute(sent):
        found[currency] = replace(found[currency], payable_from=due_at)
    return dict(found)


def prizes(member_id: int) -> list[tuple[Prize, Agreement]]:
    """The member's prizes with the agreements they come from, the latest first."""
    query = (
        select(Prize, Agreement)
        .join(Agreement, Agreement.id == Prize.agreement_id)
        .options(joinedload(Agreement.submission))
        .where(Prize.member_id == member_id)
        .order_by(Prize.at.desc(), Prize.agreement_id)
    )
    return [(prize, agreement) for prize, agreement in db.session.execute(query).unique()]


def version(member_id: int) -> str:
    """Changes whenever anything does that the page shows of money; cheap to ask for."""
    latest = db.session.scalar(select(func.max(Accrual.id)).where(Accrual.member_id == member_id))
    sums = [
        f"{currency}{minor}"
        for currency, balance in balances.of(member_id).items()
        for minor in astuple(balance)
    ]
    return ".".join([str(latest or 0), *sums])


def _standings(member_id: int, accruals: Iterable[Accrual]) -> dict[int, Standing]:
    line_of = {one.id: one.line_id for one in accruals}
    query = select(LineStage).where(LineStage.line_id.in_(set(line_of.values())))
    stages = {stage.line_id: stage for stage in db.session.scalars(query)}
    currency_of = {one.id: one.currency for one in accruals}
    taken = _took_along(member_id)
    found = {}
    for accrual_id, line_id in line_of.items():
        stage = stages[line_id]
        by = _first_after(taken[currency_of[accrual_id]], stage.payable_at)
        found[accrual_id] = Standing(stage, by)
    return found


def _took_along(member_id: int) -> dict[str, list[tuple[datetime, Payout]]]:
    """Currency → payouts that were not sent back, with when each was drawn up, the first first.

    A payout takes all that is payable when it is drawn up; what matures later waits for the next.
    """
    query = (
        select(PayoutBatch.created_at, Payout)
        .join(Payout, Payout.batch_id == PayoutBatch.id)
        .where(
            Payout.member_id == member_id,
            Payout.state.in_((PayoutState.APPROVED, PayoutState.PAID)),
        )
        .order_by(PayoutBatch.created_at, Payout.id)
    )
    found: dict[str, list[tuple[datetime, Payout]]] = defaultdict(list)
    for created_at, payout in db.session.execute(query):
        found[payout.currency].append((created_at, payout))
    return found


def _first_after(
    payouts: Iterable[tuple[datetime, Payout]], payable_at: datetime | None
) -> Payout | None:
    if payable_at is None:
        return None
    return next((payout for drawn_at, payout in payouts if drawn_at >= payable_at), None)
