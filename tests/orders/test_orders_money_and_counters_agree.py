"""Whatever happens to a run's orders in whatever sequence, everything derived agrees after it."""

import os
from datetime import timedelta
from typing import ClassVar

import pytest
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
from sqlalchemy import text, update

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from ideation.orders import checks, dispatching, moving, refunding
from ideation.orders.models import Order, OrderLine, OrderState
from ideation.orders.refunding import Part
from ideation.orders.states import ENDED, OrderEvent
from ideation.payments.models import Payment, PaymentState
from ideation.payments.providers.sandbox import bank as sandbox_bank
from ideation.products import runs, stock
from ideation.products.models import RunState, RunVariant
from tests import factories
from tests.factories import payments as bank
from tests.factories import products
from tests.orders import buyers
from workers import orders as worker

CARDS = ("succeeds", "confirms_charge", "declines_charge", "declines_twice", "refuses_refund")
MOST_ORDERS = 4
IS_SOAK = bool(os.environ.get("IDEATION_TEST_SOAK"))


class Shop(RuleBasedStateMachine):
    """One run, a few orders, and everybody who can do something about them."""

    finance: int
    manager: int
    #: Every state that an order was seen in, over all examples.
    seen: ClassVar[set[OrderState]] = set()

    @initialize(
        goal=st.integers(1, 3),
        cap=st.sampled_from([None, 3, 4]),
        cards=st.lists(st.sampled_from([*CARDS, "succeeds", ""]), min_size=2, max_size=3),
        far=st.sampled_from(["open", "charged", "charged", "in production"]),
    )
    def begin(self, goal: int, cap: int | None, cards: list[str], far: str) -> None:
        self.run = products.run(goal=goal, caps=cap)
        self.orders: list[int] = []
        self.keys = 0
        for card in cards:
            self.orders.append(buyers.place(self.run, {"M": 1}))
            if card:
                buyers.give_card(self.orders[-1], card)
        if far != "open":
            self.end_the_window()
            self.work()
        if far == "in production":
            self.start_production()

    @rule(size=st.sampled_from("ML"), units=st.integers(1, 2))
    @precondition(lambda self: len(self.orders) < MOST_ORDERS)
    def order(self, size: str, units: int) -> None:
        try:
            self.orders.append(buyers.place(self.run, {size: units}))
        except Conflict:
            db.session.rollback()  # sold out, or over

    @rule(pick=st.integers(0, MOST_ORDERS), card=st.sampled_from(CARDS))
    @precondition(lambda self: self.orders)
    def give_card(self, pick: int, card: str) -> None:
        buyers.give_card(self._one(pick), card)

    @rule(hours=st.sampled_from([1, 24, 48]))
    def let_time_pass(self, hours: int) -> None:
        clock.move(timedelta(hours=hours))
        self.work()

    @rule()
    def end_the_window(self) -> None:
        if buyers.run_state(self.run) is RunState.OPEN:
            buyers.end(self.run)

    @rule()
    def work(self) -> None:
        db.session.rollback()
        worker.expire()
        worker.advance()
        bank.settle()
        clock.move(timedelta(seconds=2))
        bank.settle()

    @rule(pick=st.integers(0, MOST_ORDERS), says_yes=st.booleans())
    @precondition(lambda self: self.orders)
    def answer_the_bank(self, pick: int, says_yes: bool) -> None:
        waiting = [
            one
            for one in buyers.tries(self._one(pick))
            if one.state is PaymentState.NEEDS_ACTION or one.failure == "abandoned"
        ]
        charges = [sandbox_bank.find_charge(one.public_id) for one in waiting]
        token = next((charge.token for charge in charges if charge), None)
        db.session.rollback()
        if token is not None:
            try:
                with transaction():
                    sandbox_bank.confirm_charge(token, says_yes, clock.now())
            except Conflict:
                pass  # answered before

    @rule(pick=st.integers(0, MOST_ORDERS))
    @precondition(lambda self: self.orders)
    def cancel(self, pick: int) -> None:
        with transaction():
            moving.move(self._one(pick), OrderEvent.CANCEL, at=clock.now())

    @rule(pick=st.integers(0, MOST_ORDERS), percent=st.sampled_from([10, 50, 100]))
    @precondition(lambda self: self.orders)
    def give_back(self, pick: int, percent: int) -> None:
        self.keys += 1
        order_id = self._one(pick)
        parts = {
            line_id: Part(
                part.goods_minor * percent // 100,
                part.shipping_minor * percent // 100,
                part.quantity * percent // 100,
            )
            for line_id, part in refunding.whole(buyers.get(order_id)).items()
        }
        key = f"desk:{order_id}:{self.keys}"
        try:
            with transaction():
                actor = db.session.get_one(Member, self.finance)
                refunding.refund(actor, order_id, parts, reason="So.", key=key, at=clock.now())
        except (Conflict, Invalid):
            pass  # not paid, or nothing left

    @rule()
    def start_production(self) -> None:
        try:
            with transaction():
                runs.lock(db.session.get_one(Member, self.manager), self.run.id, at=clock.now())
        except Conflict:
            pass  # not a go

    @rule(pick=st.integers(0, MOST_ORDERS), arrives=st.booleans())
    @precondition(lambda self: self.orders)
    def send(self, pick: int, arrives: bool) -> None:
        order_id = self._one(pick)
        try:
            with transaction():
                actor = db.session.get_one(Member, self.manager)
                if arrives:
                    dispatching.deliver(actor, order_id, at=clock.now())
                else:
                    dispatching.dispatch(actor, order_id, "DHL", "1", at=clock.now())
        except Conflict:
            pass  # not in production, not paid, not sent

    @invariant()
    def all_agree(self) -> None:
        db.session.rollback()
        db.session.expire_all()
        buyers.agree()
        self.seen.update(buyers.state(order_id) for order_id in getattr(self, "orders", ()))
        db.session.rollback()

    @invariant()
    def a_failed_run_keeps_nothing(self) -> None:
        if not hasattr(self, "run") or buyers.run_state(self.run) is not RunState.FAILED:
            return
        self.work()
        assert stock.pledged(self.run.id) == 0
        assert all(buyers.state(order_id) in ENDED for order_id in self.orders)

    def teardown(self) -> None:
        """In the end every order is sent, over, or waits for a date that is to come."""
        if not hasattr(self, "run"):
            return
        self.end_the_window()
        if buyers.run_state(self.run) is RunState.OPEN:
            self.end_the_window()  # it was extended once
        self.work()
        for _ in range(5):
            if any(buyers.state(one) is OrderState.CHARGING for one in self.orders):
                clock.move(timedelta(days=2))
                self.work()
        assert buyers.run_state(self.run) in {RunState.GO, RunState.FAILED}
        settled = {OrderState.PAID, OrderState.DISPATCHED, OrderState.DELIVERED} | ENDED
        assert {buyers.state(order_id) for order_id in self.orders} <= settled
        self.all_agree()

    def _one(self, pick: int) -> int:
        return self.orders[pick % len(self.orders)]


