"""Refunds: by line or whole, never more than was paid, and money that nobody asked for."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit.models import AuditEntry
from ideation.core import clock, events
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.orders import charging, invoices, moving, refunding
from ideation.orders.events import OrderRefunded
from ideation.orders.models import Invoice, InvoiceKind, OrderRefund, OrderState
from ideation.orders.refunding import Part
from ideation.orders.states import OrderEvent
from ideation.payments import hearing
from ideation.payments.events import (
    MethodSaved,
    PaymentCaptured,
    PaymentFailed,
)
from ideation.payments.models import Payment, PaymentState, Refund, RefundState
from ideation.payments.providers.base import Kind, Told
from ideation.payments.providers.sandbox import bank as sandbox_bank
from ideation.products import stock
from ideation.products.models import RunState
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import products
from tests.orders import buyers


def _paid(units: dict[str, int] | None = None, card: str = "succeeds") -> int:
    """An order of a run that is a go, paid."""
    run = products.run(goal=1)
    order_id = buyers.pledge(run, card, units)
    buyers.end(run)
    buyers.tick()
    assert buyers.state(order_id) is OrderState.PAID
    return order_id


def _finance() -> int:
    return factories.member("Fina", roles=(Role.FINANCE,)).id


def _give_back(order_id: int, parts: dict[int, Part], key: str = "desk:1", **more: bool) -> int:
    actor = factories.member("Fina", roles=(Role.FINANCE,))
    with transaction():
        actor = db.session.merge(actor)
        made = refunding.refund(
            actor, order_id, parts, reason="A seam.", key=key, at=clock.now(), **more
        )
        return made.id


def test_part_of_a_line_goes_back_and_the_order_goes_on(app: Flask) -> None:
    order_id = _paid({"M": 2, "L": 1})
    first, second = buyers.get(order_id).lines
    refund_id = _give_back(order_id, {first.id: Part(1000, 200, 0), second.id: Part(500)})
    buyers.tick()
    order = buyers.get(order_id)
    assert order.state is OrderState.PAID
    assert order.refunded_minor == 1700
    refund = db.session.get_one(Refund, refund_id)
    assert (refund.amount_minor, refund.state) == (1700, RefundState.DONE)
    note = db.session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.CREDIT_NOTE)).one()
    assert note.total_minor == 1700
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "order.refunded")
    ).one()
    assert (entry.subject_id, entry.reason) == (order_id, "A seam.")
    buyers.agree()


def test_a_paid_order_given_back_whole_is_over_and_its_units_are_free(app: Flask) -> None:
    order_id = _paid({"M": 2})
    run_id = buyers.get(order_id).run_id
    _give_back(order_id, refunding.whole(buyers.get(order_id)))
    buyers.tick()
    assert buyers.state(order_id) is OrderState.REFUNDED
    assert (stock.pledged(run_id), stock.collected(run_id)) == (0, 0)
    buyers.agree()


def test_never_more_goes_back_than_was_paid_for_the_line(app: Flask) -> None:
    order_id = _paid({"M": 1, "L": 1})
    first, _ = buyers.get(order_id).lines
    whole = Part(first.goods_minor, first.shipping_minor, 1)
    _give_back(order_id, {first.id: whole}, key="desk:1")
    for too_much in (Part(1), Part(0, 1), Part(goods_minor=0, shipping_minor=0, quantity=1)):
        with pytest.raises((Conflict, Invalid)):
            _give_back(order_id, {first.id: too_much}, key="desk:2")
    assert buyers.get(order_id).refunded_minor == whole.total_minor
    buyers.agree()


def test_the_same_form_twice_gives_back_once_and_another_under_its_key_is_refused(
    app: Flask,
) -> None:
    order_id = _paid()
    (line,) = buyers.get(order_id).lines
    first = _give_back(order_id, {line.id: Part(300)})
    assert _give_back(order_id, {line.id: Part(300)}) == first
    with pytest.raises(Invalid):
        _give_back(order_id, {line.id: Part(301)})
    assert buyers.get(order_id).refunded_minor == 300
    buyers.agree()


def test_of_eight_who_give_everything_back_at_once_one_does(app: Flask) -> None:
    order_id = _paid()
    actor_id = _finance()
    parts = refunding.whole(buyers.get(order_id))

    def give_back(number: int) -> bool:
        try:
            with transaction():
                actor = db.session.get_one(Member, actor_id)
                refunding.refund(
                    actor, order_id, parts, reason="Twice.", key=f"desk:{number}", at=clock.now()
                )
        except Conflict:
            return False
        return True

    assert sum(at_once(app, [lambda n=n: give_back(n) for n in range(8)], 8)) == 1
    order = buyers.get(order_id)
    assert order.refunded_minor == order.total_minor
    buyers.agree()


@pytest.mark.only("postgresql")  # on SQLite the second waits for the first from the beginning
def test_a_whole_refund_and_a_capture_of_the_same_size_do_not_wait_for_each_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stops where it holds its first lock, until the other does or cannot get there."""
    run = products.run(goal=2)
    paid, rival = buyers.pledge(run), buyers.pledge(run, "confirms_charge")
    buyers.end(run)
    buyers.tick()
    (payment,) = buyers.tries(rival)
    payment_id, key, actor_id = payment.id, payment.public_id, _finance()
    parts = refunding.whole(buyers.get(paid))
    credited, issuing = threading.Event(), threading.Event()
    credit, issue = invoices.credit, invoices.issue

    def credit_and_wait(*args: Any, **values: Any) -> Any:
        note = credit(*args, **values)
        credited.set()
        issuing.wait(1)
        return note

    def wait_and_issue(*args: Any, **values: Any) -> Any:
        issuing.set()
        credited.wait(1)
        return issue(*args, **values)

    monkeypatch.setattr(invoices, "credit", credit_and_wait)
    monkeypatch.setattr(invoices, "issue", wait_and_issue)

    def give_back() -> None:
        with transaction():
            actor = db.session.get_one(Member, actor_id)
            refunding.refund(actor, paid, parts, reason="Both.", key="desk:1", at=clock.now())

    def capture() -> None:
        told = Told("evt_1", Kind.PAYMENT_CAPTURED, key, clock.now())
        with transaction():
            hearing.hear("sandbox", told, at=clock.now())

    at_once(app, [give_back, capture], 2)
    assert buyers.state(paid) is OrderState.REFUNDED
    assert buyers.state(rival) is OrderState.PAID
    assert db.session.get_one(Payment, payment_id).state is PaymentState.CAPTURED


