"""The bell in a real browser: a panel by key or click, and a link wherever that fails."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.test_from_upload_to_result import become_operator
from tests.servers.chromium import People
from tests.servers.instance import Instance

pytestmark = pytest.mark.browser


def test_it_opens_beside_the_page_closes_by_key_and_falls_back_to_its_page(
    house: Instance, browser: Browser
) -> None:
    people = People(browser, house.url, locale="en-GB", timezone_id="UTC")
    page = people.new()
    become_operator(page, house.setup_url)
    page.goto("/contests")
    bell, panel = page.locator("[data-bell] > a"), page.locator("#bell-panel")
    expect(bell).to_have_attribute("aria-expanded", "false")

    bell.focus()
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("Nothing yet.")
    expect(bell).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="See all notices")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bell).to_be_focused()

    bell.click()
    expect(panel).to_be_visible()
    page.locator("h1").click()
    expect(panel).to_be_hidden()
    assert people.complaints.found == []

    page.route(re.compile("/notices/latest$"), lambda route: route.fulfill(status=503))
    bell.click()
    page.wait_for_url(re.compile("/notices$"))
    expect(page.locator("h1")).to_have_text("Notices")
