"""A guest who orders, by hand."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.reading import expect_said


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


def order(page: Page, title: str, parcel: Parcel) -> Page:
    """Two pieces, an address, a look, a card; the page of the order stays open."""
    page.goto("/products")
    page.locator("main a[href*='/products/']", has_text=title).first.click()
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
