"""What there is to look at in a demo instance: who sees which page, found by its links.

Nothing here reads the database: a page that no link leads to is a dead end, and is missed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from tests.servers.chromium import People
from tests.servers.instance import Instance

PASSWORD = "harbour lamps at half past five"  # noqa: S105  # of an instance that is gone in a minute
#: Pages that somebody signed in never sees; taken last.
SIGNED_OUT = {"join", "sign-in", "welcome"}


@dataclass(frozen=True)
class Viewer:
    """Somebody signed in: their session, and the pages that they see, name → path."""

    state: Any
    pages: Mapping[str, str]

    def narrowed_to(self, beginnings: Sequence[str]) -> "Viewer":
        """The same person with fewer pages, what only a visitor sees last."""
        names = [one for one in self.pages if one.startswith(tuple(beginnings) or "")]
        names.sort(key=lambda one: one in SIGNED_OUT)
        return Viewer(self.state, {name: self.pages[name] for name in names})


def find_viewers(browser: Browser, house: Instance) -> list[Viewer]:
    """Everybody whose pages are wanted; the operator last, whose session ends with each guise."""
    operator = People(browser, house.url, locale="en-GB").new()
    if house.setup_url:
        become_operator(operator, house.setup_url)
    #: How each is found: the words beside the first of them, in `Be somebody else`.
    guises: list[tuple[str, Callable[[Page], dict[str, str]]]] = [
        ("Designed something", find_earnings),
        ("Bought something", find_orders),
        ("Sees the money", find_payouts),
        ("Chooses winners", find_decisions),
    ]
    viewers = []
    for words, find in guises:
        page = _guise(browser, house, words=words)
        viewers.append(Viewer(page.context.storage_state(), find(page)))
    viewers += _under_review(browser, house, viewers[-1])
    _sign_in(operator)
    return [*viewers, Viewer(operator.context.storage_state(), find_pages(operator))]


def find_pages(page: Page) -> dict[str, str]:
    """What everybody sees, and the operator's part of the console."""
    found = {
        "home": "/",
        "contests": "/contests",
        "how": "/how-winners-are-found",
        "join": "/join",
        "sign-in": "/sign-in",
        "welcome": "/score",
        "notices": "/notices",
        "profile": "/settings/profile",
        "preferences": "/settings/notices",
        "log": "/moderation",
        "shop": "/products",
        "terms": "/terms",
        "stub": "/stubs",
        "stub-unknown": "/stubs?stub=7KQM-2D9T-XW4C",
        "not-found": "/contests/nowhere",
        "console": "/console/",
        "moderation": "/console/moderation",
        "console-contests": "/console/contests",
        "console-products": "/console/products",
        "console-orders": "/console/orders",
        "claims": "/console/claims",
        "networks": "/console/networks",
        "shipping": "/console/shipping",
        "series": "/console/series",
        "series-new": "/console/series/new",
        "contest-new": "/console/contests/new",
        "members": "/console/members",
        "trail": "/console/audit",
        "inbox": "/console/inbox",
        "jobs": "/console/jobs",
        "guises": "/console/demo",
        "look": "/console/branding",
        "styleguide": "/styleguide",
        "winners": "/winners",
        "search": "/search?q=bus",
    }
    found |= _linked(page, "/", design=r"^/designs/\w+$", deck=r"^/contests/[^/]+/score$")
    found |= _linked(page, "/contests", contest=r"^/contests/[^/]+$")
    found |= _linked(page, "/contests", results=r"^/contests/[^/]+/results$")
    found |= _linked(page, "/", entry=r"/submissions/new$")
    found |= _linked(page, found["contest"], entries=r"/entries$")
    found |= _linked(
        page, found["results"], proof=r"^/contests/[^/]+/proof$", won=r"^/designs/\w+$"
    )
    found["sealed"] = found["contest"] + "/proof"
    found |= _linked(page, found["design"], member=r"^/members/[^/]+$", claim=r"/claim$")
    found |= _linked(page, "/products", product=r"^/products/[^/?]+$")
    found |= _linked(
        page, "/console/contests", **{"console-contest": r"/console/contests/(?!new)[^/]+$"}
    )
    found |= _linked(page, "/console/members", **{"console-member": r"/console/members/[^/]+$"})
    made = {"console-product": r"/console/products/(?!new)[^/]+$", "run": r"/console/runs/\w+$"}
    found |= _linked(page, "/console/products", **made)
    return found | _linked(page, "/console/inbox", mail=r"/console/inbox/\d+$")


