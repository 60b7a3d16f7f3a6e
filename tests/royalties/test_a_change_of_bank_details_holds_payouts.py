"""Where to pay is changed with the password alone, told of, and holds payouts for seven days."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, NotFound
from ideation.core.mail.models import Mail
from ideation.notices.models import Notice
from ideation.royalties import iban, obstacles, payout_details, payouts
from ideation.royalties.models import PayoutDetails
from tests import factories
from tests.factories import earnings
from tests.factories.people import PASSWORD, joined

OTHER = f"NL{iban.check_digits('NL', 'INGB0001234567')}INGB0001234567"
FORM = {"kind": "iban", "name": "Ada Lind", "iban": iban.spaced(earnings.IBAN)}
DAY = timedelta(days=1)


def _letters() -> list[Mail]:
    query = select(Mail).where(Mail.template == "payout_details_changed").order_by(Mail.id)
    return list(db.session.scalars(query))


def test_the_password_is_asked_for_again(app: Flask) -> None:
    browser = factories.Browser(app, member := joined())
    assert browser.post("/settings/payouts", FORM | {"password": "wrong"}).status_code == 422
    assert payout_details.find_current(member.id) is None
    assert browser.post("/settings/payouts", FORM | {"password": PASSWORD}).status_code == 303
    page = browser.get("/settings/payouts").text
    assert earnings.IBAN[-4:] in page
    assert earnings.IBAN not in page
    assert iban.spaced(earnings.IBAN) not in page


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"iban": "DE89 3704 0044 0532 0130 01"}, "check digits"),
        ({"iban": "DE89 3704"}, "22 characters"),
        ({"iban": "XX89 3704"}, "“XX”"),
        ({"name": ""}, "stands on the account"),
        ({"kind": "account", "account": "12", "country": "US"}, "4 to 34"),
        ({"kind": "account", "bic": "DEUT"}, "8 or 11"),
    ],
)
def test_what_cannot_be_paid_to_is_refused_with_a_sentence(
    app: Flask, change: dict[str, str], says: str
) -> None:
    browser = factories.Browser(app, joined())
    answer = browser.post("/settings/payouts", FORM | {"password": PASSWORD} | change)
    assert answer.status_code == 422
    assert says in answer.text


@pytest.mark.one_engine
def test_an_account_without_an_iban_needs_what_banks_need(app: Flask) -> None:
    browser = factories.Browser(app, member := joined())
    form = {
        "kind": "account",
        "name": "Ada Lind",
        "account": "0012-3456",
        "bic": "chasus33",
        "bank": "Chase",
        "country": "US",
        "address": "1 Main St\nSpringfield, US",
    }
    assert browser.post("/settings/payouts", form | {"password": PASSWORD}).status_code == 303
    row = payout_details.find_current(member.id)
    assert row is not None
    details = payout_details.open_details(row.id)
    assert (details.account, details.bic, details.country) == ("00123456", "CHASUS33", "US")
    assert details.address == "1 Main St\nSpringfield, US"


def test_first_details_hold_nothing_a_change_holds_for_seven_days(app: Flask) -> None:
    member, at = factories.member(), clock.now()
    assert earnings.details(member, at=at).held_until is None
    changed = earnings.details(member, account=OTHER, at=at + DAY)
    assert changed.held_until == at + 8 * DAY
    during, after = at + 8 * DAY - timedelta(seconds=1), at + 8 * DAY
    held = [str(reason) for reason in obstacles.blocked(member.id, during)]
    free = [str(reason) for reason in obstacles.blocked(member.id, after)]
    assert any("payouts rest" in reason for reason in held)
    assert not any("payouts rest" in reason for reason in free)


def test_the_same_details_again_change_nothing(app: Flask) -> None:
    member = factories.member()
    first = earnings.details(member).id
    assert earnings.details(member).id == first
    assert len(_letters()) == 1


def test_taking_them_away_and_back_is_no_way_around_the_hold(app: Flask) -> None:
    member = factories.member()
    earnings.details(member)
    with transaction():
        payout_details.remove(db.session.get_one(Member, member.id), at=clock.now())
    assert payout_details.find_current(member.id) is None
    assert earnings.details(member, account=OTHER).held_until is not None


def test_every_change_is_told_by_mail_whatever_was_chosen_and_names_no_account(app: Flask) -> None:
    member = factories.member()
    earnings.details(member)
    earnings.details(member, account=OTHER)
    first, second = _letters()
    assert first.to == second.to == member.email
    assert OTHER[-4:] in second.text
    assert "rest until" in second.text
    assert "rest until" not in first.text
    assert OTHER not in second.text + second.html
    kinds = db.session.scalars(select(Notice.kind).where(Notice.member_id == member.id)).all()
    assert kinds.count("royalties.details_changed") == 2


def test_what_is_no_longer_in_force_is_forgotten(app: Flask) -> None:
    member = factories.member()
    old = earnings.details(member).id
    new = earnings.details(member, account=OTHER).id
    with pytest.raises(NotFound):
        payout_details.open_details(old)
    assert payout_details.open_details(new).account == OTHER


def test_details_of_a_payout_under_way_stay_and_cannot_be_taken_away(app: Flask) -> None:
    designer, actor = factories.member(), earnings.finance()
    earnings.payable(designer)
    earnings.ready(designer, actor)
    batch = earnings.drafted(actor)
    used = batch.payouts[0].details_id
    earnings.details(designer, account=OTHER)
    assert payout_details.open_details(used).account == earnings.IBAN
    with pytest.raises(Conflict), transaction():
        payout_details.remove(db.session.get_one(Member, designer.id), at=clock.now())
    with pytest.raises(Conflict), transaction():
        payouts.approve(db.session.get_one(Member, actor.id), batch.id, at=clock.now())
    assert db.session.get_one(PayoutDetails, used).sealed
