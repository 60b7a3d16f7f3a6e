"""Pictures of the main pages: phone and laptop, light and dark, three languages → screenshots/.

Fills a demo instance in a temporary folder and looks at it as its operator. Names say what is
seen: `contest-phone-dark-zh-Hans.png`. With arguments, only pages whose name is given.
"""

import itertools
import re
import sys
import tempfile
from pathlib import Path

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


def main() -> None:
    """Take them all, or those named."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        instance.running(Path(folder), demo=True) as house,
        chromium.running() as browser,
    ):
        operator = People(browser, house.url).new()
        if house.setup_url:
            _become_operator(operator, house.setup_url)
        state = operator.context.storage_state()
        pages = {
            name: path
            for name, path in find_pages(operator).items()
            if len(sys.argv) == 1 or name in sys.argv[1:]
        }
        for looks in itertools.product(WIDTHS, SCHEMES, LOCALES):
            _take(browser, house, pages, state, *looks)
    print(f"{len(pages)} pages × 12 in {FOLDER.name}/")  # noqa: T201


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
        "console": "/console/",
        "moderation": "/console/moderation",
        "console-contests": "/console/contests",
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
    return found


def _linked(page: Page, path: str, wanted: dict[str, str]) -> dict[str, str]:
    page.goto(path)
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return {
        name: next(link for link in links if link and re.search(pattern, link))
        for name, pattern in wanted.items()
        if any(link and re.search(pattern, link) for link in links)
    }


def _take(
    browser: Browser,
    house: Instance,
    pages: dict[str, str],
    state: object,
    width: str,
    scheme: str,
    language: str,
) -> None:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(
        base_url=house.url,
        viewport=size,
        color_scheme=scheme,
        locale=LOCALES[language],
        storage_state=state,
    )
    page = context.new_page()
    page.goto("/")
    with page.expect_navigation():
        page.locator(f'[name=locale][value="{language}"]').first.evaluate("one => one.click()")
    for name, path in sorted(pages.items(), key=lambda one: one[0] in SIGNED_OUT):
        if name in SIGNED_OUT:
            context.clear_cookies(name="ideation")
        page.goto(path)
        page.evaluate("document.querySelectorAll('img').forEach(one => { one.loading = 'eager' })")
        # Not wait_for_function: it evaluates in the page, where the policy allows no eval.
        page.evaluate("Promise.all([...document.images].map(one => one.decode().catch(() => 0)))")
        page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}-{language}.png", full_page=True)
    context.close()


def _become_operator(page: Page, setup_url: str) -> None:
    page.goto(setup_url)
    page.fill("[name=name]", "Olga")
    page.fill("[name=email]", "olga@example.org")
    page.fill("[name=password]", "harbour lamps at half past five")
    page.check("[name=agree]")
    page.click(".form__actions [type=submit]")
    page.wait_for_url(lambda url: "/setup/" not in url)


if __name__ == "__main__":
    main()