def find_earnings(page: Page) -> dict[str, str]:
    """What somebody sees whose design is sold, and who votes as well."""
    found = {"earnings": "/my/earnings", "statements": "/my/earnings/statements"}
    found |= {"payout-details": "/settings/payouts", "my-designs": "/my/designs"}
    found |= _linked(page, "/my/earnings/statements", statement=r"^/my/earnings/\d+-\d+/[A-Z]+$")
    links = {"receipt": r"^/designs/\w+/receipt$", "agreement": r"^/agreements/\w+$"}
    found |= _linked(page, "/my/designs", **links)
    closed = _linked(page, "/contests", results=r"^/contests/[^/]+/results$")["results"]
    found["my-votes"] = closed.replace("/results", "/my-votes")
    return found | _linked(page, found["my-votes"], stubs=r"/my-votes/stubs$")


def find_orders(page: Page) -> dict[str, str]:
    """What a buyer sees; one more order is placed, to look at it before its card."""
    found = {"orders": "/my/orders", "favourites": "/my/favourites"}
    found |= _linked(page, "/my/orders", order=r"^/orders/\w+$")
    found |= _linked(page, found["order"], invoice=r"/invoice/\d+$")
    product = _linked(page, "/products", product=r"^/products/[^/?]+$")["product"]
    page.goto(product)
    page.locator("[data-piece] input").first.fill("2")
    page.locator(".product__order [type=submit]").click()
    found["checkout"] = _path(page)
    page.locator("form[method=post]:has([name=key]) .form__actions [type=submit]").click()
    page.wait_for_url("**/review")
    found["review"] = _path(page)
    page.locator(".till__sum form [type=submit], .form__actions [type=submit]").first.click()
    page.wait_for_url("**/sandbox/**")
    return found | {"card": _path(page)}


def find_payouts(page: Page) -> dict[str, str]:
    """What finance sees."""
    found = {
        "owed": "/console/owed",
        "payouts": "/console/payouts",
        "payments": "/console/payments",
    }
    found |= _linked(page, "/console/owed", **{"owed-member": r"/console/owed/[^/]+$"})
    found |= _linked(page, "/console/orders", **{"console-order": r"/console/orders/\w+$"})
    return found | _linked(page, "/console/payouts", **{"payout-batch": r"/console/payouts/\w+$"})


def find_decisions(page: Page) -> dict[str, str]:
    """What a product manager sees: deciding, who voted together, the count done again, parcels."""
    found = {"logs": "/console/proof"} | _linked(page, "/console/", decision=r"/decision$")
    contest = found["decision"].removesuffix("/decision")
    buttons = {"integrity": r"/integrity$", "console-proof": r"/contests/[^/]+/proof$"}
    found |= _linked(page, contest, **buttons)
    found |= _linked(page, found["integrity"] + "?which=all", case=r"/integrity/\w+$")
    found |= _linked(page, found["console-proof"], replay=r"/replay")
    run = _linked(page, "/console/products", run=r"/console/runs/\w+$")["run"]
    orders = _linked(page, run, orders=r"/console/orders\?run=")["orders"]
    return found | _linked(page, orders, parcels=r"/console/runs/\w+/orders$")


def _under_review(browser: Browser, house: Instance, manager: Viewer) -> list[Viewer]:
    """Somebody whose votes were set aside, who was told and may appeal."""
    if "case" not in manager.pages:
        return []
    page = browser.new_context(base_url=house.url, storage_state=manager.state).new_page()
    voter = _linked(page, manager.pages["case"], voter=r"^/members/[^/]+$")["voter"]
    page = _guise(browser, house, handle=voter.removeprefix("/members/"))
    page.goto("/notices?show=voting")
    page.locator(".told__one form [type=submit]").first.click()  # reads it, and leads there
    page.wait_for_url("**/reviews/*")
    return [Viewer(page.context.storage_state(), {"votes-under-review": _path(page)})]


def _linked(page: Page, path: str, **wanted: str) -> dict[str, str]:
    """Name → the first link of a page that looks as wanted; missing where none does."""
    page.goto(path)
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    found = {
        name: next((link for link in links if link and re.search(pattern, link)), None)
        for name, pattern in wanted.items()
    }
    return {name: link for name, link in found.items() if link}


def _guise(browser: Browser, house: Instance, *, words: str = "", handle: str = "") -> Page:
    """A browser in which the operator became one of the cast, by what they do or by name."""
    page = People(browser, house.url, locale="en-GB").new()
    _sign_in(page)
    page.goto("/console/demo")
    row = page.locator(".guises li", has_text=words).first
    if handle:  # the list shows a few of each kind; anybody of the cast may be visited
        action = f"one => {{ one.action = '/console/demo/visits/{handle}' }}"
        row.locator("form").evaluate(action)
    row.locator("[type=submit]").click()
    page.wait_for_url(lambda url: "/console/demo" not in url)
    return page


def _path(page: Page) -> str:
    return str(page.evaluate("location.pathname + location.search"))


def become_operator(page: Page, setup_url: str) -> None:
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
