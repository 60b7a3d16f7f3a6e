"""A visitor finds a design by half its name, looks at it closely and walks along the wall."""

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_from_upload_to_result import (
    approve_next,
    become_operator,
    draw,
    enter_design,
    join,
    make_contest,
)
from tests.servers.chromium import People
from tests.servers.instance import Instance

pytestmark = pytest.mark.browser

TITLES = ("Fog over the harbour", "夜行的設計師")


def test_a_design_is_found_and_looked_at_closely(
    house: Instance, browser: Browser, tmp_path: Path
) -> None:
    people = People(browser, house.url, locale="en-GB", timezone_id="UTC")
    operator = people.new()
    become_operator(operator, house.setup_url)
    opens, _, _ = make_contest(operator)
    house.move_to(opens + timedelta(minutes=1))
    for number, title in enumerate(TITLES):
        designer = join(people.new(), f"Designer {number}")
        enter_design(designer, title, draw(tmp_path / f"{number}.png", title))
        approve_next(operator)

    page = people.new()
    find(page, "harbuor", TITLES[0])
    find(page, "设计师", TITLES[1])
    walk_along_the_wall(page)
    look_closely(page)
    assert people.complaints.found == []


def find(page: Page, query: str, title: str) -> None:
    """The worker reads what was approved within its quarter of a minute."""
    for _ in range(60):
        page.goto(f"/search?q={query}")
        if page.get_by_role("link", name=title).count():
            return
        time.sleep(0.5)
    raise AssertionError(f"{query} finds nothing")


def walk_along_the_wall(page: Page) -> None:
    """The wall's neighbours are a link away on the page, and an arrow away in the viewer."""
    page.goto("/contests/small-cities/entries")
    first, second = page.locator("a.card__title").all_inner_texts()
    page.locator("a.card__title").first.click()
    expect(page.locator(".neighbours [rel=next]")).to_have_text(second)
    expect(page.locator(".neighbours [rel=prev]")).to_have_count(0)
    page.locator("[data-view]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.viewer")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).to_have_text(second, use_inner_text=False)
    expect(page.locator("dialog.viewer")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("h1")).to_have_text(first, use_inner_text=False)


def look_closely(page: Page) -> None:
    """Keys, click and wheel bring it closer; Escape leads back to where one was."""
    picture = page.locator(".viewer__stage picture")
    expect(page.get_by_role("button", name="Farther away")).to_be_disabled()
    page.keyboard.press("+")
    expect(picture).to_have_attribute("style", re.compile(r"scale\(1\.5\)"))
    page.keyboard.press("ArrowRight")
    expect(picture).to_have_attribute("style", re.compile(r"translate\(-80px"))
    page.keyboard.press("0")
    expect(picture).to_have_attribute("style", re.compile(r"scale\(1\)"))
    page.locator(".viewer__stage").click(position={"x": 300, "y": 300})
    expect(picture).to_have_attribute("style", re.compile(r"scale\(2\.5\)"))
    page.mouse.wheel(0, 4000)
    expect(picture).to_have_attribute("style", re.compile(r"scale\(1\)"))
    page.keyboard.press("Escape")
    expect(page.locator("dialog.viewer")).to_be_hidden()
    expect(page.locator("[data-view]").first).to_be_focused()
