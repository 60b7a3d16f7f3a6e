from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from ideation.accounts import queries
from ideation.accounts.consents import PRIVACY_VERSION, TERMS_VERSION
from ideation.accounts.events import MemberRegistered
from ideation.accounts.models import Attribution, Consent
from ideation.core import clock, events
from ideation.core.db import db
from ideation.http.first_touch import COOKIE
from tests import factories
from tests.factories.people import PASSWORD

FORM = {"name": "Ada Lind", "email": "ada@example.org", "password": PASSWORD, "agree": "1"}


def test_the_first_link_counts_and_later_ones_change_nothing(app: Flask) -> None:
    told: list[MemberRegistered] = []
    events.subscribe(MemberRegistered)(told.append)
    friend = factories.member("Friend")
    browser = factories.Browser(app)
    browser.get(f"/terms?ref={friend.handle}&utm_source=zine&utm_medium=print&utm_campaign=may")
    clock.move(timedelta(days=3))
    browser.get("/terms?ref=somebody-else&utm_source=late")
    browser.post("/join", FORM)
    member = queries.find_by_email("ada@example.org")
    assert member is not None
    origin = queries.find_attribution(member.id)
    assert origin is not None
    assert (origin.referrer_id, origin.source, origin.medium, origin.campaign, origin.landing) == (
        friend.id,
        "zine",
        "print",
        "may",
        "/terms",
    )
    assert origin.at - origin.first_seen_at > timedelta(days=2)
    assert told[-1].referrer_id == friend.id
    assert browser.client.get_cookie(COOKIE) is None


def test_whoever_just_looks_gets_no_cookie_and_a_forged_one_is_worth_nothing(app: Flask) -> None:
    browser = factories.Browser(app)
    browser.get("/terms?page=2")
    assert browser.client.get_cookie(COOKIE) is None
    browser.client.set_cookie(COOKIE, '{"referrer": "boss"}.forged')
    assert browser.post("/join", FORM).status_code == 303
    assert db.session.scalar(select(Attribution)) is None


def test_a_touch_grows_old(app: Flask) -> None:
    browser = factories.Browser(app)
    browser.get("/terms?utm_source=zine")
    clock.move(timedelta(days=91))
    browser.post("/join", FORM)
    assert db.session.scalar(select(Attribution)) is None


def test_terms_and_privacy_are_kept_with_version_language_and_time(app: Flask) -> None:
    browser = factories.Browser(app)
    browser.post("/preferences/language", {"locale": "zh-Hant"})
    refused = browser.post("/join", {**FORM, "agree": ""})
    assert refused.status_code == 422
    browser.post("/join", FORM)
    given = db.session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [(one.kind.value, one.version, one.language, one.given) for one in given] == [
        ("terms", TERMS_VERSION, "zh-Hant", True),
        ("privacy", PRIVACY_VERSION, "zh-Hant", True),
    ]
    assert abs(given[0].at - clock.now()) < timedelta(minutes=1)


def test_handles_are_unique_and_keep_every_script(app: Flask) -> None:
    browser = factories.Browser(app)
    handles = []
    for number, name in enumerate(["林小雨", "林小雨", "Inês Prata", "😀", "Operator", "erased-x"]):
        form = {**FORM, "name": name, "email": f"m{number}@example.org"}
        assert factories.Browser(app).post("/join", form).status_code == 303
        member = queries.find_by_email(f"m{number}@example.org")
        assert member is not None
        handles.append(member.handle)
    assert handles == [
        "林小雨",
        "林小雨-2",
        "inês-prata",
        "member",
        "operator-member",
        "erased-x-member",
    ]
    assert browser.get("/members/林小雨-2").status_code == 200


def test_a_taken_address_is_refused_whatever_its_case(app: Flask) -> None:
    factories.Browser(app).post("/join", FORM)
    again = factories.Browser(app).post("/join", {**FORM, "email": "ADA@example.org"})
    assert again.status_code == 422
    assert "has an account" in again.text
