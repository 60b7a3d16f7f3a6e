"""Pages tell other sites of themselves; links of one's own are counted; frames hold nothing."""

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.models import Attribution, Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.sharing import visits
from ideation.sharing.models import Kind, ShareVisit
from tests import factories
from tests.factories import Browser

pytestmark = pytest.mark.one_engine

BASE = "http://127.0.0.1:8000"
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


def _meta(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def _code(member: Member) -> str:
    return db.session.get_one(Member, member.id).share_code


def test_each_kind_of_page_describes_itself_in_the_readers_language(app: Flask) -> None:
    product = factories.products.run().product
    design = factories.submission(factories.contest("scoring"), title="Cats & “dogs”")
    pages = {
        f"/products/{product.slug}": product.name,
        f"/designs/{design.public_id}": "Cats & “dogs”",
        f"/contests/{design.contest.slug}": design.contest.briefs[0].title,
    }
    for path, title in pages.items():
        page = Browser(app).get(f"{path}?ref=abc&utm_source=x").text
        told = _meta(page)
        assert told["og:title"] == title
        assert told["og:url"] == f"{BASE}{path}"
        assert told["og:description"] == told["description"]
        assert told["og:locale"] == "en_US"
        assert f'<link rel="canonical" href="{BASE}{path}">' in page
        chinese = Browser(app).get(path, headers={"Accept-Language": "zh-TW"}).text
        assert _meta(chinese)["og:locale"] == "zh_TW"


def test_what_is_not_public_says_nothing(app: Flask) -> None:
    designer = factories.member("Lin Mei")
    draft = factories.submission(factories.contest("entry"), designer, state="draft")
    page = Browser(app, designer).get(f"/designs/{draft.public_id}").text
    assert "og:title" not in page
    assert 'name="robots" content="noindex"' in page
    assert Browser(app, designer).get(f"/share/design/{draft.public_id}").status_code == 404
    hidden = factories.products.product(published=False)
    assert Browser(app).get(f"/share/product/{hidden.slug}").status_code == 404
    assert Browser(app).get(f"/embed/products/{hidden.slug}").status_code == 404
    assert Browser(app).get("/share/member/somebody").status_code == 404


def test_a_members_link_carries_a_random_code_and_nothing_else_of_theirs(app: Flask) -> None:
    member = factories.member("Lin Mei")
    contest = factories.contest("entry")
    sheet = Browser(app, member).get(f"/share/contest/{contest.slug}").text
    link = f"{BASE}/contests/{contest.slug}?ref={_code(member)}"
    assert f'value="{link}"' in sheet
    assert re.fullmatch(r"[0-9a-z]{10}", _code(member))
    assert member.handle not in link
    assert "?ref=" not in Browser(app).get(f"/share/contest/{contest.slug}").text


def test_first_visits_by_it_are_counted_once_a_browser(app: Flask) -> None:
    member = factories.member("Lin Mei")
    contest = factories.contest("entry")
    address = f"/contests/{contest.slug}?ref={_code(member)}"
    for _ in range(2):
        visitor = Browser(app)
        for _ in range(3):
            visitor.get(address, headers=PERSON)
    Browser(app, factories.member("Somebody")).get(address, headers=PERSON)
    for robot in ("Twitterbot/1.0", "facebookexternalhit/1.1", "WhatsApp/2.2"):
        Browser(app).get(address, headers={"User-Agent": robot})
    Browser(app).get(address, headers={**PERSON, "Sec-Purpose": "prefetch"})
    Browser(app).get(f"/contests/{contest.slug}?ref=nobodys0", headers=PERSON)
    Browser(app).get(f"/contests/not-there?ref={_code(member)}", headers=PERSON)
    assert visits.total(member, Kind.CONTEST, contest.id) == 2
    sheet = Browser(app, member).get(f"/share/contest/{contest.slug}").text
    assert "2 people have come by it so far." in sheet


def test_whom_it_brings_joins_by_the_code(app: Flask) -> None:
    member = factories.member("Lin Mei")
    visitor = Browser(app)
    visitor.get(f"/?ref={_code(member)}", headers=PERSON)
    form = {
        "name": "New Face",
        "email": "new@example.org",
        "password": "correct horse battery staple 9",
        "agree": "1",
    }
    assert visitor.post("/join", form).status_code == 303
    kept = db.session.scalars(select(Attribution.referrer_id)).all()
    assert kept == [member.id]


def test_before_close_nobody_learns_how_many_came_for_a_design(app: Flask) -> None:
    designer = factories.member("Lin Mei")
    design = factories.submission(factories.contest("scoring"), designer)
    before = Browser(app, designer).get(f"/share/design/{design.public_id}").text
    for _ in range(3):
        Browser(app).get(f"/designs/{design.public_id}?ref={_code(designer)}", headers=PERSON)
    assert visits.total(designer, Kind.DESIGN, design.id) == 3
    after = Browser(app, designer).get(f"/share/design/{design.public_id}").text
    assert re.sub(r'name="csrf_token" value="[^"]*"', "", after) == re.sub(
        r'name="csrf_token" value="[^"]*"', "", before
    )
    with transaction() as session:
        contest = session.get_one(Contest, design.contest_id)
        contest.scoring_closes_at = contest.closed_at = contest.tallied_at = clock.now()
    told = Browser(app, designer).get(f"/share/design/{design.public_id}").text
    assert "3 people have come by it so far." in told, "control: after the close they do"


def test_what_links_brought_is_forgotten_with_the_member(app: Flask) -> None:
    member = factories.member("Lin Mei")
    with transaction():
        visits.count(member, Kind.CONTEST, 1, at=clock.now())
        visits.count(member, Kind.CONTEST, 1, at=clock.now())
    assert visits.total(member, Kind.CONTEST, 1) == 2
    with transaction():
        visits.forget(member.id)
    assert db.session.scalars(select(ShareVisit)).all() == []


def test_the_code_on_a_poster_leads_to_the_same_place(app: Flask) -> None:
    member = factories.member("Lin Mei")
    contest = factories.contest("entry")
    path = f"/share/contest/{contest.slug}/qr.svg"
    mine = Browser(app).get(f"{path}?ref={_code(member)}")
    assert mine.mimetype == "image/svg+xml"
    assert mine.data != Browser(app).get(path).data
    assert b"style=" not in mine.data
    assert Browser(app).get(f"{path}?ref=https://evil.example").status_code == 404


def test_frames_are_the_same_for_everyone_and_hold_nothing_to_click_by_mistake(app: Flask) -> None:
    run = factories.products.run()
    contest = factories.contest("scoring")
    factories.submission(contest)
    member = factories.member("Lin Mei")
    for path in (f"/embed/contests/{contest.slug}", f"/embed/products/{run.product.slug}"):
        mine, theirs = Browser(app, member).get(path), Browser(app).get(path)
        assert mine.data == theirs.data
        assert mine.headers["Content-Security-Policy"].endswith("frame-ancestors *")
        assert "X-Frame-Options" not in mine.headers
        assert "Set-Cookie" not in mine.headers
        assert "Cookie" not in mine.headers.get("Vary", "")
        assert not re.search(r"<(script|form|input|button|iframe)\b", mine.text)
        assert '<base target="_blank">' in mine.text
    refused = Browser(app).get("/embed/contests/not-there")
    assert refused.status_code == 404
    assert refused.headers["X-Frame-Options"] == "DENY"


def test_no_page_but_those_may_be_framed(app: Flask) -> None:
    contest = factories.contest("scoring")
    for path in ("/", f"/contests/{contest.slug}", "/embedded", f"/share/contest/{contest.slug}"):
        headers = Browser(app).get(path).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_markup_for_a_frame_names_the_page_in_the_readers_language(app: Flask) -> None:
    contest = factories.contest("entry")
    sheet = (
        Browser(app)
        .get(f"/share/contest/{contest.slug}", headers={"Accept-Language": "zh-CN"})
        .text
    )
    assert f"{BASE}/embed/contests/{contest.slug}?language=zh-Hans" in html.unescape(sheet)
    design = factories.submission(contest)
    assert "iframe" not in Browser(app).get(f"/share/design/{design.public_id}").text
