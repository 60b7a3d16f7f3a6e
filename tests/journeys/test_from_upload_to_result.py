"""A picture's way to the result page, by hand, on everything real: in English and in Chinese."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from tests.servers.chromium import People
from tests.servers.instance import Instance

PASSWORD = "harbour lamps at half past five"
RESULT_WORDS = {"en-GB": "The result", "zh-CN": "结果"}
LANGUAGES = {"en-GB": "en", "zh-CN": "zh-Hans"}

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("locale", LANGUAGES)
def test_from_an_uploaded_picture_to_the_result(
    house: Instance, browser: Browser, tmp_path: Path, locale: str
) -> None:
    people = People(browser, house.url, locale=locale, timezone_id="UTC")
    operator = people.new()
    become_operator(operator, house.setup_url)
    opens, scores, closes = make_contest(operator)

    house.move_to(opens + timedelta(minutes=1))
    designers = {"Ana Reis": "Fog over the harbour", "Ben Okri": "小城之夜"}
    pages = {}
    for name, title in designers.items():
        pages[name] = join(people.new(), name)
        enter_design(pages[name], title, draw(tmp_path / f"{name}.png", title))
    for _ in designers:
        approve_next(operator)

    house.move_to(scores + timedelta(minutes=1))
    score_with_keys(pages["Ana Reis"], ["5"])
    score_with_keys(pages["Ben Okri"], ["3"])
    voter = join(people.new(), "Chen Wei")
    skip_and_bring_back(voter)
    score_with_keys(voter, ["4", "2"])
    expect_nothing_to_see_yet(people.new())

    house.move_to(closes + timedelta(minutes=1))
    visitor = people.new()
    wait_for_result(visitor)
    expect(visitor.locator("html")).to_have_attribute("lang", LANGUAGES[locale])
    expect(visitor.locator("h1")).to_contain_text(RESULT_WORDS[locale])
    for title in designers.values():
        expect(visitor.get_by_text(title).first).to_be_visible()
    expect(visitor.locator(".winner__place").first).to_have_text("1")
    assert people.complaints.found == []


def become_operator(page: Page, setup_url: str) -> None:
    page.goto(setup_url)
    fill_newcomer(page, "Olga Operator")
    expect(page).not_to_have_url(re.compile("/setup/"))
    page.goto("/console/")
    expect(page.locator("h1")).to_be_visible()


def fill_newcomer(page: Page, name: str) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=email]", f"{name.lower().replace(' ', '.')}@example.org")
    page.fill("[name=password]", PASSWORD)
    page.check("[name=agree]")
    page.click(".form__actions [type=submit]")


def make_contest(page: Page, winners: str = "") -> tuple[datetime, datetime, datetime]:
    """A contest from the form's own dates; returns when it opens, when scoring begins and ends."""
    page.goto("/console/contests/new")
    page.select_option("[name=zone]", "UTC")
    page.fill("[name=title-en]", "Small cities")
    page.fill("[name=brief-en]", "A tee about the town you would miss.")
    page.fill("[name=rules-en]", "Your own work. Six colours at most.")
    page.fill("[name=slug]", "small-cities")
    page.fill("[name=cash-USD]", "2000")
    if winners:
        page.fill("[name=winners]", winners)
    instants = [
        datetime.fromisoformat(page.input_value(f"[name={name}]")).replace(tzinfo=UTC)
        for name in ("entry_opens_at", "scoring_opens_at", "scoring_closes_at")
    ]
    page.click(".form__actions [type=submit]")
    expect(page).to_have_url(re.compile("/console/contests/small-cities$"))
    return instants[0], instants[1], instants[2]


def join(page: Page, name: str) -> Page:
    """Register, and confirm by the code that a loopback instance shows."""
    page.goto("/join")
    fill_newcomer(page, name)
    expect(page).to_have_url(re.compile("/welcome"))
    page.goto("/confirm")
    shown = page.locator("main").inner_text()
    code = re.search(r"(?<!\d)\d{3} ?\d{3}(?!\d)", shown)
    assert code, shown
    page.fill("[name=code]", code.group())
    page.click(".form__actions [type=submit]")
    expect(page).not_to_have_url(re.compile("/confirm"))
    return page


def draw(path: Path, title: str) -> Path:
    """A picture of one's own: a sun over hills, another for every title."""
    hue = sum(title.encode()) % 200
    picture = Image.new("RGB", (1200, 1500), (246, 240, 228))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((300, 200, 900, 800), fill=(220, 60 + hue // 2, 40))
    pen.polygon([(0, 1500), (500, 700), (1200, 1500)], fill=(30, hue, 110))
    picture.save(path)
    return path


def enter_design(page: Page, title: str, picture: Path) -> None:
    page.goto("/contests/small-cities/submissions/new")
    page.click(".begin [type=submit]")
    page.set_input_files("#f-pictures", picture)
    expect(page.locator('[data-picture][data-state="ready"] img')).to_be_visible(timeout=30_000)
    page.locator(".upload__alt input").fill("A sun over hills")
    page.fill("[name=title]", title)
    page.fill("[name=story]", "For the town that wakes up above the fog.")
    page.locator(".segments--swatches label").first.click()
    page.check("[name=original]")
    page.check("[name=licence]")
    # As the impatient do: it is handed in once, and leads to the design.
    page.dblclick(".form__actions .button--primary")
    expect(page).to_have_url(re.compile(r"/designs/\w+$"))


def approve_next(page: Page) -> None:
    """Approve and leave at once: what could still be taken back is sent by whoever goes."""
    page.goto("/console/moderation")
    design = page.locator('a[href*="/console/moderation/designs/"]').first
    address = design.get_attribute("href")
    design.click()
    title = page.locator("h1").inner_text()
    page.click('[name=verdict][value="approved"]')
    expect(page.locator("h1")).not_to_have_text(title)  # the next one, or the queue
    for _ in range(50):
        page.goto("/console/moderation")
        if page.locator(f'a[href="{address}"]').count() == 0:
            return
        page.wait_for_timeout(200)
    raise AssertionError("it still waits for a decision")


def skip_and_bring_back(page: Page) -> None:
    page.goto("/contests/small-cities/score")
    title = page.locator("[data-now-title]")
    first = title.inner_text()
    page.keyboard.press("s")
    expect(title).not_to_have_text(first)
    with page.expect_response(re.compile("/retractions$")) as answer:
        page.keyboard.press("u")
    assert answer.value.ok
    expect(title).to_have_text(first)


def score_with_keys(page: Page, keys: list[str]) -> None:
    page.goto("/contests/small-cities/score")
    expect(page.locator("[data-ballot]").first).to_be_visible(timeout=30_000)
    for key in keys:
        with page.expect_response(re.compile("/votes$")) as answer:
            page.keyboard.press(key)
        assert answer.value.ok


def expect_nothing_to_see_yet(page: Page) -> None:
    page.goto("/contests/small-cities/results")
    expect(page.locator(".winners")).to_have_count(0)


def wait_for_result(page: Page) -> None:
    """Closing, tallying and the page: cron ticks, a worker counts."""
    for _ in range(60):
        page.goto("/contests/small-cities/results")
        if page.locator(".winners").count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError("no result after a minute")
