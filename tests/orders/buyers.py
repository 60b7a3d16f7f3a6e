"""Buyers whose cards are saved by the real provider, and time that passes for all of them."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.orders import checks, placing
from ideation.orders.models import Order, OrderState
from ideation.orders.placing import Buyer
from ideation.payments.models import Payment
from ideation.products import runs
from ideation.products.models import Run, RunState
from tests.factories import payments as bank
from tests.factories.orders import ADDRESS
from workers import orders as worker


def place(run: Run, units: Mapping[str, int] | None = None, currency: str = "USD") -> int:
    """A guest's order that waits for a card; returns its id."""
    wanted = units or {"M": 1}
    with transaction():
        run = db.session.get_one(Run, run.id)
        basket = {
            row.variant_id: wanted[row.variant.size]
            for row in run.stock
            if row.variant.size in wanted
        }
        buyer = Buyer(email="ada@example.org", language="en")
        return placing.place(buyer, run.id, basket, ADDRESS, currency, at=clock.now()).id


def pledge(run: Run, card: str = "succeeds", units: Mapping[str, int] | None = None) -> int:
    """An order whose card is saved; ``card`` is what it does when it is charged."""
    order_id = place(run, units)
    give_card(order_id, card)
    return order_id


def give_card(order_id: int, card: str = "succeeds") -> None:
    """The buyer gives a card on the provider's page, and the provider tells us."""
    bank.saved_card(get(order_id).reference, card)
    db.session.rollback()


def end(run: Run) -> RunState | None:
    """Move the clock to the end of the run's window and end it."""
    db.session.rollback()
    closes_at = db.session.get_one(Run, run.id).closes_at
    clock.move(closes_at - clock.now() + timedelta(seconds=1))
    with transaction():
        return runs.end(run.id, at=clock.now())


def tick(days: float = 0) -> None:
    """Let so much time pass, then let workers and the provider do all that is due."""
    clock.move(timedelta(days=days))
    db.session.rollback()
    worker.advance()
    bank.settle()
    clock.move(timedelta(seconds=3))  # the provider answers a second later
    bank.settle()
    db.session.rollback()


def get(order_id: int) -> Order:
    """The order as it stands now."""
    return db.session.get_one(Order, order_id, populate_existing=True)


def state(order_id: int) -> OrderState:
    """Where the order stands now."""
    return get(order_id).state


def run_state(run: Run) -> RunState:
    """Where the run stands now."""
    return db.session.get_one(Run, run.id, populate_existing=True).state


def tries(order_id: int) -> list[Payment]:
    """The tries at charging its card, in order."""
    query = select(Payment).where(Payment.reference == get(order_id).reference)
    return list(db.session.scalars(query.order_by(Payment.attempt)))


def agree() -> None:
    """Orders, money and counters say the same."""
    assert [str(one) for one in checks.find_disagreements()] == []
