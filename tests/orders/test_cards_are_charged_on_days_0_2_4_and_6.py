"""Charging: a card is tried four times in six days, then the order is given up."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.core.mail.models import Mail
from ideation.orders import charging
from ideation.orders.models import OrderState
from ideation.payments.models import PaymentState
from ideation.payments.providers.sandbox import bank as sandbox_bank
from ideation.products import runs, stock
from ideation.products.models import Run, RunState
from tests.factories import Browser
from tests.factories import members as people
from tests.factories import products as factories
from tests.orders import buyers


def _subjects(email: str = "ada@example.org") -> list[str]:
    query = select(Mail.subject).where(Mail.to == email, Mail.template == "order")
    return [subject.split(":")[0] for subject in db.session.scalars(query.order_by(Mail.id))]


def test_a_card_that_pays_is_charged_once_and_the_run_is_a_go(app: Flask) -> None:
    run = factories.run(goal=2)
    first, second = buyers.pledge(run), buyers.pledge(run)
    assert buyers.end(run) is RunState.CHARGING
    buyers.tick()
    assert [buyers.state(one) for one in (first, second)] == [OrderState.PAID, OrderState.PAID]
    assert buyers.run_state(run) is RunState.GO
    assert stock.collected(run.id) == 2
    buyers.tick(days=9)
    assert [len(buyers.tries(one)) for one in (first, second)] == [1, 1]
    buyers.agree()


def test_nobody_joins_after_production_started_who_has_not_paid_by_then(app: Flask) -> None:
    run = factories.run(goal=1)
    paid, broke = buyers.pledge(run), buyers.pledge(run, "declines_charge")
    buyers.end(run)
    buyers.tick()
    manager_id = people.member(roles=(Role.PRODUCT_MANAGER,)).id
    page = Browser(app, db.session.get_one(Member, manager_id)).get(
        f"/console/runs/{run.public_id}"
    )
    assert "1 piece is not paid yet. Once production starts, its order is dropped." in page.text
    with transaction():
        assert runs.lock(db.session.get_one(Member, manager_id), run.id, at=clock.now())
    assert [buyers.state(one) for one in (paid, broke)] == [OrderState.PAID, OrderState.DROPPED]
    assert (stock.pledged(run.id), stock.collected(run.id)) == (1, 1)
    buyers.give_card(broke)
    buyers.tick(days=2)
    assert buyers.state(broke) is OrderState.DROPPED and len(buyers.tries(broke)) == 1
    assert stock.collected(run.id) == 1
    buyers.agree()


def test_production_waits_for_cards_that_were_never_tried(app: Flask) -> None:
    run = factories.run(goal=1)
    buyers.pledge(run)
    late = buyers.pledge(run)
    buyers.end(run)
    with transaction():  # the run is a go before the last card's turn has come
        db.session.execute(
            update(Run).where(Run.id == run.id).values(state=RunState.GO, decided_at=clock.now())
        )
    manager_id = people.member(roles=(Role.PRODUCT_MANAGER,)).id
    with pytest.raises(Conflict, match="only just being charged"), transaction():
        runs.lock(db.session.get_one(Member, manager_id), run.id, at=clock.now())
    buyers.tick()
    assert buyers.state(late) is OrderState.PAID
    with transaction():
        assert runs.lock(db.session.get_one(Member, manager_id), run.id, at=clock.now())


def test_a_declined_card_is_tried_on_days_0_2_4_and_6_then_the_order_is_dropped(
    app: Flask,
) -> None:
    run = factories.run(goal=1)
    buyers.pledge(run)
    order_id = buyers.pledge(run, "declines_charge", {"L": 2})
    buyers.end(run)
    began = clock.now()
    buyers.tick()
    assert buyers.run_state(run) is RunState.GO, "one paid piece is the goal"
    for days in (1, 1, 1, 1, 1):
        assert buyers.state(order_id) is OrderState.CHARGING
        buyers.tick(days)
    assert buyers.state(order_id) is OrderState.CHARGING, "day 5"
    buyers.tick(1)
    assert buyers.state(order_id) is OrderState.DROPPED, "day 6: the fourth no is the last"
    asked = [
        round((one.requested_at - began) / timedelta(days=1)) for one in buyers.tries(order_id)
    ]
    assert asked == [0, 2, 4, 6]
    assert _units(run.id) == {"M": (1, 1, 1)}, "its units are free"
    buyers.agree()


def test_a_card_declined_twice_pays_on_day_4(app: Flask) -> None:
    run = factories.run(goal=1)
    order_id = buyers.pledge(run, "declines_twice")
    buyers.end(run)
    buyers.tick()
    buyers.tick(2)
    assert buyers.state(order_id) is OrderState.CHARGING
    assert buyers.run_state(run) is RunState.CHARGING
    buyers.tick(2)
    assert buyers.state(order_id) is OrderState.PAID
    assert buyers.run_state(run) is RunState.GO
    assert [one.state for one in buyers.tries(order_id)] == [
        PaymentState.FAILED,
        PaymentState.FAILED,
        PaymentState.CAPTURED,
    ]
    buyers.agree()


def test_a_run_that_can_no_longer_be_collected_fails_and_gives_everything_back(
    app: Flask,
) -> None:
    run = factories.run(goal=3)
    paid = [buyers.pledge(run), buyers.pledge(run)]
    broke = buyers.pledge(run, "declines_charge")
    buyers.end(run)
    for days in (0, 2, 2):
        buyers.tick(days)
        assert buyers.run_state(run) is RunState.CHARGING, "the third might still pay"
    buyers.tick(2)
    assert buyers.state(broke) is OrderState.DROPPED
    assert buyers.run_state(run) is RunState.FAILED
    assert [buyers.state(one) for one in paid] == [OrderState.FAILED, OrderState.FAILED]
    for order_id in paid:
        order = buyers.get(order_id)
        assert order.refunded_minor == order.total_minor
        assert sandbox_bank.find_charge(buyers.tries(order_id)[0].public_id).refunded_minor == (
            order.total_minor
        ), "the money is back on the card"
    assert _units(run.id) == {}
    assert _subjects().count("Not this time") == 2
    buyers.agree()


def test_a_bank_that_wants_the_buyers_word_gets_it(app: Flask) -> None:
    run = factories.run(goal=1)
    order_id = buyers.pledge(run, "confirms_charge")
    buyers.end(run)
    buyers.tick()
    (payment,) = buyers.tries(order_id)
    assert payment.state is PaymentState.NEEDS_ACTION
    assert "Your bank asks you to confirm" in _subjects()
    with transaction():
        sandbox_bank.confirm_charge(payment.action_url.rsplit("/", 1)[-1], True, clock.now())
    buyers.tick()
    assert buyers.state(order_id) is OrderState.PAID
    assert buyers.run_state(run) is RunState.GO
    buyers.agree()


def test_an_unanswered_question_counts_as_a_no_at_the_next_try(app: Flask) -> None:
    run = factories.run(goal=1)
    order_id = buyers.pledge(run, "confirms_charge")
    buyers.end(run)
    for days in (0, 2, 2, 2):
        buyers.tick(days)
        assert buyers.state(order_id) is OrderState.CHARGING
        assert buyers.tries(order_id)[-1].state is PaymentState.NEEDS_ACTION
    assert len(buyers.tries(order_id)) == 4
    buyers.tick(2)
    assert buyers.state(order_id) is OrderState.DROPPED, "day 8: nobody answered the last either"
    assert buyers.run_state(run) is RunState.FAILED
    assert {one.state for one in buyers.tries(order_id)} == {PaymentState.FAILED}
    buyers.agree()


def test_a_new_card_is_tried_at_once_beside_the_clock(app: Flask) -> None:
    run = factories.run(goal=1)
    order_id = buyers.pledge(run, "declines_charge")
    buyers.end(run)
    buyers.tick()
    buyers.tick(1)
    buyers.give_card(order_id, "declines_charge")
    buyers.tick()
    assert len(buyers.tries(order_id)) == 2, "day 1: another card, tried at once and declined"
    buyers.tick(1)
    assert len(buyers.tries(order_id)) == 3, "day 2: as if nothing had been"
    buyers.give_card(order_id, "succeeds")
    buyers.tick()
    assert buyers.state(order_id) is OrderState.PAID
    assert buyers.run_state(run) is RunState.GO
    buyers.agree()


def test_a_new_card_takes_the_place_of_a_question_that_waits(app: Flask) -> None:
    run = factories.run(goal=1)
    order_id = buyers.pledge(run, "confirms_charge")
    buyers.end(run)
    buyers.tick()
    buyers.give_card(order_id)
    buyers.tick()
    assert buyers.state(order_id) is OrderState.PAID
    assert [one.state for one in buyers.tries(order_id)] == [
        PaymentState.FAILED,
        PaymentState.CAPTURED,
    ]
    buyers.agree()


def test_a_card_given_while_the_bank_is_being_asked_is_next_and_never_charged_beside(
    app: Flask,
) -> None:
    run = factories.run(goal=1)
    order_id = buyers.pledge(run, "confirms_charge")
    buyers.end(run)
    with transaction():
        charging.charge(order_id, at=clock.now())
    buyers.give_card(order_id)
    buyers.tick()
    assert buyers.state(order_id) is OrderState.PAID
    assert [one.state for one in buyers.tries(order_id)] == [
        PaymentState.FAILED,
        PaymentState.CAPTURED,
    ]
    assert "Your bank asks you to confirm" not in _subjects()
    buyers.agree()


def test_a_clock_that_was_down_still_tries_four_times_two_days_apart(app: Flask) -> None:
    run = factories.run(goal=1)
    order_id = buyers.pledge(run, "declines_charge")
    buyers.end(run)
    buyers.tick()
    buyers.tick(5)
    assert len(buyers.tries(order_id)) == 2
    buyers.tick(0.1)
    assert len(buyers.tries(order_id)) == 2, "no hail of tries for what was missed"
    buyers.tick(2)
    buyers.tick(2)
    assert len(buyers.tries(order_id)) == 4
    assert buyers.state(order_id) is OrderState.DROPPED


def test_an_order_without_a_card_expires_when_its_run_is_charged(app: Flask) -> None:
    run = factories.run(goal=1)
    buyers.pledge(run)
    clock.move(timedelta(days=8, hours=23, minutes=50))
    order_id = buyers.place(run)
    buyers.end(run)
    buyers.tick()
    assert buyers.state(order_id) is OrderState.EXPIRED
    assert buyers.run_state(run) is RunState.GO
    buyers.agree()


def test_a_worker_killed_between_two_orders_leaves_whole_ones_and_the_next_goes_on(
    app: Flask,
) -> None:
    run = factories.run(goal=3)
    orders = [buyers.pledge(run) for _ in range(3)]
    buyers.end(run)
    with transaction():
        charging.charge(orders[0], at=clock.now())
    try:
        with transaction():
            charging.charge(orders[1], at=clock.now())
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert [buyers.state(one) for one in orders] == [
        OrderState.CHARGING,
        OrderState.CONFIRMED,
        OrderState.CONFIRMED,
    ]
    buyers.tick()
    assert [len(buyers.tries(one)) for one in orders] == [1, 1, 1]
    assert buyers.run_state(run) is RunState.GO
    buyers.agree()


def test_a_card_saved_once_the_run_is_over_is_told_and_never_charged(app: Flask) -> None:
    run = factories.run(goal=1)
    buyers.pledge(run)
    clock.move(timedelta(days=8, hours=23, minutes=50))
    order_id = buyers.place(run)
    buyers.end(run)
    buyers.give_card(order_id)
    buyers.tick()
    assert buyers.state(order_id) is OrderState.EXPIRED
    assert buyers.tries(order_id) == []
    assert "Your card came too late" in _subjects()


def _units(run_id: int) -> dict[str, tuple[int, int, int]]:
    """Size → taken, pledged, collected, of what is counted at all."""
    run = db.session.get_one(Run, run_id, populate_existing=True)
    return {
        row.variant.size: (row.taken, row.pledged, row.collected)
        for row in run.stock
        if row.taken or row.pledged or row.collected
    }
