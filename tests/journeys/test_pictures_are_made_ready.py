"""The page on which a design is made ready, by hand: pictures checked, ordered, seen worn."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.core.images.drawing import see_through
from tests.journeys.test_from_upload_to_result import become_operator, draw, join, make_contest
from tests.servers.chromium import People
from tests.servers.instance import Instance

pytestmark = pytest.mark.browser


def test_pictures_are_checked_put_in_order_and_seen_on_articles(
    house: Instance, browser: Browser, tmp_path: Path
) -> None:
    people = People(browser, house.url, locale="en-GB", timezone_id="UTC")
    operator = people.new()
    become_operator(operator, house.setup_url)
    opens, _, _ = make_contest(operator)
    house.move_to(opens + timedelta(minutes=1))
    page = join(people.new(), "Ana Reis")
    page.goto("/contests/small-cities/submissions/new")
    page.click(".begin [type=submit]")

    refuse_before_sending(page, tmp_path)
    first, second, third = upload_three(page, tmp_path)
    page.fill("[name=title]", "Fog over the harbour")
    put_in_order(page, first, second, third)
    see_on_articles(page)
    remove(page, second)
    assert people.complaints.found == []
    go_on_after_a_cut(page, tmp_path)
    # The browser itself notes the cut, and nothing else.
    assert [one for one in people.complaints.found if "ERR_CONNECTION_RESET" not in one] == []


def refuse_before_sending(page: Page, folder: Path) -> None:
    """Too small, too long: told with the way out, and nothing is sent."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if is_upload(request.url) else None)
    Image.new("RGB", (150, 900)).save(folder / "small.png")
    Image.new("RGB", (2000, 210)).save(folder / "long.png")
    page.set_input_files("#f-pictures", [folder / "small.png", folder / "long.png"])
    failed = page.locator("[data-upload-pending] .upload--failed")
    expect(failed).to_have_count(2)
    expect(failed.nth(0)).to_contain_text("at least 200 pixels")
    expect(failed.nth(1)).to_contain_text("more than 8 times as long")
    assert sent == []
    for _ in range(2):
        page.locator("[data-upload-pending] [data-cancel]").first.click()


def is_upload(url: str) -> bool:
    return url.endswith("/pictures")


def upload_three(page: Page, folder: Path) -> list[str]:
    """An AVIF, a GIF and a see-through PNG; their ids in the order in which they came in."""
    with Image.open(draw(folder / "one.png", "one")) as image:
        image.save(folder / "one.avif", speed=10)
    with Image.open(draw(folder / "two.png", "two")) as image:
        moving = [image.resize((400, 500)).rotate(90 * n) for n in range(3)]
        moving[0].save(folder / "two.gif", save_all=True, append_images=moving[1:])
    see_through(600, 600).save(folder / "three.png")
    names = ("one.avif", "two.gif", "three.png")
    page.set_input_files("#f-pictures", [folder / name for name in names])
    expect(page.locator('[data-picture][data-state="ready"] img')).to_have_count(3, timeout=60_000)
    expect(page.locator("image[data-art]")).to_have_count(4)  # on every article, without a reload
    return order_on(page)


def order_on(page: Page) -> list[str]:
    rows = page.locator("[data-picture]")
    return [rows.nth(n).get_attribute("data-picture") or "" for n in range(rows.count())]


def put_in_order(page: Page, first: str, second: str, third: str) -> None:
    """By a button without leaving the page, by dragging, and still so after a reload."""
    page.evaluate("window.isSamePage = true")
    arts = page.locator("image[data-art]")
    shown = arts.first.get_attribute("href") or ""
    down = page.locator(f'[data-picture="{first}"] button[formaction*="by=1"]')
    down.click()
    expect(page.locator("[data-picture]").first).to_have_attribute("data-picture", second)
    for n in range(4):
        expect(arts.nth(n)).not_to_have_attribute("href", shown)
    expect(page.locator("[data-upload-said]")).to_contain_text("place 2")
    expect(page.locator(f'[data-picture="{first}"] button[formaction*="by=1"]')).to_be_focused()
    grip = page.locator(f'[data-picture="{third}"] [data-grip]')
    grip.hover()
    grip.drag_to(page.locator(f'[data-picture="{second}"]'))
    expect(page.locator("[data-picture]").first).to_have_attribute("data-picture", third)
    assert page.evaluate("window.isSamePage"), "nothing of this loads the page anew"
    expect(page.locator("[data-draft-said]")).to_have_text("Saved.")
    page.reload()
    assert order_on(page) == [third, second, first]
    expect(page.locator("[name=title]")).to_have_value("Fog over the harbour")


def see_on_articles(page: Page) -> None:
    """Four articles follow every choice; guides show on request; a coarse print is told."""
    arts = page.locator("[data-drawing] [data-art]")
    expect(arts).to_have_count(4)
    before = [arts.nth(n).get_attribute("width") for n in range(4)]
    page.locator(".segments label", has_text="Large").click()
    after = [arts.nth(n).get_attribute("width") for n in range(4)]
    assert all(float(new or 0) > float(old or 0) for new, old in zip(after, before, strict=True))
    coarse = page.locator("[data-coarse]")
    expect(coarse).to_be_visible()
    page.locator(".segments label", has_text="Small").click()
    page.get_by_label("Left chest").check()
    expect(coarse).to_be_hidden()

    guide = page.locator(".drawing__guide--safe")
    expect(guide).to_be_hidden()
    page.locator("[data-guides]").check()
    expect(guide).to_be_visible()

    page.locator(".segments--swatches label", has_text="Black").click()
    cloths = page.locator("[data-drawing] path.drawing__cloth")
    fills = {cloths.nth(n).get_attribute("fill") for n in range(cloths.count())}
    assert "#1B1A17" in fills
    expect(page.locator("[data-draft-said]")).to_have_text("Saved.")
    page.reload()
    expect(page.get_by_label("Left chest")).to_be_checked()
    black = page.locator(".segments--swatches label", has_text="Black")
    expect(black.locator("input")).to_be_checked()


def remove(page: Page, picture: str) -> None:
    page.locator(f'[data-picture="{picture}"] button[formaction*="removal"]').click()
    expect(page.locator("[data-picture]")).to_have_count(2)
    expect(page).to_have_url(re.compile("/edit$"))


def go_on_after_a_cut(page: Page, folder: Path) -> None:
    """A heavy picture whose connection is cut at its second part: no part is sent twice in vain."""
    Image.effect_noise((1500, 1500), 90).save(folder / "heavy.png")
    assert (folder / "heavy.png").stat().st_size > 2 << 20
    tried: list[str] = []

    def cut_once(route: Route) -> None:
        number = route.request.url.rpartition("/")[2]
        tried.append(number)
        if tried.count("1") == 1 and number == "1":
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/pictures/parts/[0-9a-f]{32}/\d+$"), cut_once)
    page.set_input_files("#f-pictures", folder / "heavy.png")
    expect(page.locator("[data-upload-pending]")).to_contain_text("goes on by itself")
    ready = page.locator('[data-picture][data-state="ready"] img')
    expect(ready).to_have_count(3, timeout=60_000)
    assert tried == ["0", "1", "1", "2"]
    expect(page.locator("[data-upload-pending] li")).to_have_count(0)