def test_what_is_given_back_after_dispatch_changes_amounts_and_not_the_state(app: Flask) -> None:
    order_id = _paid()
    with transaction():
        moving.move(order_id, OrderEvent.DISPATCH, at=clock.now())
    run_id = buyers.get(order_id).run_id
    _give_back(order_id, refunding.whole(buyers.get(order_id)), is_faulty=True)
    assert buyers.state(order_id) is OrderState.DISPATCHED
    assert stock.collected(run_id) == 1, "the parcel did leave"
    assert db.session.scalars(select(OrderRefund.is_faulty)).one() is True


@pytest.mark.one_engine
@pytest.mark.parametrize("role", [Role.PRODUCT_MANAGER, Role.OPERATOR, Role.MODERATOR])
def test_only_finance_gives_money_back(app: Flask, role: Role) -> None:
    order_id = _paid()
    (line,) = buyers.get(order_id).lines
    actor = factories.member(roles=(role,))
    with pytest.raises(NotAllowed), transaction():
        refunding.refund(
            db.session.merge(actor),
            order_id,
            {line.id: Part(1)},
            reason="No.",
            key="desk:1",
            at=clock.now(),
        )


@pytest.mark.one_engine
def test_an_order_that_was_not_paid_gives_nothing_back(app: Flask) -> None:
    order_id = buyers.pledge(products.run())
    (line,) = buyers.get(order_id).lines
    with pytest.raises(Conflict):
        _give_back(order_id, {line.id: Part(1)})


def test_a_cancelled_order_that_was_paid_gets_everything_back(app: Flask) -> None:
    order_id = _paid()
    _cancel(order_id)
    _cancel(order_id)
    buyers.tick()
    order = buyers.get(order_id)
    assert order.state is OrderState.CANCELLED
    assert order.refunded_minor == order.total_minor
    assert db.session.scalars(select(Refund.state)).all() == [RefundState.DONE]
    buyers.agree()


