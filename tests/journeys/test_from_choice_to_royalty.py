"""From the result to a paid royalty, by hand, on everything real; the clock is moved.

Once with everybody in English; once with designers and buyers in both Chinese scripts, where each
page must say its words in theirs. Who runs the place always speaks English.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from babel.support import Translations
from playwright.sync_api import Browser, Locator, Page, expect

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
from tests.servers.instance import ROOT, Instance

DECISION = "/console/contests/small-cities/decision"
TITLE = "Fog over the harbour"
IBAN = "PT50 0002 0123 1234 5678 9015 4"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DAY = timedelta(days=1)

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Parcel:
    """An address as a buyer types it into the fields of their country."""

    name: str
    country: str
    currency: str
    fields: dict[str, str]


LISBON = Parcel(
    "Rosa Lind",
    "PT",
    "USD",
    {"street_address": "Rua do Ouro 12", "postal_code": "1100-060", "city": "Lisboa"},
)
CHENGDU = Parcel(
    "陈思远",
    "CN",
    "USD",
    {
        "country_area": "四川省",
        "city": "成都市",
        "city_area": "武侯区",
        "street_address": "玉林西路155号",
        "postal_code": "610041",
    },
)
TAINAN = Parcel(
    "林家豪",
    "TW",
    "USD",
    {
        "country_area": "台南市",
        "city": "中西區",
        "street_address": "民生路一段132號",
        "postal_code": "700",
    },
)


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

    choose(operator)
    accept(ana)
    announce(operator)
    read_receipt(ana)
    make_product(operator)
    closes_at = start_run(operator, house.now())
    orders = []
    for locale, parcel in buyers:
        shoppers = People(browser, house.url, locale=locale, timezone_id="UTC")
        orders.append(order(shoppers.new(), parcel))
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
        expect_said(page, "Delivered")

    house.move_to(payday_after(house.now() + 31 * _DAY))
    payable = f"2,{float(earned):06.2f}"
    for page, name in ((ana, "Ana Reis"), (finance, "Fay Finance")):
        sign_in(page, name)
    wait_for_pots(ana, house, payable=payable)
    say_where_to_pay(ana)
    note_tax_form(finance, "Ana Reis")
    pay(finance)
    expect_pots(ana, Paid=payable)
    read_statement(ana)
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


def choose(page: Page) -> None:
    """A place with a reason, a reason for the other, and an offer."""
    page.goto(DECISION)
    page.locator("#ranking tr", has_text=TITLE).locator("a[href*='compare=']").click()
    page.locator("#closer textarea").fill("It reads from across the street.")
    page.locator("#closer form [type=submit]").click()
    expect(page.locator(".places")).to_contain_text("It reads from across the street.")
    page.fill("#reasons [name=note]", "Drawn with care. The first was bolder at arm's length.")
    page.locator("#reasons [type=submit]").click()
    page.locator("form[action$='/decision/agreements'] [type=submit]").click()
    confirm(page)
    expect(page.locator(".place__state")).to_contain_text("offered")


def confirm(page: Page) -> None:
    """The dialog that asks before what cannot be undone."""
    page.locator("dialog [value=yes]").click()


def accept(page: Page) -> None:
    page.goto("/notices")
    page.locator("main a[href*='/agreements/']").first.click()
    expect_said(page, "The terms")
    page.check("[name=agreed]")
    page.locator("form:has([name=agreed]) [type=submit]").first.click()
    expect_said(page, "Signed")


def announce(page: Page) -> None:
    page.goto(DECISION)
    page.locator("form[action$='/announcement'] [type=submit]").click()
    confirm(page)
    expect(page.locator("main")).to_contain_text("It is public")


def read_receipt(page: Page) -> None:
    page.goto("/my/designs")
    page.locator("main a", has_text=TITLE).first.click()
    page.locator("main a[href$='/receipt']").first.click()
    expect_said(page, "How its stars fell")
    expect(page.locator("main")).to_contain_text("It reads from across the street.")


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
    for _ in range(60):  # a worker draws it
        page.locator("form[action$='/publication'] [type=submit]").click()
        if page.locator("a[href$='/runs/new']").count():
            return
        page.wait_for_timeout(500)
        page.reload()
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


def order(page: Page, parcel: Parcel) -> Page:
    """Two pieces, an address, a look, a card; the page of the order stays open."""
    page.goto("/products")
    page.locator("main a[href*='/products/']", has_text=TITLE).first.click()
    page.locator("[data-piece] input").first.fill("2")
    expect_said(page, "Pre-order")
    page.locator(".product__order [type=submit]").click()
    page.select_option("[name=country_code]", parcel.country)
    expect(page).to_have_url(re.compile(f"country_code={parcel.country}"))
    if page.input_value("select[name=currency]") != parcel.currency:
        page.select_option("select[name=currency]", parcel.currency)
        expect(page).to_have_url(re.compile(f"currency={parcel.currency}"))
    page.fill("[name=name]", parcel.name)
    for name, value in parcel.fields.items():
        fill_or_choose(page.locator(f"main [name={name}]"), value)
    page.fill("main [name=email]", f"{parcel.country.lower()}@example.org")
    expect_said(page, "Your pre-order")
    page.locator("form[method=post]:has([name=key]) .form__actions [type=submit]").click()
    expect_said(page, "A last look")
    expect(page.locator("main")).to_contain_text("48")
    page.locator("form[action$='/cards'] [type=submit]").click()
    expect_said(page, "Test cards")
    page.locator("[name=kind][value=succeeds]").click()
    expect(page).to_have_url(re.compile(r"/orders/\w+$"), timeout=60_000)  # the bank's word came
    expect_said(page, "Another size?")
    return page


def fill_or_choose(field: Locator, value: str) -> None:
    """Provinces are lists whose labels are in the reader's script or in Latin letters."""
    if field.evaluate("one => one.tagName") == "SELECT":
        values = field.locator("option").evaluate_all("all => all.map(one => one.value)")
        field.select_option(value if value in values else values[1])
    else:
        field.fill(value)


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


