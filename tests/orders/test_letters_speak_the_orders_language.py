"""What a buyer is written: in the order's language, with its amounts, and with one link."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.core import clock, i18n, jobs, outbox
from ideation.core.db import db, transaction
from ideation.core.mail import compose
from ideation.core.mail.models import Mail
from ideation.core.outbox import OutboxRow
from ideation.orders import letters, links, telling
from ideation.orders.models import Order, OrderState, Parcel
from ideation.orders.telling import Letter
from tests import factories
from tests.factories import products
from tests.factories.processes import die, fork, wait

pytestmark = pytest.mark.one_engine

MINUTE = timedelta(minutes=1)

#: Letter → the state its order is in.
PLAIN: dict[Callable[..., Mail | None], str] = {
    letters.confirmed: "confirmed",
    letters.too_late: "expired",
    letters.ends_soon: "confirmed",
    letters.paid: "paid",
    letters.dropped: "dropped",
    letters.run_go: "paid",
    letters.run_failed: "failed",
    letters.locked: "paid",
    letters.dispatched: "dispatched",
    letters.delivered: "delivered",
    letters.cancelled: "cancelled",
}


def _write(writer: Callable[..., Mail | None], order: Order) -> Mail:
    order_id = order.id
    with transaction():
        mail = writer(order_id, at=clock.now())
    assert mail is not None
    return mail


@pytest.mark.parametrize("writer", PLAIN, ids=lambda one: one.__name__)
def test_each_letter_is_whole_in_every_language(
    app: Flask, writer: Callable[..., Mail | None]
) -> None:
    run = products.run()
    for tag in i18n.LOCALES:
        order = factories.order(run, state=PLAIN[writer], language=tag)
        mail = _write(writer, order)
        assert mail.to == "guest@example.org"
        assert run.product.name in mail.subject
        assert f'lang="{tag}"' in mail.html
        assert "%(" not in mail.text + mail.html and "None" not in mail.text
        assert order.public_id in mail.text


def test_the_confirmation_says_all_that_was_agreed(app: Flask) -> None:
    order = factories.order(units={"M": 2})
    mail = _write(letters.confirmed, order)
    assert "$56.90" in mail.text and "2 × " in mail.text and "Rua do Ouro 12" in mail.text
    assert links.url_of(order) in mail.text and links.url_of(order) in mail.html
    assert "nothing was charged yet" in mail.text


def test_a_members_letter_carries_no_secret(app: Flask) -> None:
    order = factories.order(products.run(), factories.member())
    mail = _write(letters.confirmed, order)
    assert "/key/" not in mail.text + mail.html


def test_the_parcels_letter_says_how_to_follow_it(app: Flask) -> None:
    order = factories.order(state="dispatched")
    with transaction():
        db.session.merge(
            Parcel(
                order_id=order.id,
                carrier="CTT",
                tracking_number="RR123456785PT",
                tracking_url="https://example.org/RR123456785PT",
                dispatched_at=clock.now(),
            )
        )
    mail = _write(letters.dispatched, order)
    assert "CTT" in mail.text and "https://example.org/RR123456785PT" in mail.text


def test_a_letter_is_written_once_though_its_worker_dies_before_it_can_say_so(app: Flask) -> None:
    order_id = factories.order(state="paid").id
    with transaction():
        telling.tell(order_id, Letter.LOCKED, at=clock.now())

    def die_after_writing() -> None:
        perform = jobs._perform

        def perform_and_die(name: str, args: dict[str, Any]) -> None:
            perform(name, args)
            if name == telling.WRITE.name:
                die()

        jobs._perform = perform_and_die
        jobs.run_due()

    assert wait(fork(die_after_writing)) == -9
    written = _message_ids()
    assert len(written) == 1, "the letter was committed, its job was not"
    clock.move(outbox.LEASE + timedelta(seconds=1))
    jobs.run_due()
    assert _message_ids() == written
    sending = select(func.count()).where(OutboxRow.job == compose.SEND.name)
    assert db.session.scalar(sending) == 1
    assert not db.session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None))).all()


def _message_ids() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail.message_id)))


def test_letters_of_different_things_are_different_mails(app: Flask) -> None:
    order_id = factories.order(state="paid").id
    at = clock.now()
    for letter, moment in ((Letter.PAID, at), (Letter.LOCKED, at), (Letter.LOCKED, at + MINUTE)):
        for _ in range(2):
            with transaction():
                telling.write(letter, order_id, 0, at=moment)
    assert len(_message_ids()) == 3


def test_who_gave_no_card_hears_nothing_of_cancelling(app: Flask) -> None:
    order = factories.order(state="placed")
    with transaction():
        assert letters.cancelled(order.id, at=clock.now()) is None
        assert letters.ends_soon(order.id, at=clock.now()) is None


def test_there_is_a_letter_for_each_thing_to_say() -> None:
    assert {letter.value for letter in Letter} <= set(dir(letters))
    assert set(PLAIN.values()) <= {state.value for state in OrderState}
