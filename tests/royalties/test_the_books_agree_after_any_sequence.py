"""Sales, parcels, refunds, waits and paydays in any order, on both engines.

After every step everything is proved again, the balances are what a second, simple count of the
same steps gives, and any earlier day can still be told.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.orders import refunding
from ideation.orders.models import Order, OrderState
from ideation.royalties import accruing, balances, bank_file, payouts, queries, replay
from ideation.royalties.balances import Balance
from ideation.royalties.models import Payout, PayoutState
from ideation.royalties.verify import verify
from tests.factories import products, royalties
from tests.factories.members import member

IS_SOAK = bool(os.environ.get("IDEATION_TEST_SOAK"))
DAY = timedelta(days=1)
SHARES = (6667, 3333)
MINIMUM = {"USD": 100, "JPY": 150, "KWD": 300}
#: Enough of each for a payout.
ORDERS = (("USD", {"M": 20}), ("USD", {"S": 3, "L": 20}), ("JPY", {"M": 20}), ("KWD", {"S": 13}))


@dataclass
class Counted:
    """One line as the second count sees it."""

    currency: str
    quantity: int
    gross: int
    units_back: int = 0
    goods_back: int = 0

    def royalty(self) -> int:
        """The whole, by Decimal."""
        left = self.gross - self.goods_back
        by_rate = int((Decimal(left) / 10).quantize(Decimal(1), ROUND_HALF_EVEN))
        least = MINIMUM[self.currency] * (self.quantity - self.units_back)
        return min(left, max(by_rate, least))


@dataclass
class Count:
    """Everything that should be true, told without the code under test."""

    lines: dict[int, Counted] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)

    def owed(self, currency: str) -> int:
        """All designers together, what was paid to them taken off."""
        whole = sum(one.royalty() for one in self.lines.values() if one.currency == currency)
        return whole - self.paid.get(currency, 0)


class Books(RuleBasedStateMachine):
    """A run of four orders in three currencies, two designers, one payday clerk."""

    def __init__(self) -> None:
        super().__init__()
        self.at = clock.now()
        self.people: list[Member] = [member("Lin"), member("Ada")]
        self.staff, self.desk = royalties.finance(), royalties.warehouse()
        winner = products.winner(self.people[0], shares={self.people[1]: SHARES[1]})
        run = products.run(products.product(winner))
        self.orders = [
            royalties.charging_order(run, units=units, currency=currency, at=self.at)
            for currency, units in ORDERS
        ]
        royalties.lock(run, at=self.at)
        for person in self.people:
            royalties.bank_account(person, self.staff, at=self.at)
        self.count = Count()
        self.told: list[tuple[datetime, dict[int, dict[str, Balance]]]] = []

    @initialize(
        far=st.lists(st.integers(0, 3), min_size=len(ORDERS), max_size=len(ORDERS)),
        days=st.sampled_from((0, 31, 46)),
    )
    def begin(self, far: list[int], days: int) -> None:
        """Some orders are a part of their way already, or the interesting steps come too late."""
        for which, steps in enumerate(far):
            for step in (self.sell, self.send, self.arrive)[:steps]:
                step(which)
        if days:
            self.wait(days)

    @rule(which=st.integers(0, len(ORDERS) - 1))
    def sell(self, which: int) -> None:
        order = self._order(which)
        if order.state is not OrderState.CHARGING:
            return
        self._tick()
        paid = royalties.capture(order, at=self.at)
        for line in paid.lines:
            self.count.lines[line.id] = Counted(paid.currency, line.quantity, line.goods_minor)

    @rule(which=st.integers(0, len(ORDERS) - 1))
    def send(self, which: int) -> None:
        order = self._order(which)
        if order.state is OrderState.PAID:
            self._tick()
            royalties.dispatch(order, self.desk, at=self.at)

    @rule(which=st.integers(0, len(ORDERS) - 1))
    def arrive(self, which: int) -> None:
        order = self._order(which)
        if order.state is OrderState.DISPATCHED:
            self._tick()
            royalties.deliver(order, at=self.at)

    @rule(
        which=st.integers(0, len(ORDERS) - 1),
        tenths=st.integers(1, 10),
        units=st.integers(0, 2),
        is_faulty=st.booleans(),
    )
    def refund(self, which: int, tenths: int, units: int, is_faulty: bool) -> None:
        order = self._order(which)
        line = order.lines[-1]
        left = line.goods_minor - line.refunded_minor
        if order.payment_id is None or left < 10:
            return
        goods = left * tenths // 10
        units = min(units, line.quantity - line.refunded_quantity)
        is_faulty = is_faulty and refunding.was_sent(order)
        self._tick()
        royalties.refund(order, {line.id: (goods, 0, units)}, is_faulty=is_faulty, at=self.at)
        if not is_faulty:
            self.count.lines[line.id].goods_back += goods
            self.count.lines[line.id].units_back += units

    @rule(days=st.integers(1, 50))
    def wait(self, days: int) -> None:
        self.at += days * DAY
        with transaction():
            accruing.mature_due(self.at)

    @rule()
    def draft(self) -> None:
        self._tick()
        with transaction():
            try:
                payouts.draft(db.session.merge(self.staff), self.at.date(), at=self.at)
            except Conflict:
                return  # nobody is due, or a draft is open

    @precondition(lambda self: queries.find_draft() is not None)
    @rule(keep=st.integers(0, 3))
    def approve(self, keep: int) -> None:
        draft = queries.find_draft()
        assert draft is not None
        batch_id = draft.id
        self._tick()
        try:
            with transaction():
                staff = db.session.merge(self.staff)
                if keep == 0:
                    payouts.discard(staff, batch_id, at=self.at)
                    return
                payouts.approve(staff, batch_id, at=self.at)
                bank_file.export_csv(staff, batch_id, at=self.at)
        except Conflict:  # a refund has come in between: all or nothing
            with transaction():
                payouts.discard(db.session.merge(self.staff), batch_id, at=self.at)

    @rule(words=st.lists(st.sampled_from(("paid", "bounced", "open")), min_size=2, max_size=2))
    def payday(self, words: list[str]) -> None:
        """All of it at once, so that steps are left for what comes after."""
        self.draft()
        if queries.find_draft() is not None:
            self.approve(keep=1)
        for word in words:
            if word != "open" and self._payout(PayoutState.APPROVED) is not None:
                self.settle(bounces=word == "bounced")

    @precondition(lambda self: self._payout(PayoutState.APPROVED) is not None)
    @rule(bounces=st.booleans())
    def settle(self, bounces: bool) -> None:
        self._tick()
        with transaction():
            staff = db.session.merge(self.staff)
            payout = self._payout(PayoutState.APPROVED)
            assert payout is not None
            if bounces:
                payouts.mark_bounced(staff, payout.id, "Account closed", at=self.at)
            else:
                payouts.mark_paid(staff, payout.id, at=self.at)
                self._count_payout(payout, 1)

    @precondition(lambda self: self._payout(PayoutState.PAID) is not None)
    @rule()
    def come_back_late(self) -> None:
        """The bank returns what was marked paid; its owner gives another account."""
        payout = self._payout(PayoutState.PAID)
        assert payout is not None
        payout_id, member_id = payout.id, payout.member_id
        self._tick()
        with transaction():
            staff = db.session.merge(self.staff)
            payouts.mark_bounced(staff, payout_id, "Unknown account", at=self.at)
            self._count_payout(payouts.get_payout(payout_id), -1)
        owner = next(one for one in self.people if one.id == member_id)
        royalties.bank_account(owner, self.staff, at=self.at, name=f"Other {payout_id}")

    @invariant()
    def everything_agrees(self) -> None:
        report = verify()
        assert report.disagreements == ()
        now = self._balances()
        totals = balances.totals(now)
        for currency in MINIMUM:
            assert totals.get(currency, Balance()).owed == self.count.owed(currency)
            assert totals.get(currency, Balance()).paid == self.count.paid.get(currency, 0)
        db.session.rollback()
        self.told.append((self.at + timedelta(microseconds=1), now))

    @invariant()
    def any_past_day_can_be_told(self) -> None:
        for before, then in self.told[:: max(1, len(self.told) // 4)]:
            assert self._balances(before) == then
            replayed = replay.of_everybody(before=before)
            for person in self.people:
                kept = then.get(person.id, {}).items()
                left = {code: one for code, one in kept if one != Balance()}
                assert replayed.get(person.id, {}) == left
        db.session.rollback()

    def _balances(self, before: datetime | None = None) -> dict[int, dict[str, Balance]]:
        return balances.of_many([person.id for person in self.people], before=before)

    def _payout(self, state: PayoutState) -> Payout | None:
        mine = [person.id for person in self.people]
        query = db.session.query(Payout).filter(Payout.member_id.in_(mine))
        return query.filter_by(state=state).order_by(Payout.id).first()

    def _order(self, which: int) -> Order:
        return db.session.get_one(Order, self.orders[which].id, populate_existing=True)

    def _tick(self) -> None:
        db.session.rollback()
        self.at += timedelta(minutes=1)

    def _count_payout(self, payout: Payout, sign: int) -> None:
        before = self.count.paid.get(payout.currency, 0)
        self.count.paid[payout.currency] = before + sign * payout.amount_minor


def test_the_books_agree_after_any_sequence(app: Flask) -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=60 if IS_SOAK else 3,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )
