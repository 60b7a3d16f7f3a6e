"""Who comes by the link in a mail has read what it told; nobody else has, and nothing else is."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from ideation.accounts.models import Member
from ideation.core import clock, i18n
from ideation.core.db import db
from ideation.notices import queries, references
from ideation.notices.models import Notice
from ideation.notices.ways import Way
from tests import factories
from tests.factories import Browser
from tests.factories.people import PASSWORD, joined
from tests.notices.told import BOUNCED, DECLINED, PRIZE, choose, mails_to, tell, write_due


@pytest.fixture
def reader(app: Flask) -> Member:
    return joined("Ada Lind")


def test_the_bell_is_empty_after_the_mails_link(app: Flask, reader: Member) -> None:
    tell(reader, PRIZE, at=clock.now())
    tell(reader, BOUNCED, at=clock.now())
    (link, _other), browser = _links(reader), Browser(app, reader)
    answer = browser.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my/earnings")
    assert _unread(reader) == [BOUNCED.name], "one is read, the other was not opened"
    assert 'class="count"' in browser.get("/my/earnings").text
    browser.get(_other)
    assert 'class="count"' not in browser.get("/my/earnings").text


def test_every_line_of_a_digest_reads_its_own(app: Flask, reader: Member) -> None:
    choose(reader, Way.DIGEST, PRIZE, DECLINED)
    for kind in (PRIZE, DECLINED):
        tell(reader, kind, at=clock.now())
    morning = (clock.now() + timedelta(days=1)).replace(hour=9)
    assert write_due(morning) == 1
    mail = mails_to(reader)[-1]
    assert set(_named(mail.text)) == set(_named(mail.html))
    for link in _named(mail.text)[:1]:
        Browser(app, reader).get(link)
    assert len(_unread(reader)) == 1


def test_who_has_to_sign_in_first_reads_it_then(app: Flask, reader: Member) -> None:
    tell(reader, PRIZE, at=clock.now())
    (link,), browser = _links(reader), Browser(app)
    answer = browser.get(link)
    after = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
    assert len(_unread(reader)) == 1
    answer = browser.post("/sign-in", {"email": reader.email, "password": PASSWORD, "next": after})
    assert answer.status_code == 303
    assert browser.get(answer.headers["Location"]).headers["Location"] == "/my/earnings"
    assert _unread(reader) == []


def test_a_program_that_looks_at_links_reads_nothing(app: Flask, reader: Member) -> None:
    tell(reader, PRIZE, at=clock.now())
    (link,), scanner = _links(reader), Browser(app)
    for _ in range(2):
        scanner.get(link)
        scanner.client.head(link)
    Browser(app, factories.member("Ben")).get(link)
    own = Browser(app, reader)
    own.get(link, headers={"Sec-Purpose": "prefetch;prerender"})
    own.client.head(link)
    assert len(_unread(reader)) == 1
    own.get(link)
    assert _unread(reader) == [], "control: the member's own visit does"


@pytest.mark.one_engine
def test_nobody_can_make_such_a_link_for_another(app: Flask, reader: Member) -> None:
    tell(reader, PRIZE, at=clock.now())
    (notice,), browser = _notices(reader), Browser(app, reader)
    for guess in (str(notice.id), "", "x", "é", "A" * 20, "\0", "x" * 5000):
        answer = browser.get("/my/earnings", query_string={"notice": guess})
        assert answer.status_code in {200, 303}
    assert len(_unread(reader)) == 1
    assert str(notice.id) not in references.path_of(notice).split("=")[1][:2]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("asked", "went"),
    [
        ("/contests?notice=x&q=a%26b&q=c", "/contests?q=a%26b&q=c"),
        ("/contests?notice=x&_external=1&_anchor=y", "/contests?_external=1&_anchor=y"),
        ("//evil.example/?notice=x", None),
        ("//evil.example/%0d%0aX-Pwned:1?notice=x", None),
        ("/no-such-page?notice=x", None),
        ("/contests.atom?notice=x", None),
    ],
)
def test_one_stays_on_this_site_and_keeps_what_was_asked(
    app: Flask, reader: Member, asked: str, went: str | None
) -> None:
    answer = Browser(app, reader).get(asked)
    location = answer.headers.get("Location")
    assert location == went if went else not (location or "").startswith("//")
    assert "evil.example" not in (location or "").split("?")[0].split("/")[0:3]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("", "/?notice={}"),
        ("/designs/abc", "/designs/abc?notice={}"),
        ("/designs/abc#why", "/designs/abc?notice={}#why"),
        ("/statements?month=5#x", "/statements?month=5&notice={}#x"),
    ],
)
def test_the_word_stands_where_a_browser_sends_it(app: Flask, link: str, leads: str) -> None:
    path = references.path_of(Notice(id=7, link=link))
    word = parse_qs(urlsplit(path).query)["notice"][0]
    assert path == leads.format(word)
    assert re.fullmatch(r"[\w-]{20}", word)


@pytest.mark.parametrize("language", list(i18n.LOCALES))
@pytest.mark.one_engine
def test_it_works_in_every_language(app: Flask, language: str) -> None:
    reader = factories.member("Ada", language=language)
    tell(reader, PRIZE, at=clock.now())
    (link,) = _links(reader)
    Browser(app, reader).get(link)
    assert queries.count_unread(reader.id) == 0


def _links(reader: Member) -> list[str]:
    """The link of each mail that the reader got, as a path; the same in both of its parts."""
    found = []
    for mail in mails_to(reader):
        named = set(_named(mail.text))
        assert named == set(_named(mail.html))
        found += sorted(named)
    return found


def _named(body: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"https?://[^/\s\"]+(/[^\s\"<]*notice=[\w-]+)", body)))


def _notices(reader: Member) -> list[Notice]:
    return list(db.session.query(Notice).filter_by(member_id=reader.id))


def _unread(reader: Member) -> list[str]:
    db.session.rollback()
    return [one.kind for one in _notices(reader) if one.read_at is None]
