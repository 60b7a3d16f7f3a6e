"""Every public list is a feed that readers accept, ask for cheaply, and learn no secret from."""

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from ideation.accounts.models import Member
from ideation.contests.models import Brief, Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.submissions.models import Submission
from tests import factories
from tests.factories import Browser

pytestmark = pytest.mark.one_engine

ATOM = "{http://www.w3.org/2005/Atom}"


def _read(app: Flask, path: str) -> ET.Element:
    answer = Browser(app).get(path)
    assert answer.status_code == 200, path
    assert answer.mimetype == "application/atom+xml"
    return ET.fromstring(answer.data)


def _wrong(feed: ET.Element) -> list[str]:
    """What RFC 4287 (4.1.1, 4.1.2) and RFC 4151 ask for and this feed does not have."""
    wrong = []
    ids = [one.text or "" for one in feed.iter(f"{ATOM}id")]
    wrong += [f"{one}: no tag" for one in ids if not one.startswith("tag:127.0.0.1,20")]
    wrong += ["an id twice"] if len(set(ids)) != len(ids) else []
    has_author = feed.find(f"{ATOM}author/{ATOM}name") is not None
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            if len(part.findall(f"{ATOM}{name}")) != 1 or not part.findtext(f"{ATOM}{name}"):
                wrong.append(f"{part.tag}: not one {name}")
        at = datetime.fromisoformat(part.findtext(f"{ATOM}updated", ""))
        wrong += ["an instant without its offset"] if at.tzinfo is None else []
        if part.find(f"{ATOM}author/{ATOM}name") is None and not has_author:
            wrong.append("nobody wrote it")
        for link in part.findall(f"{ATOM}link"):
            if not link.get("href", "").startswith("http://127.0.0.1:8000/"):
                wrong.append(f"{link.get('href')}: not a whole address")
    relations = {link.get("rel") for link in feed.findall(f"{ATOM}link")}
    return wrong + ([] if {"self", "alternate"} <= relations else ["no link to itself"])


def _paths(contest: Contest, member: Member) -> list[str]:
    return [
        "/contests.atom",
        f"/contests/{contest.slug}/entries.atom",
        "/results.atom",
        "/products.atom",
        f"/members/{member.handle}.atom",
        "/moderation.atom",
    ]


def test_each_is_valid_and_full(app: Flask) -> None:
    designer = factories.member("Lin & <Mei>")
    won = factories.products.winner(designer, title="Cats & <dogs> ]]>")
    factories.products.run(factories.products.product(won))
    db.session.expire_all()
    for path in _paths(won.contest, designer):
        feed = _read(app, path)
        assert _wrong(feed) == [], path
        if path != "/moderation.atom":
            assert feed.findall(f"{ATOM}entry"), path
    feed = _read(app, f"/members/{designer.handle}.atom")
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Cats & <dogs> ]]>"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Lin & <Mei>"
    assert "<script" not in entry.findtext(f"{ATOM}content", "")


def test_the_rules_find_what_is_wrong() -> None:
    """Control: a feed with a bare address, no author and a naive instant."""
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>1</id><title>x</title>'
        "<updated>2026-01-01T00:00:00</updated></feed>"
    )
    assert len(_wrong(ET.fromstring(text))) == 4


def test_what_has_not_changed_is_not_sent_again(app: Flask) -> None:
    contest = factories.contest("entry")
    browser = Browser(app)
    first = browser.get("/contests.atom")
    assert "public" in first.headers["Cache-Control"]
    assert "Cookie" not in first.headers.get("Vary", "")
    again = browser.get("/contests.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with transaction() as session:
        brief = session.get_one(Brief, (contest.id, 1, "en"))
        brief.title = "Large cities"
    changed = browser.get("/contests.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_it_is_the_same_for_everyone_and_speaks_as_its_address_says(app: Flask) -> None:
    contest = factories.contest("entry")
    with transaction() as session:
        session.add(
            Brief(
                contest_id=contest.id,
                version=1,
                language="zh-Hans",
                title="小城",
                brief="一件。",
                rules="",
                written_at=clock.now(),
            )
        )
    member = factories.member("Wen", language="zh-Hant")
    here = Browser(app).get("/contests.atom", headers={"Accept-Language": "zh-CN"})
    there = Browser(app, member).get("/contests.atom")
    assert here.data == there.data
    assert "小城" in Browser(app).get("/contests.atom?language=zh-Hans").text
    assert "Set-Cookie" not in there.headers


def test_nobody_is_named_while_stars_are_given(app: Flask) -> None:
    designer = factories.member("Lin Mei")
    contest = factories.contest("scoring")
    factories.submission(contest, designer)
    path = f"/contests/{contest.slug}/entries.atom"
    names = [one.text for one in _read(app, path).iter(f"{ATOM}name")]
    assert names == ["Ideation"]
    assert _read(app, f"/members/{designer.handle}.atom").findall(f"{ATOM}entry") == []
    with transaction() as session:
        one = session.get_one(Contest, contest.id)
        one.scoring_opens_at = clock.now() + timedelta(days=1)
    names = [one.text for one in _read(app, path).iter(f"{ATOM}name")]
    assert names == ["Ideation", "Lin Mei"], "control: before and after they are named"


def test_a_long_feed_costs_no_more_than_a_short_one(app: Flask) -> None:
    contest = factories.contest("entry")
    path = f"/contests/{contest.slug}/entries.atom"

    def statements() -> int:
        asked: list[str] = []
        listen = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        _read(app, path)
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(asked)

    factories.submission(contest)
    few = statements()
    for _ in range(12):
        factories.submission(contest)
    assert statements() <= few
    assert db.session.query(Submission).count() == 13


def test_pages_say_where_their_feeds_are(app: Flask) -> None:
    contest = factories.contest("entry")
    for page, feed in (
        ("/contests", "/contests.atom"),
        (f"/contests/{contest.slug}", f"/contests/{contest.slug}/entries.atom"),
        (f"/contests/{contest.slug}/entries", f"/contests/{contest.slug}/entries.atom"),
        ("/products", "/products.atom"),
        ("/moderation", "/moderation.atom"),
    ):
        assert 'type="application/atom+xml" title="' in Browser(app).get(page).text
        assert f'href="{feed}"' in Browser(app).get(page).text


def test_winners_come_when_they_are_announced(app: Flask) -> None:
    won = factories.products.winner(announced=False)
    assert _read(app, "/results.atom").findall(f"{ATOM}entry") == []
    with transaction() as session:
        session.get_one(Contest, won.contest_id).announced_at = clock.now()
    content = _read(app, "/results.atom").findtext(f"{ATOM}entry/{ATOM}content", "")
    assert f"/designs/{won.public_id}" in content