def expect_no_more_changes(page: Page) -> None:
    page.reload()
    expect(page.locator("form[action$='/sizes']")).to_have_count(0)


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


def note_tax_form(page: Page, name: str) -> None:
    page.goto("/console/owed")
    page.get_by_role("link", name=name).first.click()
    page.select_option("[name=status]", "received")
    page.locator("form:has([name=status]) [type=submit]").click()


def pay(page: Page) -> None:
    """Draft, approve, export, paid."""
    page.goto("/console/payouts")
    page.locator("form:has([name=pay_on]) [type=submit]").click()
    expect(page).to_have_url(re.compile(r"/console/payouts/\w+$"))
    page.locator("form[action$='/approval'] [type=submit]").click()
    confirm(page)
    with page.expect_download() as exported:
        page.locator("form[action$='/export'] [type=submit]").click()
    lines = Path(exported.value.path()).read_text().splitlines()
    assert len(lines) == 2 and IBAN.replace(" ", "") in lines[1], "a bank could execute it"
    page.reload()
    page.locator("form[action$='/payments'] [type=submit]").click()
    confirm(page)
    expect(page.locator("form[action$='/payments']")).to_have_count(0)


def read_statement(page: Page) -> None:
    """The month of the sale is out, and its line can be redone by hand."""
    page.goto("/my/earnings/statements")
    expect_said(page, "Statements")
    page.locator("main a[href$='/USD']").last.click()
    expect_said(page, "From month to month")


def expect_said(page: Page, english: str) -> None:
    """The page says this, in its own language."""
    expect(page.locator("main")).to_contain_text(in_words(page, english))


def in_words(page: Page, english: str) -> str:
    """The text in the page's language; Chinese in Chinese characters."""
    tag = page.locator("html").get_attribute("lang") or ""
    if tag == "en":
        return english
    folder = ROOT / "ideation" / "translations"
    words = Translations.load(folder, [tag.replace("-", "_")], "messages").gettext(english)
    assert _HAN.search(words), f"“{english}” is not translated"
    return words
