"""Those who run the place, by hand: choosing, making, sending, paying. They speak English."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.test_from_upload_to_result import PASSWORD, join
from tests.servers.chromium import People
from tests.servers.instance import Instance

DECISION = "/console/contests/small-cities/decision"
_DAY = timedelta(days=1)


def hire(operator: Page, staff: People, name: str, role: str) -> Page:
    """Somebody joins, gets a role, and signs in anew."""
    page = join(staff.new(), name)
    operator.goto("/console/members")
    operator.get_by_role("link", name=name).first.click()
    operator.select_option("[name=role]", role)
    operator.locator("form:has([name=role]:not([type=hidden])) [type=submit]").click()
    sign_in(page, name)
    return page


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", f"{name.lower().replace(' ', '.')}@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click(".form__actions [type=submit]")
    expect(page).not_to_have_url(re.compile("/sign-in"))


def choose(page: Page, title: str) -> None:
    """A place with a reason, a reason for the other, and an offer."""
    page.goto(DECISION)
    page.locator("#ranking tr", has_text=title).locator("a[href*='compare=']").click()
    page.locator("#closer textarea").fill("It reads from across the street.")
    page.locator("#closer form [type=submit]").click()
    expect(page.locator(".places")).to_contain_text("It reads from across the street.")
    page.fill("#reasons [name=note]", "Drawn with care. The first was bolder at arm's length.")
    page.click("#reasons [name=scope][value=missing]")
    page.locator("form[action$='/decision/agreements'] [type=submit]").click()
    confirm(page)
    expect(page.locator(".place__state")).to_contain_text("offered")


def announce(page: Page) -> None:
    page.goto(DECISION)
    page.locator("form[action$='/announcement'] [type=submit]").click()
    confirm(page)
    expect(page.locator("main")).to_contain_text("It is public")


def make_product(page: Page) -> None:
    """With the form's own colours and sizes, for 24 dollars."""
    page.goto("/console/products")
    page.locator("main a[href*='/products/new/']").first.click()
    page.fill("[name=price-USD]", "24")
    for box in ("[name=colours]", "[name=sizes]"):
        if not page.locator(f"{box}:checked").count():
            page.locator(box).first.check()
    page.locator("form:has([name=price-USD]) .form__actions [type=submit]").click()
    expect(page).to_have_url(re.compile("/console/products/(?!new)[^/]+$"))
    publish = page.locator("form[action$='/publication'] [type=submit]")
    for _ in range(60):  # a worker draws it
        page.reload()
        if page.get_by_text("The pictures are being drawn").count() == 0:
            publish.click()
            expect(page.locator("a[href$='/runs/new']").first).to_be_visible()
            return
        page.wait_for_timeout(500)
    raise AssertionError("the product was not drawn")


def start_run(page: Page, now: datetime) -> datetime:
    """One piece is the goal, three days the window; returns when it ends."""
    page.locator("a[href$='/runs/new']").first.click()
    closes_at = (now + 3 * _DAY).replace(second=0, microsecond=0)
    page.fill("[name=goal]", "1")
    page.fill("[name=closes_at]", f"{closes_at:%Y-%m-%dT%H:%M}")
    page.locator("form:has([name=goal]) .form__actions [type=submit]").click()
    confirm(page)
    expect(page).to_have_url(re.compile("/console/runs/"))
    return closes_at


def wait_until_go(page: Page, house: Instance) -> str:
    """Cron ends the run, workers charge the card, the provider answers: then it is a go."""
    page.goto("/console/products")
    run = page.locator("main a[href*='/console/runs/']").first.get_attribute("href")
    assert run
    for _ in range(90):
        page.goto(run)
        if page.locator("form[action$='/production']").count():
            return run
        page.wait_for_timeout(1000)
        house.move_to(house.now() + timedelta(seconds=20))  # sooner than the next minute
    raise AssertionError("the run was no go")


def start_production(page: Page, run: str) -> None:
    page.goto(run)
    page.locator("form[action$='/production'] [type=submit]").click()
    confirm(page)
    expect(page.locator("form[action$='/production']")).to_have_count(0)


def send(page: Page, run: str) -> list[str]:
    """Each order by itself, with a carrier and a number; returns their pages."""
    page.goto(f"/console/orders?run={run.rpartition('/')[2]}")
    found = page.locator("main a[href*='/console/orders/']").evaluate_all(
        "all => [...new Set(all.map(one => one.getAttribute('href')))]"
    )
    assert found
    for number, path in enumerate(found):
        page.goto(path)
        page.fill("form[action$='/parcel'] [name=carrier]", "DHL")
        page.fill("form[action$='/parcel'] [name=tracking_number]", f"JD0146000{number}")
        page.locator("form[action$='/parcel'] [type=submit]").click()
        expect(page.locator("form[action$='/delivery']")).to_be_visible()
    return list(found)


def deliver(page: Page, parcels: Sequence[str]) -> None:
    for path in parcels:
        page.goto(path)
        page.locator("form[action$='/delivery'] [type=submit]").click()
        expect(page.locator("form[action$='/delivery']")).to_have_count(0)


def note_tax_form(page: Page, name: str) -> None:
    page.goto("/console/owed")
    page.get_by_role("link", name=name).first.click()
    page.select_option("[name=status]", "received")
    page.locator("form:has([name=status]) [type=submit]").click()


def pay(page: Page, iban: str) -> None:
    """Draft, approve, export, paid."""
    page.goto("/console/payouts")
    page.locator("form:has([name=pay_on]) [type=submit]").click()
    expect(page).to_have_url(re.compile(r"/console/payouts/\w+$"))
    page.locator("form[action$='/approval'] [type=submit]").click()
    confirm(page)
    with page.expect_download() as exported:
        page.locator("form[action$='/export'] [type=submit]").click()
    lines = Path(exported.value.path()).read_text().splitlines()
    assert len(lines) == 2 and iban.replace(" ", "") in lines[1], "a bank could execute it"
    page.reload()
    page.locator("form[action$='/payments'] [type=submit]").click()
    confirm(page)
    expect(page.locator("form[action$='/payments']")).to_have_count(0)


def confirm(page: Page) -> None:
    """The dialog that asks before what cannot be undone."""
    page.locator("dialog [value=yes]").click()
