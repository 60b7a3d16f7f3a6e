"""Every route that answers with a page, once: who looks at it, and at which address.

From what is known of the world, every route is tried for every viewer until a page comes; what is
still missing is looked for along the links of the pages that came.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.core.db import db
from ideation.http.guards import Needs, Who, declared
from tests.access.world import World
from tests.factories import Browser
from tests.http.addresses import routes

_LINK = re.compile(r"""href=["']([^"'#][^"']*)["']""")
#: Files, feeds and machines' answers have no page; who asks for them gets no HTML.
NO_PAGE = re.compile(
    r"^/(static|media|healthz|readyz)|\.(atom|ics|txt|csv|svg|css)$"
    r"|/(csv|version|state|deck|ballots|pictures|palette|beginning|preview|latest)$"
    r"|/(parts/<upload>|key/<secret>)$"
)


@dataclass(frozen=True)
class Stop:
    """A page: its route, who looks, where, and what the house answers."""

    rule: str
    viewer: str
    address: str
    body: str


def browsers(app: Flask, world: World) -> dict[str, Browser]:
    """A browser for each viewer, signed in."""
    return {
        name: Browser(app, db.session.get_one(Member, key) if key else None)
        for name, key in world.viewers.items()
    }


def walk(app: Flask, world: World) -> dict[str, Stop]:
    """Route → where its page was found."""
    people = browsers(app, world)
    found: dict[str, Stop] = {}
    pages = pages_of(app)
    wanted = {rule.rule: rule for _method, rule in routes(app) if rule.rule in pages}

    def visit(address: str) -> None:
        rule = _rule(app, address)
        if rule is None or rule.rule in found or rule.rule not in wanted:
            return
        for name in _who_first(rule, declared(app, rule.endpoint)):
            answer = people[name].get(address, headers={"Accept": "text/html"})
            if answer.status_code == 200 and answer.mimetype == "text/html":
                body = answer.get_data(as_text=True)
                found[rule.rule] = Stop(rule.rule, name, address, body)
                return

    for address in world.addresses:
        visit(address)
    for rule in wanted.values():
        for address in _filled(rule, world.known):
            visit(address)
    for _ in range(3):
        before = len(found)
        for stop in list(found.values()):
            for link in _links(stop):
                visit(link)
        if len(found) in {before, len(wanted)}:
            break
    return found


def pages_of(app: Flask) -> set[str]:
    """Every route that should have a page."""
    return {
        rule.rule
        for method, rule in routes(app)
        if method == "GET" and not NO_PAGE.search(rule.rule)
    }


def _who_first(rule: Rule, needs: Needs | None) -> tuple[str, ...]:
    """Half of what everybody may see is looked at without an account; the console by its staff."""
    if isinstance(needs, Permission):
        return ("staff",)
    if needs is Who.FEED:
        return ("guest",)
    if needs is Who.SIGNED_IN:
        return ("owner", "newcomer", "staff")
    return ("guest", "owner") if sum(rule.rule.encode()) % 2 else ("owner", "guest")


def _filled(rule: Rule, known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The route's address with each name that is known at its place."""
    addresses = [""]
    for part in rule.rule.strip("/").split("/"):
        values = [part] if "<" not in part else known.get(addresses[0].rpartition("/")[2], ("1",))
        addresses = [f"{one}/{value}" for one in addresses for value in values]
    yield from addresses


def _links(stop: Stop) -> Iterator[str]:
    for link in _LINK.findall(stop.body):
        whole = urldefrag(urljoin(f"http://localhost{stop.address}", html.unescape(link))).url
        parts = urlsplit(whole)
        if parts.netloc == "localhost":
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def _rule(app: Flask, address: str) -> Rule | None:
    try:
        rule, _values = app.url_map.bind("localhost").match(
            urlsplit(address).path, "GET", return_rule=True
        )
    except HTTPException:
        return None
    return rule
