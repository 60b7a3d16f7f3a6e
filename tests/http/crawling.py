"""Every page that somebody can reach, with its headers, in a form in which two can be compared.

From the front page along every link, and besides every route of the house filled with the names
of things that exist. Of each kind of address a few are looked at; what a page draws anew for
everybody each time (the form's token, the key of an order) is struck out, and nothing else. Doors
that are closed to somebody are one kind: the guard answers before it is asked what lies behind.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.factories import Browser
from tests.http.addresses import NOBODY, routes

#: How many addresses of one route are looked at: one for each kind of contest.
OF_A_KIND = 4
#: Files, the same for everybody; and doors that change something when they are walked through.
_PASSED_BY = ("/static/", "/media/")
_LINK = re.compile(r"""(?:href|src|action|data-[a-z-]+)=["']([^"']+)["']""")
_DRAWN_ANEW = (
    re.compile(r'name="csrf_token" value="[^"]*"'),
    re.compile(r'name="key" value="[^"]*"'),
)
#: The wall clock's date stands on what is answered by its tag: feeds and calendars.
_HEADERS_DRAWN_ANEW = frozenset({"Set-Cookie", "Date"})


@dataclass(frozen=True)
class Page:
    """What the house answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def of(cls, answer: TestResponse) -> "Page":
        """The answer, without what is drawn anew."""
        body = answer.get_data(as_text=True)
        for pattern in _DRAWN_ANEW:
            body = pattern.sub("", body)
        headers = [item for item in answer.headers.items() if item[0] not in _HEADERS_DRAWN_ANEW]
        cookies = sorted(one.split("=", 1)[0] for one in answer.headers.getlist("Set-Cookie"))
        headers += [("Set-Cookie", name) for name in cookies if name != "ideation"]
        return cls(answer.status_code, tuple(headers), body)


Seen = dict[str, Page]


def crawl(
    app: Flask,
    browser: Browser,
    known: Mapping[str, Iterable[str]],
    *,
    closed: Mapping[str, str] | None = None,
    at_most: int | None = None,
) -> Seen:
    """Address → page, as the browser's owner sees them; first the routes, then the links.

    ``known`` gives the values of the addresses' variables, ``closed`` what the guard says at the
    doors that do not open; ``at_most`` so many pages.
    """
    seen: Seen = {}
    kinds: Counter[str] = Counter()
    waiting = ["/", *_filled(app, known)]
    while waiting and len(seen) != at_most:
        address = waiting.pop(0)
        if address in seen:
            continue
        kind = _kind(app, address)
        kind = (closed or {}).get(kind or "", kind)
        if kind is None or kinds[kind] >= OF_A_KIND:
            continue
        kinds[kind] += 1
        seen[address] = Page.of(browser.get(address, headers={"Accept-Language": "en"}))
        waiting += _links(address, seen[address])
    return seen


def differences(here: Seen, there: Seen) -> list[str]:
    """What tells the two apart, a line an address."""
    found = [f"{address}: only in one" for address in here.keys() ^ there.keys()]
    for address in here.keys() & there.keys():
        one, other = here[address], there[address]
        if one != other:
            found.append(f"{address}: {_first_difference(one, other)}")
    return sorted(found)


def _first_difference(one: Page, other: Page) -> str:
    if one.status != other.status:
        return f"status {one.status} or {other.status}"
    if one.headers != other.headers:
        return f"headers {set(one.headers) ^ set(other.headers)}"
    lines = zip(one.body.splitlines(), other.body.splitlines(), strict=False)
    place = next((pair for pair in lines if pair[0] != pair[1]), ("", "more lines"))
    return f"{place[0].strip()[:120]!r} or {place[1].strip()[:120]!r}"


def _filled(app: Flask, known: Mapping[str, Iterable[str]]) -> Iterable[str]:
    for method, rule in routes(app):
        if method != "GET":
            continue
        addresses = [rule.rule]
        for name in rule.arguments:
            variable = re.compile(rf"<(?:\w+:)?{name}>")
            values = list(known.get(name, [])) or ["1" if f"<int:{name}>" in rule.rule else NOBODY]
            addresses = [variable.sub(one, each) for each in addresses for one in values]
        yield from addresses


def _links(address: str, page: Page) -> Iterable[str]:
    for link in _LINK.findall(page.body):
        whole = urldefrag(urljoin(f"http://localhost{address}", html.unescape(link))).url
        parts = urlsplit(whole)
        if parts.netloc == "localhost" and parts.scheme in {"http", "https"}:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def _kind(app: Flask, address: str) -> str | None:
    """The route that answers; None for files and for what no GET reaches."""
    path = urlsplit(address).path
    if path.startswith(_PASSED_BY):
        return None
    try:
        endpoint, _values = app.url_map.bind("localhost").match(path, "GET")
    except HTTPException:
        return None
    return str(endpoint)
