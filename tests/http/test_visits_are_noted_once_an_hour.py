"""Reading pages does not write, save once an hour; ballots and files never do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from ideation.accounts.models import SessionRow
from ideation.core import clock
from ideation.core.db import db
from tests import factories


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that change a session."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE sessions"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_visit_is_noted_once_an_hour(app: Flask) -> None:
    browser = factories.Browser(app, factories.member())
    began = _last_seen()
    with writes() as seen:
        browser.get("/settings/profile")
        assert (seen, _last_seen()) == ([], began)
        clock.move(timedelta(minutes=61))
        browser.get("/")  # a page for anyone, which asks who is here to greet them
        assert len(seen) == 1
        browser.get("/settings/profile")
        assert len(seen) == 1
    assert _last_seen() - began >= timedelta(minutes=61)


def test_the_cookie_is_set_anew_with_a_visit_and_not_with_every_page(app: Flask) -> None:
    """An answer that comes late would put it over that of whoever signed in meanwhile."""
    browser = factories.Browser(app, factories.member())
    browser.get("/settings/profile")  # which gives its forms their token
    assert _set_by(browser.get("/settings/profile")) == []
    assert _set_by(browser.get("/")) == []
    clock.move(timedelta(minutes=61))
    (renewed,) = _set_by(browser.get("/settings/profile"))
    assert "Expires=" in renewed
    assert _set_by(browser.get("/settings/profile")) == []


def test_a_browser_signed_out_elsewhere_is_not_brought_back(app: Flask) -> None:
    browser = factories.Browser(app, factories.member())
    clock.move(timedelta(hours=2))
    began = _last_seen()
    browser.post("/sign-out")
    assert _last_seen() == began


def test_ballots_and_files_note_nothing(app: Flask) -> None:
    contest = factories.contest("scoring")
    for _ in range(3):
        factories.submission(contest)
    browser = factories.Browser(app, factories.member())
    page = browser.get(f"/contests/{contest.slug}/score").text
    ballot = re.search(r'name="ballot" value="([^"]+)"', page)
    script = re.search(r'src="(/static/[^"]+\.js)"', page)
    assert ballot is not None and script is not None
    clock.move(timedelta(hours=2))
    with writes() as seen:
        assert browser.get(script[1]).status_code == 200
        form = {"ballot": ballot[1], "stars": "4", "with_intent": "1", "buy": ""}
        assert browser.post(f"/contests/{contest.slug}/votes", form).status_code == 303
        assert seen == []
        browser.get(f"/contests/{contest.slug}/score")
        assert len(seen) == 1


def _set_by(answer: TestResponse) -> list[str]:
    cookies = answer.headers.getlist("Set-Cookie")
    return [cookie for cookie in cookies if cookie.startswith("ideation=")]


def _last_seen() -> datetime:
    return db.session.scalars(select(SessionRow.seen_at)).one()
