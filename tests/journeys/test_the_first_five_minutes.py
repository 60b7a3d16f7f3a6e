"""From the printed setup link to a contest that takes entries, in a browser, counting clicks."""

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_from_upload_to_result import PASSWORD
from tests.servers.chromium import People
from tests.servers.instance import Instance

pytestmark = pytest.mark.browser
MOST_CLICKS = 8
MOST_SECONDS = 60


def test_an_operator_opens_a_contest_and_finds_it_by_the_palette(
    house: Instance, browser: Browser
) -> None:
    people = People(browser, house.url, locale="en-GB", timezone_id="Europe/Lisbon")
    page = people.new()
    clicks = _Clicks(page)
    began = time.monotonic()
    page.goto(house.setup_url)
    for name, value in (("name", "Olga"), ("email", "olga@example.org"), ("password", PASSWORD)):
        page.fill(f"[name={name}]", value)
    clicks.on("[name=agree]")
    clicks.on("main .button--primary")
    expect(page).to_have_url(re.compile("/beginning/house"))

    page.fill("#f-name", "Tidewater Prints")
    clicks.on("main .button--primary")
    page.fill("#f-theme", "Small cities")
    page.fill("#f-brief", "A tee about the town you would miss.")
    expect(page.locator("[data-kept]")).to_have_text("Kept.")
    page.reload()
    expect(page.locator("#f-theme")).to_have_value("Small cities")
    clicks.on("main .button--primary")
    expect(page.locator("h1")).to_have_text("Mail")
    clicks.on("main .button--primary")
    expect(page.locator("h1")).to_have_text("Your team")
    clicks.on("main .form__actions .button--quiet")
    expect(page.locator("h1")).to_have_text("Your contest is on")
    assert clicks.count <= MOST_CLICKS
    assert time.monotonic() - began < MOST_SECONDS

    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Where to?")
    expect(field).to_be_focused()
    field.press_sequentially("small")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Small cities")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/contests/week-"))
    expect(page.locator("main")).to_contain_text("Small cities")
    assert people.complaints.found == []


class _Clicks:
    """Clicks on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def on(self, selector: str) -> None:
        self.count += 1
        self.page.click(selector)
        self.page.wait_for_load_state()
