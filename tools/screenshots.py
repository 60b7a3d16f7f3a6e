"""Pictures of the main pages: phone and laptop, light and dark, three languages → screenshots/.

Fills a demo instance in a temporary folder and looks at it as its operator, and as a designer, a
buyer and finance, whom the operator becomes. Names say what is seen:
`contest-phone-dark-zh-Hans.png`. With arguments, only pages whose name is given.
"""

import itertools
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.servers import chromium, instance
from tests.servers.chromium import People
from tests.servers.instance import Instance

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "screenshots"
WIDTHS = {"phone": (390, 844), "laptop": (1280, 800)}
#: Pages that somebody signed in never sees; taken last.
SIGNED_OUT = {"join"}
SCHEMES = ("light", "dark")
LOCALES = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
PASSWORD = "harbour lamps at half past five"  # noqa: S105  # of an instance that is gone in a minute

OPERATOR, DESIGNER, BUYER, FINANCE = "operator", "designer", "buyer", "finance"
#: Who the operator becomes: the words beside the first of them, in `Be somebody else`.
_GUISES = {DESIGNER: "Designed something", BUYER: "Bought something", FINANCE: "Sees the money"}


@dataclass(frozen=True)
class Viewer:
    """Somebody signed in: their session, and the pages that they see, name → path."""

    state: Any
    pages: Mapping[str, str]


