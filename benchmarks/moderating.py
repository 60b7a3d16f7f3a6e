"""A queue of 250 designs worked off by key presses, beside the same form without JavaScript."""

import logging
import statistics
import time
from collections.abc import Iterator

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from benchmarks.figures import Figure
from benchmarks.instances import instance
from ideation.accounts.grants import Role
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.moderation import queue
from ideation.moderation.models import ModerationDecision
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import State
from tests import factories
from tests.servers import chromium, live

DESIGNS = 250
BY_HAND = 20
#: Every fifth is declined, by its second rule.
FIFTH = 5
_FLOOR = "the form, posted without JavaScript"
#: From a key that decides to the next design's name on the screen.
_WATCH = """() => {
  window.took = [];
  let began = 0;
  document.addEventListener("keydown", (event) => { began = event.timeStamp; }, true);
  const painted = () => took.push(performance.now() - began);
  const changed = () => requestAnimationFrame(() => setTimeout(painted));
  new MutationObserver(changed).observe(document.querySelector("h1"), { childList: true });
}"""


def measure() -> Iterator[Figure]:
    """Keys and seconds a design, and how long the next one takes to be there."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with instance("sqlite") as app, live.serving(app) as url, chromium.running() as browser:
        moderator = factories.member("Mo", roles=(Role.MODERATOR,))
        cookie = factories.Browser(app, moderator).client.get_cookie("ideation")
        assert cookie is not None
        session = {"name": "ideation", "value": cookie.value, "url": url}
        _hand_in(BY_HAND)
        by_hand = _post(browser, url, session)
        _hand_in(DESIGNS)
        keys, seconds, took = _press(browser, url, session)
        _expect_all(app)
    yield Figure("moderating keys", keys / DESIGNS, 2, "its budget", unit="keys")
    yield Figure("moderating a design", 1000 * seconds / DESIGNS, 1000 * by_hand, _FLOOR)
    late = statistics.quantiles(took, n=20)[-1]
    yield Figure("moderating next p95", late, 1000 * by_hand, _FLOOR)


def _hand_in(count: int) -> None:
    contest = factories.contest("entry")
    for _ in range(count):
        one = factories.submission(contest, state=State.SUBMITTED)
        with transaction():
            queue.open_case(SUBJECT, one.id, space_id=contest.space_id, at=clock.now(), due_at=None)


def _post(browser: Browser, url: str, session: dict[str, str]) -> float:
    """Seconds a design."""
    page = _page(browser, url, session, java_script_enabled=False)
    began = time.perf_counter()
    for _ in range(BY_HAND):
        page.locator("[name=verdict][value=approved]").click()
    seconds = time.perf_counter() - began
    page.context.close()
    return seconds / BY_HAND


def _press(browser: Browser, url: str, session: dict[str, str]) -> tuple[int, float, list[float]]:
    """Keys, seconds until everything is sent, and milliseconds to each next design."""
    page = _page(browser, url, session)
    page.evaluate(_WATCH)
    heading, keys, took = page.locator("h1"), 0, []
    began = time.perf_counter()
    for number in range(DESIGNS):
        title, took = heading.inner_text(), page.evaluate("window.took")
        for key in ("d", "2") if number % FIFTH == FIFTH - 1 else ("a",):
            page.keyboard.press(key)
            keys += 1
        if number < DESIGNS - 1:
            expect(heading).not_to_have_text(title)
    page.wait_for_url("**/console/moderation", timeout=60_000)
    seconds = time.perf_counter() - began
    page.context.close()
    return keys, seconds, took


def _page(browser: Browser, url: str, session: dict[str, str], **options: bool) -> Page:
    """The first design of the queue."""
    context = browser.new_context(base_url=url, locale="en-GB", **options)  # type: ignore[arg-type]
    context.add_cookies([session])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/console/moderation")
    page.locator("main a.button--primary").click()
    expect(page.locator("[name=verdict]").first).to_be_visible()
    return page


def _expect_all(app: Flask) -> None:
    with app.app_context():
        db.session.rollback()
        made = db.session.scalar(select(func.count()).select_from(ModerationDecision))
    assert made == DESIGNS + BY_HAND, "each decided once, none lost"
