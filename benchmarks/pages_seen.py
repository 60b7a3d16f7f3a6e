"""Pages as phones see them: a slow processor on a slow network, by the browser's own timings.

A demo instance answers; each page is opened with an empty cache, then touched. The network is
Chrome's *Slow 4G*: 562 ms before anything comes, then 1.44 Mbit/s. There are two phones, those of
Chrome's developer tools, told by the index that Lighthouse measures (how often a second a string
of 10,000 letters is put together, in tens): 1,000 for one of the middle, such as a Pixel 5, and 264
for a slow one, such as a Moto G Power of 2022. How much slower than this machine that is, is
measured first; what is busy beside us makes both slower still.

Budgets are the floor, so a ratio of at most 1.00 keeps them. First comes the bare page
(``pages_floor``): what it takes, no page of ours can do without.
"""

import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Locator, Page

from benchmarks import pages_floor
from benchmarks.figures import Figure
from ideation.http import sheets
from tests.servers import chromium, instance
from tests.servers.chromium import People
from tools import sights

#: Index of a phone by its name.
PHONES = {"": 1000, ", slow phone": 264}
SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_440_000 / 8,
    "uploadThroughput": 675_000 / 8,
}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
PAGES = ("home", "contest", "entries", "design", "deck", "results", "product", "join")
GALLERIES = {"entries", "home"}
#: Between what people do, milliseconds.
_BREATH = 400
#: Looks at a page so often; what counts is the worst of layout, the median of time.
LOOKS = 3
_BUDGET = "its budget"
_INDEX = """() => {
  const end = performance.now() + 500;
  let strings = 0;
  for (; performance.now() < end; strings += 1) {
    let string = "";
    while (string.length < 10000) string += "a";
    if (string.length === 1) break; // or the engine would leave it all out
  }
  return strings / 0.5 / 10;
}"""
_NOTED = """() => {
  window.seen = { lcp: 0, cls: 0, inp: 0 };
  const watch = (type, note, more = {}) => new PerformanceObserver((list) =>
    list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (one) => { seen.lcp = one.startTime; });
  watch("layout-shift", (one) => { if (!one.hadRecentInput) seen.cls += one.value; });
  watch("event", (one) => { if (one.interactionId) seen.inp = Math.max(seen.inp, one.duration); },
    { durationThreshold: 16 });
}"""


@dataclass
class Visit:
    """What one look at a page cost."""

    lcp: float = 0.0
    inp: float = 0.0
    cls: float = 0.0
    byte_count: float = 0.0
    script_bytes: float = 0.0
    requests: int = 0
    #: Kind of each file by the browser's number of its request.
    kinds: dict[str, str] = field(default_factory=dict)


def measure() -> Iterator[Figure]:
    """Six figures a page, each against its budget."""
    with (
        tempfile.TemporaryDirectory() as folder,
        instance.running(Path(folder), demo=True) as house,
        chromium.running() as browser,
    ):
        operator = People(browser, house.url, locale="en-GB").new()
        sights.become_operator(operator, house.setup_url)
        found = sights.find_pages(operator)
        state = _cookies(operator)
        index = _index(operator)
        yield Figure("index of this machine", index, PHONES[""], "a phone of the middle", unit="")
        for phone, theirs in PHONES.items():
            slower = max(1.0, index / theirs)
            with pages_floor.bare() as url:
                bare = [_visit(browser, url, "/", None, slower) for _ in range(LOOKS)]
            yield from _times(f"bare page{phone}", bare)
            for name in PAGES:
                whose = None if name == "join" else state
                visits = [
                    _visit(browser, house.url, found[name], whose, slower) for _ in range(LOOKS)
                ]
                yield from _times(f"{name}{phone}", visits)
                if not phone:
                    yield from _sizes(name, visits)


def _cookies(operator: Page) -> Any:
    """Of somebody signed in whose cache is empty: what says that it holds the sheets is gone."""
    state = operator.context.storage_state()
    kept = [each for each in state["cookies"] if each.get("name") != sheets.COOKIE]
    return {**state, "cookies": kept}


def _index(page: Page) -> float:
    """The better half of some tries: what disturbs only takes away."""
    found: list[float] = sorted(page.evaluate(_INDEX) for _ in range(5))
    return statistics.median(found[2:])


def _sizes(name: str, visits: list[Visit]) -> Iterator[Figure]:
    weight = 800.0 if name in GALLERIES else 500.0
    yield Figure(f"{name} CLS", max(v.cls for v in visits), 0.01, _BUDGET, unit="")
    first = visits[0]
    yield Figure(f"{name} weight", first.byte_count / 1000, weight, _BUDGET, unit="kB")
    yield Figure(f"{name} requests", first.requests, 25, _BUDGET, unit="")
    yield Figure(f"{name} JavaScript", first.script_bytes / 1000, 80, _BUDGET, unit="kB")


def _times(name: str, visits: list[Visit]) -> Iterator[Figure]:
    middle = LOOKS // 2
    yield Figure(f"{name} LCP", sorted(v.lcp for v in visits)[middle], 1800, _BUDGET)
    yield Figure(f"{name} INP", sorted(v.inp for v in visits)[middle], 100, _BUDGET)


def _visit(browser: Browser, url: str, path: str, state: Any, slower: float) -> Visit:
    context = browser.new_context(base_url=url, storage_state=state, **PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(f"({_NOTED})()")
    session = context.new_cdp_session(page)
    visit = Visit()
    _weigh(session, visit)
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(path, wait_until="load")
    page.wait_for_timeout(1500)
    _touch(page)
    seen = page.evaluate("window.seen")
    visit.lcp, visit.cls, visit.inp = seen["lcp"], seen["cls"], seen["inp"]
    context.close()
    return visit


def _weigh(session: CDPSession, visit: Visit) -> None:
    def answered(event: dict[str, Any]) -> None:
        if event["response"]["url"].startswith("http"):
            visit.kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        kind = visit.kinds.get(event["requestId"])
        if kind is None:
            return
        visit.requests += 1
        visit.byte_count += event["encodedDataLength"]
        visit.script_bytes += event["encodedDataLength"] if kind == "Script" else 0

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")


def _touch(page: Page) -> None:
    """What everybody does: go on by keys, open a menu and close it, give stars or tap a word."""
    for _ in range(2):
        page.keyboard.press("Tab")
        page.wait_for_timeout(_BREATH)
    menu = page.locator("header summary:visible").first
    if menu.count():
        _tap(page, menu)
        _tap(page, menu)
    star = page.locator(".deck .star:visible").nth(3)
    word = page.locator("main :is(h1, h2, p):visible").first
    _tap(page, star if star.count() else word)


def _tap(page: Page, target: Locator) -> None:
    """A finger and nothing else: Playwright's own ``tap`` runs checks inside the page meanwhile."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None, target
    page.wait_for_timeout(_BREATH)
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(_BREATH)
