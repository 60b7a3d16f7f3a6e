"""Pictures of the pages: phone and laptop, light and dark, three languages → screenshots/.

Fills a demo instance in a temporary folder and looks at it as those would who are in it. Names say
what is seen: `contest-phone-dark-zh-Hans.png`. Each page is taken four times, so that each width,
theme and language is seen of it; with `--all`, in all twelve. With other arguments, only pages
whose name begins with one of them.
"""

import argparse
import itertools
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.servers import chromium, instance
from tests.servers.instance import Instance
from tools import sights
from tools.sights import Viewer

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
WIDTHS = {"phone": (390, 844), "laptop": (1280, 800)}
SCHEMES = ("light", "dark")
LOCALES = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
#: Those below the fold are fetched and painted as well, though nobody scrolls there: at once, not
#: when there is time, since a busy machine has none before the picture is taken.
_PICTURES = """Promise.all([...document.images].map(async (one) => {
  one.loading = "eager";
  one.decoding = "sync";
  one.closest(".print")?.style.setProperty("content-visibility", "visible");
  if (!one.complete) await new Promise((done) => { one.onload = one.onerror = done; });
  await one.decode().catch(() => 0);
}))"""
#: Width, theme and language: each value of each is in it.
Look = tuple[str, str, str]
SPREAD: tuple[Look, ...] = (
    ("phone", "light", "en"),
    ("phone", "dark", "zh-Hans"),
    ("laptop", "light", "zh-Hant"),
    ("laptop", "dark", "en"),
)


def main() -> None:
    """Take them all, or those named."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots")
    parser.add_argument("pages", nargs="*", help="how the names of those wanted begin")
    parser.add_argument("--all", action="store_true", help="every width, theme and language")
    options = parser.parse_args()
    looks = itertools.product(WIDTHS, SCHEMES, LOCALES) if options.all else SPREAD
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        instance.running(Path(folder), demo=True) as house,
        chromium.running() as browser,
    ):
        taken = sum(1 for _ in take(browser, house, looks, options.pages, FOLDER))
    print(f"{taken} pictures in {FOLDER.name}/")  # noqa: T201


def take(
    browser: Browser, house: Instance, looks: Iterable[Look], wanted: list[str], folder: Path
) -> Iterator[Path]:
    """One picture after the other of what somebody sees in the house."""
    viewers = [one.narrowed_to(wanted) for one in sights.find_viewers(browser, house)]
    for look, viewer in itertools.product(looks, viewers):
        context = _open(browser, house, viewer, look)
        page = context.new_page()
        for name, path in viewer.pages.items():
            if name in sights.SIGNED_OUT:
                context.clear_cookies(name="ideation")
            _show(page, path)
            file = folder / f"{'-'.join((name, *look))}.png"
            page.screenshot(path=file, full_page=True)
            yield file
        context.close()


def _open(browser: Browser, house: Instance, viewer: Viewer, look: Look) -> BrowserContext:
    width, scheme, language = look
    context = browser.new_context(
        base_url=house.url,
        viewport=dict(zip(("width", "height"), WIDTHS[width], strict=True)),
        color_scheme=scheme,
        locale=LOCALES[language],
        storage_state=viewer.state,
    )
    page = context.new_page()
    page.goto("/")
    with page.expect_navigation():
        page.locator(f'[name=locale][value="{language}"]').first.evaluate("one => one.click()")
    page.close()
    return context


def _show(page: Page, path: str) -> None:
    """Open a page and wait for its pictures, those below the fold too."""
    answer = page.goto(path)
    assert answer is not None and answer.status < 500, f"{path} is broken"
    # Not wait_for_function: it evaluates in the page, where the policy allows no eval.
    page.evaluate(_PICTURES)


if __name__ == "__main__":
    main()
