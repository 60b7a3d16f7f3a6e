"""A real browser draws its first page from one answer, and finds the sheets for the next."""

import pytest
from playwright.sync_api import Browser, Request, expect

from ideation.http import sheets
from tests.servers.chromium import People
from tests.servers.instance import Instance

pytestmark = pytest.mark.browser


def test_the_first_page_brings_its_sheets_and_the_second_has_them(
    house: Instance, browser: Browser
) -> None:
    people = People(browser, house.url, locale="en-GB", timezone_id="UTC")
    page = people.new()
    asked: list[Request] = []
    page.on("request", lambda each: asked.append(each))

    def sheets_asked_for() -> list[Request]:
        return [each for each in asked if each.url.endswith(sheets.HOUSE)]

    with page.expect_request_finished(lambda each: each.url.endswith(sheets.HOUSE)):
        page.goto("/how-winners-are-found")
        expect(page.locator("h1")).to_have_css("font-weight", "800")
        assert not [each for each in asked if each.resource_type == "stylesheet"]
    (fetched,) = sheets_asked_for()
    assert fetched.resource_type == "fetch"

    asked.clear()
    page.goto("/sign-in")
    expect(page.locator("h1")).to_have_css("font-weight", "800")
    (kept,) = sheets_asked_for()
    assert kept.resource_type == "stylesheet"
    size = page.evaluate("(url) => performance.getEntriesByName(url)[0].transferSize", kept.url)
    assert size == 0, "it came over the wire again"
    assert people.complaints.found == []


def test_a_style_that_the_policy_does_not_name_has_no_effect(
    house: Instance, browser: Browser
) -> None:
    page = People(browser, house.url, locale="en-GB", timezone_id="UTC").new()
    page.goto("/how-winners-are-found")
    page.evaluate(
        """() => {
          const style = document.createElement("style");
          style.textContent = "h1 { color: rgb(1, 2, 3) !important }";
          document.head.append(style);
        }"""
    )
    expect(page.locator("h1")).not_to_have_css("color", "rgb(1, 2, 3)")
