"""Whatever people write is shown as they wrote it, wherever it is shown, and does nothing.

Every column that people fill holds hostile words, past the rules that clean them on the way in;
besides, every text field of every form is sent some, and so are the headers of every request.
"""

import json
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser as Chromium
from sqlalchemy import select

from ideation.core.db import db
from ideation.core.mail import deliver
from ideation.core.mail.models import Mail
from tests.access.walking import Stop
from tests.factories import Browser
from tests.input import payloads, reading, stuffing
from tests.input.house import House, Request
from tests.servers import chromium, live

pytestmark = [pytest.mark.one_engine, pytest.mark.browser]

HEADERS = {
    "Accept": "text/html",
    "User-Agent": payloads.MARKUP[0],
    "Referer": f"http://localhost/?{payloads.MARKUP[1]}",
    "Accept-Language": payloads.MARKUP[3],
}
#: Names that addresses hold on some page or other.
ASKED = "q tag next ref colour currency kind show order compare stub state search language by which"
#: Pages in which scripts run, on which most of what people write is shown.
OPENED = (
    "/",
    "/contests/<slug>",
    "/contests/<slug>/entries",
    "/contests/<slug>/my-votes",
    "/contests/<slug>/results",
    "/designs/<public_id>",
    "/designs/<public_id>/edit",
    "/members/<handle>",
    "/notices",
    "/products/<slug>",
    "/orders/<public_id>",
    "/settings/profile",
    "/console/moderation/designs/<public_id>",
    "/console/contests/<slug>/decision",
    "/console/orders/<public_id>",
)
_WATCH = """
  window.broken = [];
  window.alert = window.confirm = window.prompt = () => { window.pwned = 1; };
  addEventListener("securitypolicyviolation", (one) =>
    window.broken.push(`${one.violatedDirective} ${one.blockedURI}`));
"""


@pytest.fixture
def hostile(house: House, stops: dict[str, Stop]) -> House:  # walked before
    """The house, full of it."""
    assert len(stuffing.stuff()) > 30
    house.keep()
    return house


def test_no_page_takes_shape_from_words(
    hostile: House, stops: dict[str, Stop], asked: list[Request]
) -> None:
    bodies = [*_pages(hostile, stops), *_answers(hostile, asked)]
    assert sum("pwned" in body for _, body in bodies) > 150, "they are shown at all"
    assert sum(where.startswith("mail ") for where, _ in bodies) >= 3
    assert reading.sums(bodies) == []
    with chromium.running() as browser:
        found = reading.shapes(browser, bodies)
        opened = _opened(hostile, browser, stops)
    assert not found, "\n".join(found)
    assert not opened, "\n".join(opened)


def test_feeds_calendars_and_answers_for_scripts_hold_words(hostile: House) -> None:
    known = hostile.world.known
    guest, contest, product = hostile.person("guest"), known["contests"][1], known["products"][0]
    feeds = [
        *("/contests.atom", "/results.atom", "/products.atom", "/moderation.atom"),
        *(f"/contests/{contest}/entries.atom", f"/members/{known['members'][0]}.atom"),
    ]
    pages = []
    for address in feeds:
        body = _read(guest, address)
        assert reading.markup_in_feed(body) == [], address
        pages += [(address, one) for one in reading.html_in_feed(body)]
    for address in ("/calendar.ics", f"/contests/{contest}/calendar.ics"):
        assert reading.lines_in_calendar(_read(guest, address)) == [], address
    assert reading.lines_in_calendar(_read(guest, f"/products/{product}/calendar.ics")) == []
    owner = hostile.person("owner")
    for address in (f"/palette?q={payloads.MARKUP[3]}", "/notices/latest"):
        answer = owner.get(address, headers={"Accept": "application/json"})
        if answer.mimetype == "application/json":
            json.loads(answer.text)
        else:
            pages.append((address, answer.text))
    with chromium.running() as browser:
        assert reading.shapes(browser, pages) == []


