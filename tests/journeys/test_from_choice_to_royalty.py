"""From the result to a paid royalty, by hand, on everything real; the clock is moved.

Once with everybody in English; once with designers and buyers in both Chinese scripts, where each
page must say its words in theirs. Who runs the place always speaks English.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.buying import CHENGDU, LISBON, TAINAN, Parcel, order
from tests.journeys.desk import (
    announce,
    choose,
    deliver,
    hire,
    make_product,
    note_tax_form,
    pay,
    send,
    sign_in,
    start_production,
    start_run,
    wait_until_go,
)
from tests.journeys.reading import expect_said, in_words, switch
from tests.journeys.test_from_upload_to_result import (
    PASSWORD,
    approve_next,
    become_operator,
    draw,
    enter_design,
    join,
    make_contest,
    score_with_keys,
    wait_for_result,
)
from tests.servers.chromium import People
from tests.servers.instance import Instance

TITLE = "Fog over the harbour"
IBAN = "PT50 0002 0123 1234 5678 9015 4"
_DAY = timedelta(days=1)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("designers", "buyers"),
    [
        pytest.param("en-GB", [("en-GB", LISBON)], id="en"),
        pytest.param("zh-CN", [("zh-CN", CHENGDU), ("zh-TW", TAINAN)], id="zh"),
    ],
)
def test_from_sign_up_to_a_paid_royalty(
    house: Instance,
    browser: Browser,
    tmp_path: Path,
    designers: str,
    buyers: Sequence[tuple[str, Parcel]],
) -> None:
    staff = People(browser, house.url, locale="en-GB", timezone_id="UTC")
    people = People(browser, house.url, locale=designers, timezone_id="UTC")
    operator, ana = staff.new(), people.new()
    become_operator(operator, house.setup_url)
    hold_contest(house, operator, ana, people, tmp_path)
    finance = hire(operator, staff, "Fay Finance", "finance")

    choose(operator, TITLE)
    accept(ana)
    announce(operator)
    read_receipt(ana)
    make_product(operator)
    closes_at = start_run(operator, house.now())
    orders = []
    for locale, parcel in buyers:
        shoppers = People(browser, house.url, locale=locale, timezone_id="UTC")
        orders.append(order(shoppers.new(), TITLE, parcel))
        staff.complaints.found += shoppers.complaints.found
    earned = f"{4.80 * len(buyers):.2f}"
    expect_pots(ana, Payable="2,000.00")

    house.move_to(closes_at + timedelta(minutes=1))
    run = wait_until_go(operator, house)
    expect_pots(ana, Pending=earned, Payable="2,000.00")
    start_production(operator, run)
    for page in orders:
        expect_no_more_changes(page)
    parcels = send(operator, run)
    expect_pots(ana, Earned=earned, Payable="2,000.00")
    deliver(operator, parcels)
    for page in orders:
        expect_parcel(page)

    house.move_to(payday_after(house.now() + 31 * _DAY))
    house.forget_attempts()
    payable = f"2,{float(earned):06.2f}"
    for page, name in ((ana, "Ana Reis"), (finance, "Fay Finance")):
        sign_in(page, name)
    wait_for_pots(ana, house, payable=payable)
    say_where_to_pay(ana)
    note_tax_form(finance, "Ana Reis")
    pay(finance, IBAN)
    expect_pots(ana, Paid=payable)
    read_statement(ana)
    if designers != "en-GB":
        switch(ana, "zh-Hant")
        read_again(ana, payable)
    assert people.complaints.found + staff.complaints.found == []


def hold_contest(house: Instance, operator: Page, ana: Page, people: People, folder: Path) -> None:
    """Two designs, scored; one place to be given."""
    opens, scores, closes = make_contest(operator, winners="1")
    house.move_to(opens + timedelta(minutes=1))
    ben = people.new()
    for page, name, title in ((ana, "Ana Reis", TITLE), (ben, "Ben Okri", "小城之夜")):
        join(page, name)
        enter_design(page, title, draw(folder / f"{name}.png", title))
    for _ in range(2):
        approve_next(operator)
    house.move_to(scores + timedelta(minutes=1))
    score_with_keys(ana, ["2"])
    score_with_keys(ben, ["5"])
    house.move_to(closes + timedelta(minutes=1))
    wait_for_result(operator)


def accept(page: Page) -> None:
    page.goto("/notices")
    page.locator(".told__one [type=submit]").first.click()
    expect_said(page, "The terms")
    page.check("[name=agreed]")
    page.locator("form:has([name=agreed]) [type=submit]").first.click()
    expect_said(page, "Signed")


def read_receipt(page: Page) -> None:
    """Its own page says where the design came in, and why."""
    page.goto("/my/designs")
    page.locator("main a", has_text=TITLE).first.click()
    page.locator("main a[href$='/receipt']").first.click()
    expect_said(page, "How its stars fell")
    expect(page.locator("main")).to_contain_text("It reads from across the street.")


def expect_no_more_changes(page: Page) -> None:
    page.reload()
    expect(page.locator("form[action$='/sizes']")).to_have_count(0)


def expect_parcel(page: Page) -> None:
    page.reload()
    expect_said(page, "Your parcel")
    expect(page.locator("main")).to_contain_text("JD0146000")


def payday_after(at: datetime) -> datetime:
    """Noon of the next 15th."""
    day = at.date().replace(day=15)
    if day <= at.date():
        day = (day.replace(day=1) + 32 * _DAY).replace(day=15)
    return at.replace(year=day.year, month=day.month, day=day.day, hour=12)


def expect_pots(page: Page, **pots: str) -> None:
    """The designer's page: what is sold, sent, theirs, and on their account; zeros are left out."""
    page.goto("/my/earnings")
    expect(page.locator(".purse__name")).to_have_text([in_words(page, name) for name in pots])
    expect(page.locator(".purse__amount")).to_have_text(list(pots.values()))


def wait_for_pots(page: Page, house: Instance, *, payable: str) -> None:
    """Thirty days after delivery a royalty is payable, once cron has come by."""
    for _ in range(60):
        page.goto("/my/earnings")
        if page.locator(".purse__pot--payable .purse__amount").all_inner_texts() == [payable]:
            return expect_pots(page, Payable=payable)
        page.wait_for_timeout(1000)
        house.move_to(house.now() + timedelta(minutes=5))
    raise AssertionError(page.locator(".purse__pots").inner_text())


def say_where_to_pay(page: Page) -> None:
    page.goto("/settings/payouts")
    page.fill("[name=name]", "Ana Reis")
    page.fill("[name=iban]", IBAN)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=iban]) [type=submit]").click()
    expect_said(page, "In use")
    expect(page.locator("main")).to_contain_text("0154")


def read_statement(page: Page) -> None:
    """The month of the sale is out, and its line can be redone by hand."""
    page.goto("/my/earnings/statements")
    expect_said(page, "Statements")
    page.locator("main a[href$='/USD']").last.click()
    expect_said(page, "From month to month")


def read_again(page: Page, paid: str) -> None:
    """The same pages in the other script."""
    read_receipt(page)
    page.locator("main a[href*='/agreements/']").first.click()
    expect_said(page, "Signed")
    expect_pots(page, Paid=paid)
    read_statement(page)
