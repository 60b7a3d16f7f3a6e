"""Nobody is erased with money, parcels, agreements or claims between us."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text, update

from ideation.accounts import erasure, hindrances
from ideation.accounts.models import Member, Standing
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.moderation import claims
from ideation.moderation.claims import Claimant
from ideation.orders.models import Order
from ideation.payments import refunding
from ideation.payments.providers.base import Kind
from ideation.royalties import bank_file, payouts
from ideation.royalties.models import PayoutDetails
from ideation.submissions.drafting import SUBJECT
from tests import factories
from tests.factories import earnings, orders, products, royalties

DAY = timedelta(days=1)


def _pending(member: Member) -> None:
    earnings.sold(member)


def _payable(member: Member) -> None:
    earnings.payable(member)


def _offered(member: Member) -> None:
    products.winner(member, accepted=False)


def _selling(member: Member) -> None:
    products.run(products.product(products.winner(member)))


def _claiming(member: Member) -> None:
    submission = factories.submission(factories.contest("results"))
    claimant = Claimant(member.name, "zylka@example.org", "Mine.", "en", member.id)
    with transaction():
        claims.open(SUBJECT, submission.id, claimant, at=clock.now())


def _ordered(state: str) -> Callable[[Member], object]:
    return lambda member: orders.order(member=member, state=state)


OPEN: dict[str, tuple[Callable[[Member], object], str]] = {
    "pending": (_pending, "not paid out yet"),
    "payable": (_payable, "not paid out yet"),
    "offered": (_offered, "waits for your answer"),
    "selling": (_selling, "being sold"),
    "claiming": (_claiming, "looked at"),
    "placed": (_ordered("placed"), "not finished"),
    "confirmed": (_ordered("confirmed"), "not finished"),
    "paid": (_ordered("paid"), "not finished"),
    "dispatched": (_ordered("dispatched"), "not finished"),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_is_open_hinders_and_says_what_to_do(app: Flask, name: str) -> None:
    member = factories.member("Zylka Moor")
    begin, says = OPEN[name]
    begin(member)
    found = [str(one.words) for one in hindrances.list_for(member.id, clock.now())]
    assert any(says in words for words in found)
    with pytest.raises(Conflict), transaction():
        erasure.erase(member.id, at=clock.now())
    assert db.session.get_one(Member, member.id).standing is Standing.ACTIVE
    page = factories.Browser(app, member).get("/settings/privacy").text
    assert says in page
    assert "Erase my account" not in page


@pytest.mark.one_engine
@pytest.mark.parametrize("state", ["expired", "cancelled", "dropped", "failed", "delivered"])
def test_what_is_over_hinders_nobody(app: Flask, state: str) -> None:
    member = factories.member()
    orders.order(member=member, state=state)
    assert hindrances.list_for(member.id, clock.now()) == []


def test_money_that_a_card_would_not_take_back_hinders_until_somebody_gives_it_back(
    app: Flask,
) -> None:
    member, staff, at = factories.member(), royalties.finance(), clock.now()
    order = royalties.sale(products.run(), at=at)
    with transaction():
        db.session.execute(update(Order).values(member_id=member.id))
    refund = royalties.refund(order, is_done=False, at=at)
    assert hindrances.list_for(member.id, at) != [], "it is on its way"
    with transaction():
        royalties.hear(Kind.REFUND_FAILED, refund.public_id, at)
    assert hindrances.list_for(member.id, at) != [], "it waits for a person"
    with transaction():
        refunding.settle_by_hand(db.session.merge(staff), refund.id, "to DE89 of Zylka", at=at)
    assert hindrances.list_for(member.id, at) == []
    assert _places_that_say("zylka") == ["refunds"]
    with transaction():
        erasure.erase(member.id, at=at)
    assert _places_that_say("zylka") == []


@pytest.mark.one_engine
def test_a_parcel_nobody_heard_of_has_arrived_after_45_days(app: Flask) -> None:
    member, at = factories.member(), clock.now()
    orders.order(member=member, state="dispatched", at=at)
    assert hindrances.list_for(member.id, at + 44 * DAY) != []
    assert hindrances.list_for(member.id, at + 46 * DAY) == []


def test_once_paid_a_designer_may_go_and_takes_bank_details_along(app: Flask) -> None:
    designer, actor = factories.member("Zylka Moor"), earnings.finance()
    earnings.payable(designer)
    earnings.ready(designer, actor)
    _end_sales()
    batch_id = earnings.drafted(actor).id
    with transaction():
        who = db.session.get_one(Member, actor.id)
        payouts.approve(who, batch_id, at=clock.now())
        bank_file.export_csv(who, batch_id, at=clock.now())
    assert hindrances.list_for(designer.id, clock.now()) != []
    with transaction():
        payouts.mark_all_paid(db.session.get_one(Member, actor.id), batch_id, at=clock.now())
    with transaction():
        erasure.erase(designer.id, at=clock.now())
    rows = db.session.scalars(select(PayoutDetails)).all()
    assert [(row.sealed, row.hint, row.country) for row in rows] == [(b"", "", "")]
    assert _places_that_say("zylka") == []


def test_a_buyers_name_and_address_go_from_orders_and_stay_on_invoices(app: Flask) -> None:
    member = factories.member("Zylka Moor")
    address = orders.ADDRESS | {"name": "Zylka Moor"}
    order = orders.order(member=member, state="delivered", address=address)
    assert "orders" in _places_that_say("zylka")
    with transaction():
        erasure.erase(member.id, at=clock.now())
    kept = db.session.get_one(Order, order.id)
    assert (kept.email, kept.address) == ("", {"country_code": "PT"})
    assert set(_places_that_say("zylka")) <= {"invoices"}


def _end_sales() -> None:
    with transaction():
        db.session.execute(text("UPDATE runs SET state = 'go'"))


def _places_that_say(word: str) -> list[str]:
    found = []
    for table in inspect(db.engine).get_table_names():
        rows = db.session.execute(text(f'SELECT * FROM "{table}"'))
        if any(word in repr(row).lower() for row in rows):
            found.append(table)
    return found
