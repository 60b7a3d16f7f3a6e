"""A page in Chromium, looked at by axe and by a few rules of our own."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
THEMES = ("light", "dark")
#: A phone, a laptop, and a laptop at 400 %.
WIDTHS = (390, 1280, 320)
ZOOMED = 320

_AXE = """async () => {
  const { violations } = await axe.run(document, {
    resultTypes: ["violations"], preload: false, rules: { "target-size": { enabled: true } },
  });
  return violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id}: ${node.target.join(" ")} ${node.failureSummary.split("\\n")[1] ?? ""}`));
}"""
#: What sticks out to the right where only up and down should scroll, and what moves all the same.
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter((one) => one.getBoundingClientRect().right > width + 1 && !one.closest(".table-wrap"))
    .slice(0, 3).map((one) =>
      `too wide: ${one.tagName} .${one.className} ${one.textContent.trim().slice(0, 40)}`)
    .concat("scrolls sideways");
}"""
_MOVES = """() => document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().activeDuration > 20)
  .map((one) => `moves: ${one.animationName ?? one.transitionProperty}`)"""
#: Budgets of what every page brings itself, in files and bytes. Pictures are the community's: how
#: many of them a screen shows, ``python -m benchmarks pages`` counts.
_HEAVY = """() => {
  const files = ["resource", "navigation"].flatMap((kind) => performance.getEntriesByType(kind))
    .filter((one) => !one.name.includes("/media/"));
  const sum = (all) => all.reduce((total, one) => total + one.decodedBodySize, 0);
  const scripts = sum(files.filter((one) => one.name.endsWith(".js")));
  return [
    files.length > 25 && `requests without pictures: ${files.length}`,
    scripts > 80_000 && `JavaScript: ${scripts} bytes`,
    sum(files) > 400_000 && `weight without pictures: ${sum(files)} bytes`,
  ].filter(Boolean);
}"""


@dataclass(frozen=True)
class Look:
    """How somebody sees the site."""

    language: str
    theme: str
    width: int


def looks() -> list[Look]:
    """Nine in which each pair of language, theme and width occurs."""
    return [
        Look(language, THEMES[(i + j) % 2], width)
        for (i, language), (j, width) in itertools.product(enumerate(LANGUAGES), enumerate(WIDTHS))
    ]


def open_eyes(browser: Browser, url: str, look: Look, cookie: str | None) -> BrowserContext:
    """Somebody's browser: signed in where a session is given."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": look.width, "height": 800},
        color_scheme=look.theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale={"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}[look.language],
    )
    if cookie:
        context.add_cookies([{"name": "ideation", "value": cookie, "url": url}])
    context.set_default_timeout(90_000)
    context.add_init_script(AXE_SCRIPT)
    return context


def complaints(page: Page, address: str) -> Iterator[str]:
    """Everything that is wrong with a page at one address."""
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        yield f"answered {answer.status if answer else 'nothing'}"
        return
    yield from _told(page.evaluate(_AXE))
    yield from _told(page.evaluate(_MOVES))
    yield from _told(page.evaluate(_HEAVY))
    width = page.viewport_size
    if width and width["width"] != ZOOMED:
        page.set_viewport_size({"width": ZOOMED, "height": 256})
    yield from _told(page.evaluate(_TOO_WIDE))
    if width and width["width"] != ZOOMED:
        page.set_viewport_size(width)


def _told(found: Any) -> Iterable[str]:
    return [str(one) for one in found]
