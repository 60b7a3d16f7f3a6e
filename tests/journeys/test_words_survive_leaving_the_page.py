"""A draft in a real browser: what was typed is there again, and nothing is lost unasked."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.journeys.reading import switch
from tests.journeys.test_from_upload_to_result import become_operator, join, make_contest
from tests.servers.chromium import People
from tests.servers.instance import Instance

pytestmark = pytest.mark.browser


def test_words_survive_the_switch_of_language(house: Instance, browser: Browser) -> None:
    people, page = _begin_a_draft(house, browser)
    asked = _answering(page)

    page.fill("[name=title]", "Fog over the harbour")
    expect(page.locator("[data-draft-said]")).to_have_text("Saved.")
    switch(page, "zh-Hans")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("[name=title]")).to_have_value("Fog over the harbour")
    assert asked == [], "what is saved may be left"

    tags = page.locator("[name=tags]")
    tags.fill("a, b, c, d, e, f, g, h, i")
    page.fill("[name=title]", "Mist over the harbour")
    expect(tags).to_have_attribute("aria-invalid", "true")
    refused = page.locator("#f-tags-error")
    expect(refused).to_be_visible()
    assert "f-tags-error" in (tags.get_attribute("aria-describedby") or "")
    expect(page.locator("[data-draft-said]")).not_to_be_empty()
    page.reload()
    assert asked == ["beforeunload"], "what was refused is not lost unasked"
    asked.clear()
    expect(page.locator("[name=title]")).to_have_value("Mist over the harbour")
    tags.fill("a, b, c, d, e, f, g, h, i")
    expect(refused).to_be_visible()
    tags.fill("a, b, c, d, e, f, g, h")
    expect(refused).to_have_count(0)
    expect(tags).not_to_have_attribute("aria-invalid", "true")

    page.route(re.compile("/words$"), lambda route: route.fulfill(status=429))
    with page.expect_response(re.compile("/words$")):
        page.fill("[name=story]", "For the town above it.")
    page.goto("/contests")
    assert asked == ["beforeunload"], "what could not be saved is not lost unasked"
    assert people.complaints.found == []


def test_words_typed_before_their_script_has_come_are_kept(
    house: Instance, browser: Browser, tmp_path: Path
) -> None:
    people, page = _begin_a_draft(house, browser)
    page.wait_for_load_state("networkidle")
    late: list[Route] = []
    page.route(re.compile(r"/js/draft\.js"), lambda route: late.append(route))
    page.reload(wait_until="commit")
    page.fill("[name=title]", "Fog over the harbour")
    expect(page.locator("[data-draft-said]")).to_be_attached()
    stamp = tmp_path / "stamp.png"
    Image.new("RGB", (20, 20), "tomato").save(stamp)
    page.set_input_files("#f-pictures", stamp)
    expect(page.locator(".upload--failed .upload__thumb img")).to_be_attached()
    while not late:
        page.wait_for_timeout(20)
    late[0].continue_()
    expect(page.locator("[data-draft-said]")).to_have_text("Saved.")
    assert people.complaints.found == [], "a picture that is shown is not fetched again"
    page.unroute_all()
    page.reload()
    expect(page.locator("[name=title]")).to_have_value("Fog over the harbour")


def test_two_tabs_on_one_draft_keep_what_each_of_them_changed(
    house: Instance, browser: Browser
) -> None:
    people, older = _begin_a_draft(house, browser)
    newer = older.context.new_page()
    newer.goto(older.url)
    newer.fill("[name=title]", "Fog over the harbour")
    expect(newer.locator("[data-draft-said]")).to_have_text("Saved.")
    older.fill("[name=tags]", "harbour, fog")
    expect(older.locator("[data-draft-said]")).to_have_text("Saved.")
    older.reload()
    expect(older.locator("[name=title]")).to_have_value("Fog over the harbour")
    expect(older.locator("[name=tags]")).to_have_value("harbour, fog")
    assert people.complaints.found == []


def _begin_a_draft(house: Instance, browser: Browser) -> tuple[People, Page]:
    """A contest takes entries, and a member has begun one."""
    people = People(browser, house.url, locale="en-GB", timezone_id="UTC")
    operator = people.new()
    become_operator(operator, house.setup_url)
    opens, _, _ = make_contest(operator)
    house.move_to(opens + timedelta(minutes=1))
    page = join(people.new(), "Ana Reis")
    page.goto("/contests/small-cities/submissions/new")
    page.click(".begin [type=submit]")
    return people, page


def _answering(page: Page) -> list[str]:
    """Leave whatever the page asks; returns what it asked."""
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    return asked
