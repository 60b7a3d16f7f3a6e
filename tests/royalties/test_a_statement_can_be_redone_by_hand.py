"""A month of one designer: every line's sum redone here from what the line itself shows."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from ideation.accounts.models import Member
from ideation.core.db import db, transaction
from ideation.core.errors import NotFound
from ideation.orders.models import Order
from ideation.royalties import accruing, payouts, shares, statements
from ideation.royalties.models import AccrualKind, PayoutState, Stage
from ideation.royalties.movements import RoyaltyLine
from ideation.royalties.statements import Statement, statement
from tests.factories import products, royalties
from tests.factories.members import member

DAY = timedelta(days=1)
#: The run is open around it; December, so that payouts begin at 2.00.
AT = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def people(app: Flask) -> tuple[Member, Member]:
    return member("Lin"), member("Ada")


@pytest.fixture
def order(people: tuple[Member, Member]) -> Order:
    """Sold and refunded in October, sent in November, payable and paid in December."""
    lin, ada = people
    staff = royalties.finance()
    winner = products.winner(lin, shares={ada: 3333})
    run = products.run(products.product(winner), now=AT)
    order = royalties.sale(run, units={"S": 3, "M": 2}, discount_minor=500, tax_minor=123, at=AT)
    royalties.refund(order, {order.lines[0].id: (2400, 0, 1)}, at=AT + DAY)
    royalties.lock(run, at=AT + 12 * DAY)
    royalties.dispatch(order, royalties.warehouse(), at=AT + 13 * DAY)
    with transaction():
        accruing.mature_due(AT + 58 * DAY)
    for one in people:
        royalties.bank_account(one, staff, at=AT)
    batch = royalties.payday(staff, (AT + 58 * DAY).date(), at=AT + 58 * DAY)
    with transaction():
        mine = next(one.id for one in batch.payouts if one.member_id == ada.id)
        payouts.mark_bounced(db.session.merge(staff), mine, "Closed", at=AT + 60 * DAY)
    return order


def _redo(line: RoyaltyLine, place: int) -> int:
    """The amount from the numbers beside it, as a designer would."""
    base = line.quantity * line.unit_minor - line.discount_minor - line.refunded_minor
    assert base - line.tax_minor == line.base_minor
    rate = (line.base_minor * line.rate_bp + 5000) // 10_000  # no half among these
    whole = min(line.base_minor, max(rate, line.minimum_minor * line.units))
    assert whole == line.whole_minor
    part = shares.split(whole, [6667, 3333])[place]
    assert part == line.part_minor
    return part - line.before_minor


def _months(person: Member) -> list[Statement]:
    return [statement(person.id, 2026, month, "USD") for month in (10, 11, 12)]


def test_every_line_can_be_redone(people: tuple[Member, Member], order: Order) -> None:
    for place, person in enumerate(people):
        october = _months(person)[0]
        assert [line.kind for line in october.lines] == [
            AccrualKind.SALE,
            AccrualKind.SALE,
            AccrualKind.REVERSAL,
        ]
        for line in october.lines:
            assert _redo(line, place) == line.amount_minor
            assert line.is_shared
        _, plain, reversal = october.lines
        assert plain.is_plain and not reversal.is_plain
        assert reversal.units == 2 and reversal.amount_minor < 0


def test_months_follow_each_other_and_add_up(people: tuple[Member, Member], order: Order) -> None:
    for person in people:
        october, november, december = _months(person)
        assert october.opening.owed == 0
        assert october.closing == november.opening and november.closing == december.opening
        assert all(one.adds_up for one in (october, november, december))
        assert {one.stage for one in november.stages} == {Stage.EARNED}
        assert {one.stage for one in december.stages} == {Stage.PAYABLE}
        earned = sum(one.amount_minor for one in november.stages)
        assert earned == october.closing.pending == november.closing.earned
    lin, ada = (_months(person)[2] for person in people)
    assert [one.step for one in lin.payouts] == [PayoutState.APPROVED, PayoutState.PAID]
    assert (lin.closing.owed, lin.paid_minor) == (0, lin.closing.paid)
    assert [one.step for one in ada.payouts][-1] is PayoutState.BOUNCED
    assert (ada.closing.payable, ada.paid_minor) == (ada.opening.earned, 0)


def test_a_month_that_is_over_reads_the_same_for_ever(
    people: tuple[Member, Member], order: Order
) -> None:
    before = [_months(person) for person in people]
    royalties.refund(order, at=AT + 90 * DAY)
    assert [_months(person) for person in people] == before
    january = statement(people[0].id, 2027, 1, "USD")
    assert january.reversals_minor < 0 and january.adds_up
    assert january.closing.payable < 0, "carried forward"


def test_statements_are_out_on_the_5th(people: tuple[Member, Member], order: Order) -> None:
    lin, _ = people
    fifth = datetime(2026, 11, 5, tzinfo=UTC)
    assert statements.months(lin.id, fifth - timedelta(seconds=1)) == []
    assert statements.months(lin.id, fifth) == [(2026, 10, "USD")]
    assert statements.months(lin.id, datetime(2027, 1, 20, tzinfo=UTC)) == [
        (2026, 12, "USD"),
        (2026, 11, "USD"),
        (2026, 10, "USD"),
    ]


def test_there_is_none_of_a_month_before_anything_moved(
    people: tuple[Member, Member], order: Order
) -> None:
    for year, month, currency in ((2026, 9, "USD"), (2026, 13, "USD"), (2026, 10, "JPY")):
        with pytest.raises(NotFound):
            statement(people[0].id, year, month, currency)
