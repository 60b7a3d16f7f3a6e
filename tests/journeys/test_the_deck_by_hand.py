"""The deck in a real browser by keys, by finger and by screen reader's order."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect
from playwright.sync_api import TimeoutError as NotInTime
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest, Format
from ideation.core import clock, config
from ideation.core.db import db, transaction
from ideation.voting import keys
from ideation.voting.models import Intent, Vote
from tests import factories
from tests.factories import pictures
from tests.factories.juries import juror
from tests.servers import web
from tests.servers.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

DESIGNS = 6
#: The least a target for voting measures, in pixels.
TARGET = 44
#: Phones upright, small and on their side, and a wide screen.
SCREENS = ((390, 844), (390, 664), (360, 640), (320, 568), (844, 390), (1280, 860))
#: What the factories' designs show, in the proportions that their rows name.
PICTURE = pictures.png(400, 500)


@pytest.fixture
def contest(app: Flask) -> Contest:
    contest = factories.contest()
    for _ in range(DESIGNS):
        factories.submission(contest)
    return contest


@pytest.fixture
def url(contest: Contest, tmp_path: Path) -> Iterator[str]:
    with web.serving(config.current(), tmp_path, threads=4) as url:
        yield url


def deck(
    app: Flask,
    browser: Browser,
    url: str,
    contest: Contest,
    member: Member | None = None,
    *,
    confirmed: bool = True,
    **context: Any,
) -> Page:
    """A member's deck, a new one's unless somebody is named."""
    member = member or factories.member(confirmed=confirmed)
    opened = browser.new_context(base_url=url, locale="en-GB", **context)
    opened.route("**/media/**", lambda route: route.fulfill(body=PICTURE, content_type="image/png"))
    opened.add_cookies([Visitor(app, url, member).cookie])
    page = opened.new_page()
    page.goto(f"/contests/{contest.slug}/score")
    expect(page.locator("[data-progress-words]")).to_have_text(f"0 of {DESIGNS}")
    return page


def test_every_key_does_its_act_and_none_where_they_are_off(
    app: Flask, browser: Browser, url: str, contest: Contest
) -> None:
    page = deck(app, browser, url, contest)
    title = page.locator("[data-now-title]")
    first = title.inner_text()
    page.keyboard.press("?")
    expect(page.locator("dialog[data-help]")).to_be_visible()
    page.keyboard.press("4")
    assert title.inner_text() == first, "nothing is given under the help"
    page.keyboard.press("?")
    page.keyboard.press("z")
    expect(page.locator("dialog[data-zoom] img")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("dialog[data-zoom]")).to_be_hidden()
    page.keyboard.press("b")
    expect(page.locator("[name=buy]")).to_be_checked()
    page.keyboard.press("4")
    expect(title).not_to_have_text(first)
    said = page.locator("[data-announce]")
    expect(said).to_contain_text(f"{first}: 4 of 5 stars. Now: {title.inner_text()}. 1 of 6")
    second = title.inner_text()
    page.keyboard.press("s")
    expect(title).not_to_have_text(second)
    page.keyboard.press("u")
    expect(title).to_have_text(second)
    page.keyboard.press("u")
    expect(title).to_have_text(first)
    expect(page.locator("[name=buy]")).to_be_checked()
    expect(page.locator("[data-progress-words]")).to_have_text(f"0 of {DESIGNS}")
    wait_until_no_vote_is_left(page)
    member = db.session.get_one(Member, db.session.scalars(select(Intent.member_id)).one())

    with transaction():
        keys.choose(member, keys.DEFAULTS, is_on=False, at=clock.now())
    page.reload()
    expect(title).to_have_text(first)
    for key in "12345usz":
        page.keyboard.press(key)
    expect(title).to_have_text(first)
    page.locator("[name=stars][value='3']").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[name=stars][value='2']")).to_be_checked()
    assert title.inner_text() == first, "an arrow chooses and does not give"
    page.keyboard.press("Space")
    expect(title).not_to_have_text(first)


def wait_until_no_vote_is_left(page: Page) -> None:
    """What was answered reaches the server after the eye has moved on, one after the other."""
    for _ in range(100):
        db.session.rollback()
        if not db.session.scalars(select(Vote)).all():
            return
        page.wait_for_timeout(50)
    raise AssertionError("the vote that was taken back is still there")


def test_a_finger_skips_takes_back_and_looks_closer(
    app: Flask, browser: Browser, url: str, contest: Contest
) -> None:
    view = {"width": 390, "height": 844}
    page = deck(app, browser, url, contest, viewport=view, has_touch=True)
    title = page.locator("[data-now-title]")
    first = title.inner_text()
    for name in ("undo", "skip", "zoom-button", "help-button"):
        box = page.locator(f"[data-{name}]").bounding_box()
        assert box and min(box["width"], box["height"]) >= TARGET, name
    for star in page.locator(".star").all():
        box = star.bounding_box()
        assert box and min(box["width"], box["height"]) >= TARGET
    swipe(page, -160)
    expect(title).not_to_have_text(first)
    swipe(page, 160)
    expect(title).to_have_text(first)
    swipe(page, -20)
    expect(title).to_have_text(first)
    tap_until_seen(
        page.locator("[data-ballot]:not([hidden]) .print"), page.locator("dialog[data-zoom]")
    )
    page.locator("[data-zoom-shut]").tap()
    expect(page.locator("dialog[data-zoom]")).to_be_hidden()


#: What comes as soon as the next design is there; told from outside it might come later.
SECOND_TAP = """() => {
  const words = document.querySelector("[data-progress-words]");
  new MutationObserver((_, observer) => {
    observer.disconnect();
    const tap = new MouseEvent("click", { bubbles: true, cancelable: true, detail: 2 });
    document.querySelectorAll(".star input")[2].dispatchEvent(tap);
  }).observe(words, { childList: true, characterData: true, subtree: true });
}"""


def test_a_double_tap_gives_stars_once_and_leaves_nothing_on_the_next(
    app: Flask, browser: Browser, url: str, contest: Contest
) -> None:
    view = {"width": 390, "height": 844}
    page = deck(app, browser, url, contest, viewport=view, has_touch=True, is_mobile=True)
    third = page.locator(".star").nth(2)
    page.wait_for_timeout(300)
    box = third.bounding_box()
    assert box
    edge = third.evaluate("star => getComputedStyle(star).boxShadow")
    page.evaluate(SECOND_TAP)
    page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
    said = page.locator("[data-progress-words]")
    expect(said).to_have_text(f"1 of {DESIGNS}")
    page.wait_for_timeout(600)
    expect(said).to_have_text(f"1 of {DESIGNS}")
    assert third.evaluate("star => getComputedStyle(star).boxShadow") == edge
    page.touchscreen.tap(box["x"] + 20, box["y"] + 20)
    expect(said).to_have_text(f"2 of {DESIGNS}")


def test_a_picture_under_the_finger_makes_no_page_wider(
    app: Flask, browser: Browser, url: str, contest: Contest
) -> None:
    view = {"width": 390, "height": 844}
    page = deck(app, browser, url, contest, viewport=view, has_touch=True, is_mobile=True)
    page.locator("[data-ballot]:not([hidden])").evaluate("card => card.style.translate = '260px 0'")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def tap_until_seen(target: Locator, wanted: Locator) -> None:
    """Tap, and again where nothing comes of it: a tap just after a swipe only ends the swipe."""
    for _ in range(5):
        target.tap()
        with contextlib.suppress(NotInTime):
            wanted.wait_for(timeout=4_000)
            return
    expect(wanted).to_be_visible()


def swipe(page: Page, across: int) -> None:
    """One finger over the picture, as the browser itself is told of it."""
    box = page.locator("[data-stage]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hand = page.context.new_cdp_session(page)
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        point = {"x": x + across * step / 5, "y": y}
        hand.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_three_lie_ready_and_the_page_holds_at_four_hundred_per_cent(
    app: Flask, browser: Browser, url: str, contest: Contest
) -> None:
    page = deck(app, browser, url, contest, viewport={"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator("[data-ballot]")).to_have_count(4)
    page.keyboard.press("5")
    expect(page.locator("[data-ballot]:not([data-leaving])")).to_have_count(5)
    waiting = page.locator("[data-ballot][hidden]")
    expect(waiting).to_have_count(4)  # the one scored, for undo, and three to come
    assert page.locator("[name=stars]").count() == 5
    assert page.locator("fieldset:has([name=stars]) legend").inner_text()


@pytest.mark.parametrize("has_script", [True, False])
def test_whatever_the_panel_says_the_picture_is_whole_and_takes_what_is_left(
    app: Flask, browser: Browser, url: str, contest: Contest, *, has_script: bool
) -> None:
    page = deck(app, browser, url, contest, confirmed=False, java_script_enabled=has_script)
    expect(page.locator(".deck__note")).to_be_visible()
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        where = f"{width} × {height}"
        stage, panel, picture = (
            box_of(page, f"{which}:visible") for which in (".deck__stage", ".deck__panel", ".print")
        )
        is_beside = panel["x"] > picture["x"] + picture["width"]
        assert is_beside or panel["y"] >= picture["y"] + picture["height"], where
        assert picture["y"] >= stage["y"] - 1, where
        assert picture["y"] + picture["height"] <= min(stage["y"] + stage["height"], height) + 1
        left = max(picture["width"] / stage["width"], picture["height"] / stage["height"])
        assert left > 0.97, f"at {where} the picture could be larger"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where
        stars = box_of(page, ".stars-input__row")
        assert height < 640 or stars["y"] + stars["height"] <= height, f"no stars at {where}"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_juror_has_all_five_stars_however_long_the_contests_name(
    app: Flask, browser: Browser, url: str, contest: Contest, width: int
) -> None:
    member = factories.member()
    with transaction():
        mine = db.session.merge(contest)
        mine.format, mine.quorum, mine.briefs[0].title = Format.JURY, 1, "The long way home " * 4
    juror(contest, member)
    page = deck(app, browser, url, contest, member, viewport={"width": width, "height": 844})
    edge = box_of(page, ".deck__panel")["x"] + box_of(page, ".deck__panel")["width"]
    name = box_of(page, ".deck__where > :last-child")
    assert name["x"] + name["width"] <= edge + 1 <= width + 1
    assert name["width"] > 32, "nothing of the contest's name is left"
    last = box_of(page, ".stars-input__row > :last-child")
    assert last["x"] + last["width"] <= edge + 1


def box_of(page: Page, which: str) -> FloatRect:
    box = page.locator(which).first.bounding_box()
    assert box, which
    return box