def test_everything_agrees_after_any_sequence(app: Flask) -> None:
    Shop.seen.clear()
    Shop.finance = factories.member(roles=(Role.FINANCE,)).id
    Shop.manager = factories.member(roles=(Role.PRODUCT_MANAGER,)).id
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Shop,
        settings=settings(
            max_examples=200 if IS_SOAK else 8,
            stateful_step_count=20 if IS_SOAK else 6,
            derandomize=not IS_SOAK,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(Shop.seen) >= (len(OrderState) if IS_SOAK else 5), "it went to many places"


SLIPS = {
    "a unit lost": update(RunVariant).values(taken=RunVariant.taken + 1),
    "a state set by hand": update(Order).values(state=OrderState.DISPATCHED),
    "a paid order without its payment": update(Order).values(payment_id=None),
    "an amount given back that no refund gave": update(OrderLine).values(refunded_minor=1),
    "another amount captured": update(Payment).values(amount_minor=Payment.amount_minor + 1),
    "a capture undone": update(Payment).values(state=PaymentState.FAILED),
    "an order that ended and says it did not": update(Order).values(ended_at=clock.now()),
}


@pytest.mark.one_engine
@pytest.mark.parametrize("slip", SLIPS)
def test_control_each_slip_is_found(app: Flask, slip: str) -> None:
    run = products.run(goal=1)
    buyers.pledge(run)
    buyers.end(run)
    buyers.tick()
    buyers.agree()
    with transaction():
        db.session.execute(SLIPS[slip].execution_options(synchronize_session=False))
    assert checks.find_disagreements() != []


@pytest.mark.one_engine
def test_control_a_lost_document_is_found(app: Flask) -> None:
    run = products.run(goal=1)
    buyers.pledge(run)
    buyers.end(run)
    buyers.tick()
    with transaction():
        db.session.execute(text("DROP TRIGGER guard_invoices_delete"))
        db.session.execute(text("DELETE FROM invoices"))
    assert "invoice" in str(checks.find_disagreements()[0])
