"""How long after a key the next design is on the screen, and how fast a script can score a deck.

Measured is the real page in Chromium, on a server as in production: from the instant that the
browser gives the key to the end of the frame that shows the next design with its whole picture.
The floor is a page with nothing but a word that a key changes, in the same browser, in turn with
it; what is above a frame of both is ours. At most 100 ms at p95 is the goal.

Then a script scores 212 designs over HTTP as fast as it is let, waiting where it is told to; in 60
seconds all of them are to be in the database, each once.
"""

import functools
import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import func, select

from benchmarks.figures import Figure
from benchmarks.instances import instance
from ideation.contests.models import Contest
from ideation.core import config
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.core.storage.local import LocalStorage
from ideation.submissions.models import Submission
from ideation.voting.models import BallotLogEntry, Vote
from tests import factories
from tests.servers import chromium, web
from tests.servers.visitor import Visitor

KEYS = 60
DESIGNS = 212
GOAL_SECONDS = 60.0
#: As people look at designs, if they are quick: what comes next has so long to be fetched.
LOOK_SECONDS = 0.4

# Settles with the milliseconds from the key to the end of the frame in which all is shown.
_PAINTED = """isShown => new Promise(painted => {
  document.addEventListener("keydown", event => {
    const look = () => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => isShown() ? painted(performance.now() - event.timeStamp) : look();
      port2.postMessage(null);
    });
    look();
  }, { once: true });
})"""
# After twenty the pause is what comes next.
_DESIGN_SHOWN = """() => {
  if (!document.querySelector("[data-pause]").hidden) return true;
  const title = document.querySelector("[data-now-title]").textContent;
  const shown = document.querySelector("[data-ballot]:not([hidden], [data-leaving])");
  const picture = shown?.querySelector("picture img");
  return title !== window.before && shown.dataset.title === title
    && picture.complete && picture.naturalWidth > 0;
}"""
_ALL_LOADED = """() => [...document.querySelectorAll("[data-ballot] picture img")]
  .every(picture => picture.complete && picture.naturalWidth > 0)"""
_WORD_SHOWN = '() => document.querySelector("p").textContent !== window.before'
_EMPTY = """<!doctype html><title>Empty</title><p>0</p><script>
  document.addEventListener("keydown", () => {
    document.querySelector("p").textContent = Number(document.querySelector("p").textContent) + 1;
  });
</script>"""


def measure() -> Iterator[Figure]:
    """Key to paint (median and the slowest of twenty), then the script's 212."""
    with instance("postgresql") as app, tempfile.TemporaryDirectory() as folder:
        in_force.use(LocalStorage(config.current().home / "files"))
        contest = factories.contest()
        for number in range(DESIGNS):
            _draw(factories.submission(contest), number)
        with web.serving(config.current(), Path(folder), threads=8) as url:
            yield from _key_to_paint(app, url, contest)
            yield _script(app, url, contest)


def _key_to_paint(app: Flask, url: str, contest: Contest) -> Iterator[Figure]:
    with chromium.running() as browser:
        floor = browser.new_page()
        floor.set_content(_EMPTY)
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 860})
        context.add_cookies([Visitor(app, url, factories.member()).cookie])
        page = context.new_page()
        page.goto(f"/contests/{contest.slug}/score")
        page.wait_for_function(_ALL_LOADED, timeout=120_000)
        ours, least = [], []
        for number in range(KEYS):
            _go_on(page)
            least.append(_paint(floor, "p", _WORD_SHOWN, "5"))
            ours.append(_paint(page, "[data-now-title]", _DESIGN_SHOWN, str(1 + number % 5)))
            page.wait_for_timeout(LOOK_SECONDS * 1000)
    ours, least = sorted(ours[5:]), sorted(least[5:])
    for name, place in (("p50", len(ours) // 2), ("p95", len(ours) * 95 // 100)):
        what = "a key that changes a word on an empty page"
        yield Figure(f"deck key to paint {name}", ours[place], least[place], what)


def _go_on(page: Page) -> None:
    """After twenty there is a pause."""
    if page.locator("[data-pause]:not([hidden])").count():
        page.click("[data-more] button")


def _paint(page: Page, told: str, is_shown: str, key: str) -> float:
    page.bring_to_front()
    page.evaluate("told => { window.before = document.querySelector(told).textContent; }", told)
    page.evaluate(f"() => {{ window.painted = ({_PAINTED})({is_shown}); }}")
    page.keyboard.press(key)
    taken: float = page.evaluate("() => window.painted")
    return taken


def _script(app: Flask, url: str, contest: Contest) -> Figure:
    member = factories.member()
    member_id, path = member.id, f"/contests/{contest.slug}"
    visitor = Visitor(app, url, member)
    began = time.monotonic()
    while True:
        hand = app.json.loads(visitor.get(f"{path}/deck").body)["ballots"]
        for one in hand:
            _vote(visitor, f"{path}/votes", one["token"])
        if not hand:
            break
    seconds = time.monotonic() - began
    db.session.rollback()
    votes = select(func.count()).select_from(Vote).where(Vote.member_id == member_id)
    assert db.session.scalar(votes) == DESIGNS, "none is lost"
    lines = select(func.count()).select_from(BallotLogEntry)
    assert db.session.scalar(lines) == db.session.scalar(select(func.count(Vote.stars)))
    return Figure("deck 212 by a script", seconds, GOAL_SECONDS, "the goal", "s")


def _vote(visitor: Visitor, path: str, token: str) -> None:
    while True:
        answer = visitor.post(path, {"ballot": token, "stars": "4"}, json=True)
        if answer.status != 429:
            assert answer.status == 200, answer
            return
        time.sleep(0.2)


def _draw(submission: Submission, number: int) -> None:
    """Put a file behind every rendition; each has its own address, so each is fetched."""
    for artwork in db.session.merge(submission).artworks:
        for one in artwork.renditions:
            picture = _picture(one.format, one.width, one.height, number % 3)
            in_force.store().put(one.key, io.BytesIO(picture))


@functools.cache
def _picture(file_format: str, width: int, height: int, which: int) -> bytes:
    """As heavy as printed art is."""
    grain = Image.effect_noise((width // 4, height // 4), 40 + 20 * which).convert("RGB")
    file = io.BytesIO()
    grain.resize((width, height)).save(file, file_format, quality=80)
    return file.getvalue()
