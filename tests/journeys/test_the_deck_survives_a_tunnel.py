"""The deck in a real browser whose network is really cut, and whose server really dies."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from ideation.accounts.models import Member, SessionRow
from ideation.contests.models import Contest
from ideation.core import clock, config, queues
from ideation.core.db import db, transaction
from ideation.submissions.models import State, Submission
from ideation.voting.models import BallotLogEntry, Vote
from tests import factories
from tests.servers import web
from tests.servers.ports import free_port
from tests.servers.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

DESIGNS = 9
WAITS = "[data-outbox] .outbox__waits"
LATE = "[data-outbox] .outbox__late"


@dataclass
class Tunnel:
    """A deck of nine designs behind a server of its own, and browsers to look at it."""

    app: Flask
    url: str
    contest: Contest
    browser: Browser

    def open(self, member: Member) -> BrowserContext:
        """A browser in which the member is signed in."""
        context = self.browser.new_context(base_url=self.url, locale="en-GB")
        context.set_default_timeout(20_000)
        self.sign_in(context, member)
        return context

    def sign_in(self, context: BrowserContext, member: Member) -> None:
        context.clear_cookies()
        context.add_cookies([Visitor(self.app, self.url, member).cookie])

    def deck(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(f"/contests/{self.contest.slug}/score")
        expect(page.locator("[data-progress-words]")).to_contain_text(f"of {DESIGNS}")
        return page


@pytest.fixture
def tunnel(app: Flask, browser: Browser, tmp_path: Path) -> Iterator[Tunnel]:
    contest = factories.contest()
    for _ in range(DESIGNS):
        factories.submission(contest)
    with web.serving(config.current(), tmp_path, threads=4) as url:
        yield Tunnel(app, url, contest, browser)


def given() -> list[int]:
    """The stars that the database has."""
    db.session.rollback()
    return sorted(db.session.scalars(select(Vote.stars)))


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happens():
        assert time.monotonic() < deadline, given()
        time.sleep(0.1)


def press(page: Page, keys: str) -> None:
    """Each when the next design is shown."""
    for key in keys:
        title = page.locator("[data-now-title]")
        before = title.inner_text()
        page.keyboard.press(key)
        page.wait_for_function(
            "before => document.querySelector('[data-now-title]').textContent !== before"
            " || !document.querySelector('[data-lull]').hidden",
            arg=before,
        )


def test_stars_given_without_a_connection_wait_and_are_sent_once(tunnel: Tunnel) -> None:
    context = tunnel.open(factories.member())
    page = tunnel.deck(context)
    context.set_offline(True)
    press(page, "543")
    expect(page.locator(WAITS)).to_contain_text("3 answers wait for the connection")
    expect(page.locator("[data-progress-words]")).to_have_text(f"3 of {DESIGNS}")
    press(page, "2")
    expect(page.locator("[data-lull]")).to_be_visible()
    page.keyboard.press("1")
    assert given() == [], "nothing got through"
    context.set_offline(False)
    expect(page.locator(WAITS)).to_be_hidden()
    expect(page.locator("[data-ballot]:not([hidden], [data-leaving])")).to_be_visible()
    expect(page.locator("[data-progress-words]")).to_have_text(f"4 of {DESIGNS}")
    assert given() == [2, 3, 4, 5]
    actions = db.session.scalars(select(BallotLogEntry.action)).all()
    assert [action.value for action in actions] == ["cast"] * 4, "each once"
    second = tunnel.deck(context)
    expect(second.locator("[data-progress-words]")).to_have_text(f"4 of {DESIGNS}")


def test_what_waits_outlives_a_reload_and_a_closed_tab(tunnel: Tunnel) -> None:
    context = tunnel.open(factories.member())
    page = tunnel.deck(context)
    context.set_offline(True)
    press(page, "54")
    page.keyboard.press("u")
    press(page, "3")
    expect(page.locator(WAITS)).to_contain_text("4 answers wait")
    with pytest.raises(Exception, match="INTERNET_DISCONNECTED"):
        page.reload()
    page.close()
    context.set_offline(False)
    other = context.new_page()
    other.goto("/")
    until(lambda: given() == [3, 5])
    page = tunnel.deck(context)
    expect(page.locator("[data-progress-words]")).to_have_text(f"2 of {DESIGNS}")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.includes('outbox'))") == []


def test_nobody_elses_session_sends_them(app: Flask, browser: Browser, tmp_path: Path) -> None:
    first, second = factories.member(), factories.member()
    contest, port = factories.contest(), free_port()
    for _ in range(DESIGNS):
        factories.submission(contest)
    with web.serving(config.current(), tmp_path, threads=4, port=port) as url:
        tunnel = Tunnel(app, url, contest, browser)
        context = tunnel.open(first)
        page = tunnel.deck(context)
        kill(port)  # a browser that only pretends to be offline sends once more as a page closes
        press(page, "5")
        expect(page.locator(WAITS)).to_contain_text("One answer waits")
        page.close()
    with web.serving(config.current(), tmp_path, threads=4, port=port):
        tunnel.sign_in(context, second)
        page = tunnel.deck(context)
        expect(page.locator("[data-progress-words]")).to_have_text(f"0 of {DESIGNS}")
        expect(page.locator("[data-outbox]")).to_have_count(0)
        press(page, "1")
        until(lambda: given() == [1])
        page.close()
        tunnel.sign_in(context, first)
        context.new_page().goto("/")
        until(lambda: given() == [1, 5])


def test_what_came_too_late_is_named_with_its_reason(tunnel: Tunnel) -> None:
    context = tunnel.open(factories.member())
    page = tunnel.deck(context)
    title = page.locator("[data-now-title]").inner_text()
    context.set_offline(True)
    press(page, "54")
    with transaction():
        gone = db.session.scalars(select(Submission).where(Submission.title == title)).one()
        gone.state, gone.updated_at = State.WITHDRAWN, clock.now()
    context.set_offline(False)
    expect(page.locator(LATE)).to_contain_text("One vote of yours was not counted")
    expect(page.locator(f"{LATE} li")).to_contain_text(f"{title} ★★★★★ This design has left")
    expect(page.locator("[data-progress-words]")).to_have_text(f"1 of {DESIGNS - 1}")
    assert given() == [4]

    page.click(f"{LATE} button")
    expect(page.locator(LATE)).to_be_hidden()
    context.set_offline(True)
    press(page, "2")
    with transaction():
        db.session.get_one(Contest, tunnel.contest.id).closed_at = clock.now()
    context.set_offline(False)
    expect(page.get_by_role("heading", name="Scoring is over")).to_be_visible()
    expect(page.locator(f"{LATE} li")).to_contain_text("★★ Scoring is over, so this vote was not")
    assert given() == [4]


def test_faster_than_votes_are_counted_waits_as_long_as_the_server_says(tunnel: Tunnel) -> None:
    page = tunnel.deck(tunnel.open(factories.member()))
    (session,) = db.session.scalars(select(SessionRow.token_hash))
    answers: list[int] = []
    page.on("response", lambda got: answers.append(got.status) if "/votes" in got.url else None)
    spent_until = clock.now() + timedelta(seconds=4)
    spent = [int(1000 * (spent_until.timestamp() - 1))] * 5
    queues.connection().lpush(f"allowance:votes:{session.hex()}", *spent)
    press(page, "43")
    until(lambda: given() == [3, 4])
    page.wait_for_timeout(200)
    assert answers == [429, 200, 200], "asked again once, when the server had said"
    assert min(db.session.scalars(select(Vote.cast_at))) > spent_until


def test_the_server_may_be_killed_in_the_middle(
    app: Flask, browser: Browser, tmp_path: Path
) -> None:
    contest, port = factories.contest(), free_port()
    for _ in range(DESIGNS):
        factories.submission(contest)
    with web.serving(config.current(), tmp_path, threads=4, port=port) as url:
        tunnel = Tunnel(app, url, contest, browser)
        context = tunnel.open(factories.member())
        page = tunnel.deck(context)
        press(page, "5")
        until(lambda: given() == [5])
        kill(port)
        press(page, "43")
        expect(page.locator(WAITS)).to_contain_text("2 answers wait")
    with web.serving(config.current(), tmp_path, threads=4, port=port):
        until(lambda: given() == [3, 4, 5])
        expect(page.locator(WAITS)).to_be_hidden()
        expect(page.locator("[data-progress-words]")).to_have_text(f"3 of {DESIGNS}")


def kill(port: int) -> None:
    """The server of this test that listens there, and its workers, without a word."""
    family = psutil.Process().children(recursive=True)
    ours = [one for one in family if _listens(one, port)]
    assert ours
    for session in {os.getpgid(one.pid) for one in ours}:
        os.killpg(session, signal.SIGKILL)
    psutil.wait_procs(ours, timeout=10)


def _listens(process: psutil.Process, port: int) -> bool:
    with contextlib.suppress(psutil.Error):
        found = process.net_connections("tcp")
        return any(one.laddr.port == port and one.status == psutil.CONN_LISTEN for one in found)
    return False
