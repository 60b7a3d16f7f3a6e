"""A draft in a real browser: what was typed is there again, and nothing is lost unasked."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.journeys.reading import switch
from tests.journeys.test_from_upload_to_result import become_operator, join, make_contest
from tests.servers.chromium import People
from tests.servers.instance import Instance

pytestmark = pytest.mark.browser


def test_words_survive_the_switch_of_language(house: Instance, browser: Browser) -> None:
    people = People(browser, house.url, locale="en-GB", timezone_id="UTC")
    operator = people.new()
    become_operator(operator, house.setup_url)
    opens, _, _ = make_contest(operator)
    house.move_to(opens + timedelta(minutes=1))
    page = join(people.new(), "Ana Reis")
    page.goto("/contests/small-cities/submissions/new")
    page.click(".begin [type=submit]")
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


def _answering(page: Page) -> list[str]:
    """Leave whatever the page asks; returns what it asked."""
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    return asked
