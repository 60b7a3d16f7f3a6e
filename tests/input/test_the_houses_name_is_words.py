"""The instance's name is words wherever it stands: pages, feeds, calendars, previews, cards."""

import json
from dataclasses import replace

import pytest
from flask import Flask
from icalendar import Calendar

from ideation.branding import changing
from ideation.core import clock, config, identity
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.sharing import calendars
from tests import factories
from tests.factories import products
from tests.input import payloads, reading
from tests.servers import chromium

pytestmark = pytest.mark.one_engine

NAMES = (
    payloads.MARKUP[0],
    payloads.MARKUP[3],
    payloads.MARKUP[6],
    payloads.MARKUP[9],
    payloads.SUMS[0] + payloads.SUMS[6],
    payloads.LINES,
)
PAGES = ("/", "/contests", "/products", "/sign-in", "/join", "/how", "/legal/privacy", "/no-such")
FEEDS = ("/contests.atom", "/results.atom", "/products.atom", "/moderation.atom")


@pytest.mark.browser
def test_pages_and_feeds_hold_it_as_words(app: Flask) -> None:
    contest = factories.contest("scoring").slug
    product = products.run().product.slug
    guest, bodies = factories.Browser(app), []
    for number, name in enumerate(NAMES):
        _call(name)
        for path in (*PAGES, f"/contests/{contest}", f"/products/{product}"):
            answer = guest.get(path)
            assert answer.status_code in {200, 404}, path
            assert "X-Pwned" not in answer.headers and not answer.headers.get("Bcc")
            bodies.append((f"{path} {number}", answer.text))
        for path in FEEDS:
            feed = guest.get(path).text
            assert reading.markup_in_feed(feed) == [], path
            bodies += [(path, one) for one in reading.html_in_feed(feed)]
        for path in ("/calendar.ics", f"/contests/{contest}/calendar.ics"):
            body = guest.get(path).data
            assert reading.lines_in_calendar(body.decode()) == [], path
            assert str(Calendar.from_ical(body)["VERSION"]) == "2.0", "programs read it"
    assert sum("pwned" in body for _, body in bodies) > 40, "it is shown at all"
    assert reading.sums(bodies) == []
    with chromium.running() as browser:
        assert reading.shapes(browser, bodies) == []


def test_control_a_name_of_two_lines_breaks_a_calendar(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars, "clean_line", str)
    with pytest.raises(AssertionError):
        calendars.calendar(payloads.LINES, iter(()))


def test_a_preview_elsewhere_is_no_more_than_words(app: Flask) -> None:
    contest = factories.contest("scoring").slug
    _call(payloads.MARKUP[9])
    page = factories.Browser(app).get(f"/contests/{contest}").text
    for block in page.split('type="application/ld+json"')[1:]:
        json.loads(block.partition(">")[2].partition("</script>")[0])
    assert "window.pwned=1//" in page, "it is shown at all"


@pytest.mark.parametrize("name", ["", " \u200b\u202e", "\u3164", "x" * 41, "\r\n\t"])
def test_a_name_that_cannot_be_seen_or_is_too_long_is_refused(app: Flask, name: str) -> None:
    with pytest.raises(Invalid), transaction():
        changing.save(None, name=name, at=clock.now())


def test_a_name_loses_what_nobody_sees(app: Flask) -> None:
    with transaction():
        changing.save(None, name="Print\u202e\r\nX-Pwned: 1\x00", at=clock.now())
    assert identity.current().name == "Print X-Pwned: 1"


@pytest.mark.parametrize("setting", ["IDEATION_NAME", "IDEATION_MAIL_FROM"])
@pytest.mark.parametrize("value", ["Print\r\nX-Pwned: 1", "Print\u202eroom", "a\0b", "a\u2028b"])
def test_a_setting_of_two_lines_is_said_at_once(setting: str, value: str) -> None:
    with pytest.raises(config.ConfigError, match=setting):
        config.load({setting: value})


def _call(name: str) -> None:
    """As no rule would let it be called."""
    with transaction():
        identity.establish(replace(identity.current(), name=name), at=clock.now())