def main() -> None:
    """Take them all, or those named."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        instance.running(Path(folder), demo=True) as house,
        chromium.running() as browser,
    ):
        viewers = find_viewers(browser, house)
        for viewer in viewers:
            for looks in itertools.product(WIDTHS, SCHEMES, LOCALES):
                _take(browser, house, viewer, *looks)
    print(f"{sum(len(one.pages) for one in viewers)} pages × 12 in {FOLDER.name}/")  # noqa: T201


def find_viewers(browser: Browser, house: Instance) -> list[Viewer]:
    """Everybody whose pages are wanted; the operator last, whose session ends with each guise."""
    people = People(browser, house.url, locale="en-GB")
    operator = people.new()
    if house.setup_url:
        _become_operator(operator, house.setup_url)
    finders = {DESIGNER: find_earnings, BUYER: find_orders, FINANCE: find_payouts}
    viewers = []
    for who, find in finders.items():
        page = people.new()
        _sign_in(page)
        page.goto("/console/demo")
        page.locator("tr", has_text=_GUISES[who]).first.locator("[type=submit]").click()
        page.wait_for_url(lambda url: "/console/demo" not in url)
        viewers.append(_viewer(page, find(page)))
    _sign_in(operator)
    viewers.append(_viewer(operator, find_pages(operator)))
    return [one for one in viewers if one.pages]


def find_pages(page: Page) -> dict[str, str]:
    """Name → path of each page worth a look; what has no fixed address is found by its links."""
    found = {
        "home": "/",
        "contests": "/contests",
        "how": "/how-winners-are-found",
        "join": "/join",
        "notices": "/notices",
        "profile": "/settings/profile",
        "log": "/moderation",
        "shop": "/products",
        "console": "/console/",
        "moderation": "/console/moderation",
        "console-contests": "/console/contests",
        "console-products": "/console/products",
        "console-orders": "/console/orders",
        "series-new": "/console/series/new",
        "members": "/console/members",
    }
    found |= _linked(page, "/", {"design": r"^/designs/\w+$", "deck": r"^/contests/[^/]+/score$"})
    found |= _linked(page, "/contests", {"contest": r"^/contests/[^/]+$"})
    found |= _linked(page, "/contests", {"results": r"^/contests/[^/]+/results$"})
    found |= _linked(
        page, found["contest"], {"entries": r"/entries$", "entry": r"/submissions/new$"}
    )
    found |= _linked(page, found.get("design", "/"), {"member": r"^/members/[^/]+$"})
    found |= _linked(page, "/products", {"product": r"^/products/[^/?]+$"})
    found |= _linked(page, "/console/", {"decision": r"/decision$"})
    found |= _linked(
        page,
        "/console/products",
        {"console-product": r"/console/products/(?!new)[^/]+$", "run": r"/console/runs/\w+$"},
    )
    return found | _linked(page, "/console/orders", {"console-order": r"/console/orders/\w+$"})


def find_earnings(page: Page) -> dict[str, str]:
    """What somebody sees whose design is sold."""
    found = {"earnings": "/my/earnings", "payout-details": "/settings/payouts"}
    statement = {"statement": r"^/my/earnings/\d+-\d+/[A-Z]+$"}
    found |= _linked(page, "/my/earnings/statements", statement)
    found |= _linked(page, "/my/designs", {"receipt": r"^/designs/\w+/receipt$"})
    return found | _linked(page, found["receipt"], {"agreement": r"^/agreements/\w+$"})


def find_orders(page: Page) -> dict[str, str]:
    """What a buyer sees; one more order is placed, to look at it before its card."""
    found = {"orders": "/my/orders"}
    found |= _linked(page, "/my/orders", {"order": r"^/orders/\w+$"})
    found |= _linked(page, "/products", {"product": r"^/products/[^/?]+$"})
    page.goto(found.pop("product"))
    page.locator("[data-piece] input").first.fill("2")
    page.locator(".product__order [type=submit]").click()
    found["checkout"] = page.url.removeprefix(_origin(page))
    page.locator("form[method=post]:has([name=key]) .form__actions [type=submit]").click()
    page.wait_for_url("**/review")
    return found | {"review": page.url.removeprefix(_origin(page))}


def find_payouts(page: Page) -> dict[str, str]:
    """What finance sees."""
    found = {"owed": "/console/owed", "payouts": "/console/payouts"}
    return found | _linked(page, "/console/payouts", {"payout-batch": r"/console/payouts/\w+$"})


def _viewer(page: Page, pages: Mapping[str, str]) -> Viewer:
    wanted = sys.argv[1:]
    named = {name: path for name, path in pages.items() if not wanted or name in wanted}
    return Viewer(page.context.storage_state(), named)


def _linked(page: Page, path: str, wanted: dict[str, str]) -> dict[str, str]:
    page.goto(path)
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return {
        name: next(link for link in links if link and re.search(pattern, link))
        for name, pattern in wanted.items()
        if any(link and re.search(pattern, link) for link in links)
    }


def _take(
    browser: Browser, house: Instance, viewer: Viewer, width: str, scheme: str, language: str
) -> None:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(
        base_url=house.url,
        viewport=size,
        color_scheme=scheme,
        locale=LOCALES[language],
        storage_state=viewer.state,
    )
    page = context.new_page()
    page.goto("/")
    with page.expect_navigation():
        page.locator(f'[name=locale][value="{language}"]').first.evaluate("one => one.click()")
    for name, path in sorted(viewer.pages.items(), key=lambda one: one[0] in SIGNED_OUT):
        if name in SIGNED_OUT:
            context.clear_cookies(name="ideation")
        page.goto(path)
        page.evaluate("document.querySelectorAll('img').forEach(one => { one.loading = 'eager' })")
        # Not wait_for_function: it evaluates in the page, where the policy allows no eval.
        page.evaluate("Promise.all([...document.images].map(one => one.decode().catch(() => 0)))")
        page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}-{language}.png", full_page=True)
    context.close()


def _origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def _become_operator(page: Page, setup_url: str) -> None:
    page.goto(setup_url)
    page.fill("[name=name]", "Olga")
    page.fill("[name=email]", "olga@example.org")
    page.fill("[name=password]", PASSWORD)
    page.check("[name=agree]")
    page.click(".form__actions [type=submit]")
    page.wait_for_url(lambda url: "/setup/" not in url)


def _sign_in(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.fill("[name=email]", "olga@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click(".form__actions [type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


if __name__ == "__main__":
    main()
