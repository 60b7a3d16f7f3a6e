"""The bell, the page behind it, and what is chosen there; on every device the same."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db
from ideation.notices import kinds, preferences, queries
from ideation.notices.models import Notice
from ideation.notices.ways import Way
from tests import factories
from tests.factories import Browser
from tests.notices.told import BOUNCED, DECLINED, PRIZE, choose, mails_to, tell


@pytest.fixture
def reader(app: Flask) -> Member:
    return factories.member("Ada")


def _bell(browser: Browser) -> str:
    """What stands at the bell: the number, or nothing."""
    found = re.search(r'class="count"[^>]*>([^<]*)<', browser.get("/notices").text)
    return found[1] if found else ""


def _ids(reader: Member) -> list[int]:
    query = select(Notice.id).where(Notice.member_id == reader.id).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_what_is_read_on_one_device_is_read_on_the_other(app: Flask, reader: Member) -> None:
    phone, laptop = Browser(app, reader), Browser(app, reader)
    for kind in (DECLINED, PRIZE, BOUNCED):
        tell(reader, kind, at=clock.now())
    assert _bell(phone) == _bell(laptop) == "3"
    answer = phone.post("/notices/reading", {"notice": _ids(reader)[0]})
    assert answer.headers["Location"] == "/my/earnings", "it leads to what it is about"
    assert _bell(laptop) == "2"
    laptop.post("/notices/reading", {"until": _ids(reader)[-1]})
    assert _bell(phone) == ""


def test_what_came_after_the_page_was_drawn_stays_unread(app: Flask, reader: Member) -> None:
    browser = Browser(app, reader)
    tell(reader, DECLINED, at=clock.now())
    page = browser.get("/notices").text
    until = re.search(r'name="until" value="(\d+)"', page)
    assert until is not None
    tell(reader, PRIZE, at=clock.now())
    browser.post("/notices/reading", {"until": until[1]})
    assert _bell(browser) == "1"
    assert "Your prize" in browser.get("/notices?show=unread").text
    assert "Night Bus" not in browser.get("/notices?show=unread").text


def test_the_page_is_filtered_and_says_where_it_is_empty(app: Flask, reader: Member) -> None:
    browser = Browser(app, reader)
    assert "Nothing yet" in browser.get("/notices").text
    tell(reader, DECLINED, at=clock.now())
    browser.post("/notices/reading", {"until": _ids(reader)[-1]})
    assert "All read" in browser.get("/notices?show=unread").text
    assert "Night Bus" in browser.get("/notices?show=designs").text
    assert "Nothing of this kind" in browser.get("/notices?show=money").text
    assert "Night Bus" in browser.get("/notices?show=no-such-topic").text


@pytest.mark.one_engine
def test_nobody_reads_or_opens_what_another_was_told(app: Flask, reader: Member) -> None:
    tell(reader, DECLINED, at=clock.now())
    stranger = Browser(app, factories.member("Ben"))
    assert stranger.post("/notices/reading", {"notice": _ids(reader)[0]}).status_code == 404
    stranger.post("/notices/reading", {"until": 10**9})
    for path in ("/notices", "/notices/latest"):
        assert "Night Bus" not in stranger.get(path).text
    assert queries.count_unread(reader.id) == 1


@pytest.mark.one_engine
def test_the_bell_counts_at_one_statement_however_much_there_is(app: Flask, reader: Member) -> None:
    browser, counts = Browser(app, reader), []
    for more in (1, 119):
        for number in range(more):
            tell(reader, PRIZE, at=clock.now() + timedelta(seconds=number))
        browser.get("/contests")
        counts.append(_statements(browser, "/contests"))
    assert counts[0] == counts[1]
    assert len([one for one in counts[1] if "FROM notices" in one]) == 1
    assert _bell(browser) == "99+"


def _statements(browser: Browser, path: str) -> list[str]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return [one for one in seen if one.startswith("SELECT")]


@pytest.mark.one_engine
def test_the_bell_is_a_link_to_the_page_and_opens_on_the_latest_five(
    app: Flask, reader: Member
) -> None:
    browser = Browser(app, reader)
    assert "Nothing yet" in browser.get("/notices/latest").text
    for number in range(7):
        tell(reader, PRIZE if number == 6 else DECLINED, at=clock.now())
    assert re.search(r'data-bell="/notices/latest"[^>]*>\s*<a [^>]*href="/notices"', _home(browser))
    latest = browser.get("/notices/latest").text
    assert latest.count('name="notice"') == 5
    assert latest.index("Your prize") < latest.index("Night Bus")
    assert "<html" not in latest


def _home(browser: Browser) -> str:
    return browser.get("/contests").text


def test_what_is_chosen_is_kept_and_done(app: Flask, reader: Member) -> None:
    browser = Browser(app, reader)
    form = {DECLINED.name: "none", PRIZE.name: "digest", BOUNCED.name: "none"}
    assert browser.post("/settings/notices", form).status_code == 303
    assert preferences.way_of(reader.id, DECLINED) is Way.NONE
    assert preferences.way_of(reader.id, PRIZE) is Way.DIGEST
    assert preferences.way_of(reader.id, BOUNCED) is Way.MAIL, "about money there is no choice"
    for kind in (DECLINED, PRIZE, BOUNCED):
        tell(reader, kind, at=clock.now())
    assert [mail.subject for mail in mails_to(reader)] == ["€125 came back from your bank"]
    assert _bell(browser) == "2"
    assert "Night Bus" not in browser.get("/notices").text, "not at all is not at all"


@pytest.mark.one_engine
def test_one_button_chooses_the_same_for_all(app: Flask, reader: Member) -> None:
    browser = Browser(app, reader)
    browser.post("/settings/notices", {"all": "digest"})
    chosen = preferences.ways_of(reader.id)
    left = {
        chosen[one.name] for one in kinds.all_kinds() if one.always is None and not _is_teams(one)
    }
    assert left == {Way.DIGEST}
    assert browser.post("/settings/notices", {"all": "pigeon"}).status_code == 422


@pytest.mark.one_engine
def test_kinds_for_the_team_are_offered_to_the_team(app: Flask, reader: Member) -> None:
    label = "The daily head of each ballot log, for auditors"
    assert label not in Browser(app, reader).get("/settings/notices").text
    auditor = factories.member("Ines", roles=(Role.AUDITOR,))
    assert label in Browser(app, auditor).get("/settings/notices").text


def test_the_same_key_is_told_once(app: Flask, reader: Member) -> None:
    for _ in range(2):
        tell(reader, PRIZE, at=clock.now(), key="prize:1")
    assert len(mails_to(reader)) == queries.count_unread(reader.id) == 1


def test_a_choice_made_twice_at_once_is_one_choice(app: Flask, reader: Member) -> None:
    choose(reader, Way.DIGEST)
    choose(reader, Way.HERE, DECLINED)
    choose(reader, Way.HERE, DECLINED)
    assert preferences.ways_of(reader.id)[DECLINED.name] is Way.HERE
    assert preferences.ways_of(reader.id)[PRIZE.name] is Way.DIGEST


def _is_teams(kind: kinds.Kind) -> bool:
    return kind.topic is kinds.Topic.TEAM
