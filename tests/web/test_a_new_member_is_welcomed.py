"""After joining: first stars within three clicks, before any mail; nothing laid over the page."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts import queries
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting.models import Vote
from tests import factories
from tests.factories import Browser
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.one_engine

FORM = {"name": "Noor Haddad", "email": "noor@example.org", "password": PASSWORD, "agree": "1"}


def _scored(designs: int = 3) -> str:
    contest = factories.contest("scoring")
    for _ in range(designs):
        factories.submission(contest)
    return contest.slug


def _vote(browser: Browser, slug: str) -> None:
    page = browser.get(f"/contests/{slug}/score").text
    ballot = re.search(r'name="ballot" value="([^"]+)"', page)
    assert ballot
    answer = browser.post(f"/contests/{slug}/votes", {"ballot": ballot[1], "stars": "4"})
    assert answer.status_code == 303


def test_three_clicks_after_the_form_is_filled_the_first_stars_are_given(app: Flask) -> None:
    slug = _scored()
    browser = factories.Browser(app)
    first = browser.post("/join", FORM)
    assert first.headers["Location"] == "/welcome"
    second = re.search(
        r'class="button button--primary" href="([^"]+)"', browser.get("/welcome").text
    )
    assert second
    assert second[1] == f"/contests/{slug}/score"
    _vote(browser, slug)
    noor = queries.find_by_email("noor@example.org")
    assert noor is not None
    assert noor.email_confirmed_at is None, "before any mail"
    assert [vote.stars for vote in db.session.scalars(select(Vote))] == [4]


def test_who_was_on_the_way_somewhere_goes_on_there(app: Flask) -> None:
    slug = _scored()
    assert f"/join?next=/contests/{slug}/score" in factories.Browser(app).get("/score").text
    answer = factories.Browser(app).post("/join", FORM | {"next": f"/contests/{slug}/score"})
    assert answer.headers["Location"] == f"/contests/{slug}/score"


def test_the_reminder_follows_what_is_left_and_ends_when_nothing_is(app: Flask) -> None:
    slug = _scored()
    browser = factories.Browser(app)
    browser.post("/join", FORM)
    assert "Two minutes for your first stars?" in browser.get("/").text
    _vote(browser, slug)
    assert "Confirm your address, and they count" in browser.get("/").text
    with transaction():
        noor = queries.find_by_email("noor@example.org")
        assert noor is not None
        noor.email_confirmed_at = clock.now()
    assert "welcome-left" not in browser.get("/").text


def test_not_now_is_taken_at_its_word(app: Flask) -> None:
    _scored()
    browser = factories.Browser(app)
    browser.post("/join", FORM)
    assert browser.post("/welcome/end", {"next": "/"}).headers["Location"] == "/"
    assert "welcome-left" not in browser.get("/").text


def test_nobody_is_new_for_ever(app: Flask) -> None:
    _scored()
    old = factories.member("Old", registered_at=clock.now() - timedelta(days=15))
    new = factories.member("New", registered_at=clock.now() - timedelta(days=1))
    assert "welcome-left" not in factories.Browser(app, old).get("/").text
    assert "welcome-left" in factories.Browser(app, new).get("/").text
    assert "welcome-left" not in factories.Browser(app).get("/").text


def test_with_nothing_to_score_the_page_says_what_comes(app: Flask) -> None:
    browser = factories.Browser(app, factories.member("Noor"))
    assert "No contest is on just now" in browser.get("/welcome").text
    factories.contest("entry")
    assert "Nothing is scored just now" in browser.get("/welcome").text