def test_a_capture_that_comes_after_the_cancellation_goes_back_by_itself(app: Flask) -> None:
    run = products.run(goal=1)
    buyers.pledge(run, "declines_charge")
    order_id = buyers.pledge(run, "confirms_charge")
    buyers.end(run)
    buyers.tick()
    (payment,) = buyers.tries(order_id)
    with transaction():  # the buyer says yes to the bank …
        sandbox_bank.confirm_charge(payment.action_url.rsplit("/", 1)[-1], True, clock.now())
    _cancel(order_id)  # … and cancels here before the bank's letter is in
    assert buyers.tries(order_id)[0].state is PaymentState.FAILED
    buyers.tick()
    order = buyers.get(order_id)
    assert order.state is OrderState.CANCELLED
    assert order.payment_id is None
    assert buyers.tries(order_id)[0].state is PaymentState.CAPTURED
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount_minor, refund.state, refund.reason) == (
        order.total_minor,
        RefundState.DONE,
        refunding.SURPLUS,
    )
    assert db.session.scalars(select(Invoice)).all() == [], "what never was a sale has no invoice"
    buyers.agree()


def test_money_for_an_order_that_is_paid_already_goes_back(app: Flask) -> None:
    run = products.run(goal=1)
    order_id = buyers.pledge(run, "confirms_charge")
    buyers.end(run)
    buyers.tick()
    (first,) = buyers.tries(order_id)
    token = first.action_url.rsplit("/", 1)[-1]
    buyers.give_card(order_id)  # the first is let go, and the second is paid by …
    with transaction():  # … when the bank, not told of that yet, hears a yes to the first
        sandbox_bank.confirm_charge(token, True, clock.now())
    buyers.tick()
    order = buyers.get(order_id)
    assert order.state is OrderState.PAID
    assert [one.state for one in buyers.tries(order_id)] == [PaymentState.CAPTURED] * 2
    refund = db.session.scalars(select(Refund)).one()
    assert refund.payment_id != order.payment_id
    assert refund.amount_minor == order.total_minor
    assert order.refunded_minor == 0, "the order's own money stays"
    buyers.agree()


def test_events_told_twice_do_no_harm(app: Flask) -> None:
    run = products.run(goal=2)
    paid = buyers.pledge(run)
    broke = buyers.pledge(run, "declines_charge")
    buyers.end(run)
    buyers.tick()
    for order_id in (paid, broke):
        order, (payment,) = buyers.get(order_id), buyers.tries(order_id)
        told = PaymentCaptured if payment.state is PaymentState.CAPTURED else PaymentFailed
        for _ in range(3):
            with transaction():
                events.publish(told(order.reference, payment.id, clock.now()))
                events.publish(MethodSaved(order.reference, payment.method_id, clock.now()))
    buyers.tick()
    assert buyers.state(paid) is OrderState.PAID
    assert buyers.state(broke) is OrderState.CHARGING
    assert [len(buyers.tries(one)) for one in (paid, broke)] == [1, 1]
    assert db.session.scalars(select(Refund)).all() == []
    assert len(db.session.scalars(select(Invoice)).all()) == 1
    buyers.agree()


def test_a_run_that_fails_gives_back_once_however_often_it_is_told(app: Flask) -> None:
    run = products.run(goal=2)
    paid = buyers.pledge(run)
    buyers.pledge(run, "declines_charge")
    buyers.end(run)
    for days in (0, 2, 2, 2):
        buyers.tick(days)
    assert buyers.run_state(run) is RunState.FAILED
    for _ in range(2):
        with transaction():
            charging.fail_run(run.id, at=clock.now())
        buyers.tick()
    assert buyers.get(paid).refunded_minor == buyers.get(paid).total_minor
    assert len(db.session.scalars(select(Refund)).all()) == 1
    buyers.agree()


def test_a_refund_that_a_card_refuses_waits_for_a_person(app: Flask) -> None:
    order_id = _paid(card="refuses_refund")
    _give_back(order_id, refunding.whole(buyers.get(order_id)))
    buyers.tick()
    assert db.session.scalars(select(Refund.state)).one() is RefundState.FAILED
    assert buyers.get(order_id).refunded_minor == buyers.get(order_id).total_minor
    buyers.agree()


def test_the_event_finds_the_rows_it_speaks_of(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def look(event: OrderRefunded) -> None:
        rows = select(OrderRefund.goods_minor).where(OrderRefund.refund_id == event.refund_id)
        seen.extend(db.session.scalars(rows))

    monkeypatch.setitem(events._subscribers, OrderRefunded, [look])
    order_id = _paid()
    (line,) = buyers.get(order_id).lines
    _give_back(order_id, {line.id: Part(300)})
    assert seen == [300]


def _cancel(order_id: int) -> None:
    with transaction():
        moving.move(order_id, OrderEvent.CANCEL, at=clock.now())