def test_control_what_takes_shape_is_found() -> None:
    with chromium.running() as browser:
        for number, one in enumerate(payloads.MARKUP[:12]):
            found = reading.shapes(
                browser, [("here", f"<p>{one}</p><!-- {one} --><a title='{one}'>")]
            )
            assert found, f"{number}: {one}"
        assert reading.shapes(browser, [("here", "<a href='\x01java\nscript:1'>x</a>")])
        assert reading.shapes(browser, [("here", "<p title='<b pwned>'>&lt;b pwned&gt;</p>")]) == []
        page = browser.new_page()
        page.add_init_script(_WATCH)
        page.goto("data:text/html,<script>alert(1)</script>")
        assert page.evaluate("window.pwned") == 1
    assert reading.sums([("here", f"it is {7919 * 7907}")]) == ["here"]
    assert reading.lines_in_calendar("BEGIN:X\r\nSUMMARY:a\r\nX-PWNED:1\r\n") == ["X-PWNED:1"]
    with pytest.raises(ElementTree.ParseError):
        reading.markup_in_feed("<feed><b></feed>")


def _pages(house: House, stops: dict[str, Stop]) -> list[tuple[str, str]]:
    """Every page, and every page asked for with words in its address."""
    found = []
    for number, stop in enumerate(stops.values()):
        query = dict.fromkeys(ASKED.split(), payloads.MARKUP[3] + payloads.SUMS[0])
        browser = house.person(stop.viewer)
        found.append((stop.rule, _read(browser, stop.address)))
        if number % 2 and stop.viewer == "staff":
            continue
        path = stop.address.partition("?")[0]
        answer = browser.get(path, query_string=query, headers=HEADERS)
        assert answer.status_code < 500 and "X-Pwned" not in answer.headers, stop.rule
        found.append((f"{stop.rule}?", answer.text))
    return found


def _answers(house: House, asked: list[Request]) -> list[tuple[str, str]]:
    """What every other form says to words, and the letters that come of the others."""
    found = []
    for number, one in enumerate(asked):
        hostile = payloads.LINES + payloads.words(number)
        words = dict.fromkeys(one.texts, hostile) if number % 2 else {}
        answer = house.post(one.viewer, one.action, {**one.values, **words}, headers=HEADERS)
        assert answer.status_code < 500, one.rule
        found.append((f"POST {one.rule}", answer.text if answer.mimetype == "text/html" else ""))
        for mail in db.session.scalars(select(Mail).where(Mail.id > house.last_mail)):
            message = deliver._message(mail, "Ideation <hello@example.org>")
            assert reading.headers_in_mail(message) == [], one.rule
            found.append((f"mail {mail.template}", mail.html))
    return found


def _opened(house: House, browser: Chromium, stops: dict[str, Stop]) -> list[str]:
    """What a browser that runs scripts had to complain about."""
    house.restore()
    wrong = []
    cookies = {name: house.cookie(name) for name in house.world.viewers}
    with live.serving(house.app) as url:
        for stop in (stops[rule] for rule in OPENED):
            context = browser.new_context(base_url=url)
            if cookies[stop.viewer]:
                context.add_cookies(
                    [{"name": "ideation", "value": cookies[stop.viewer], "url": url}]
                )
            page = context.new_page()
            page.add_init_script(_WATCH)
            answer = page.goto(stop.address)
            if answer is None or answer.status != 200:
                wrong.append(f"{stop.rule}: no page")
            if page.evaluate("window.pwned"):
                wrong.append(f"{stop.rule}: it ran")
            wrong += [f"{stop.rule}: {one}" for one in page.evaluate("window.broken")]
            context.close()
    return wrong


def _read(browser: Browser, address: str) -> str:
    answer = browser.get(address, headers=HEADERS)
    assert answer.status_code in {200, 303}, (address, answer.status)
    assert "X-Pwned" not in answer.headers
    return answer.text
