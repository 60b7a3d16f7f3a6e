"""A furnished house in which the same request does the same thing, however often it is sent.

Before each request the database is put back, the clock stands still, and chance begins anew: two
requests that differ in nothing leave two databases that differ in nothing, hashes and all.
"""

import os
import random
import secrets
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import fernet
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from ideation.accounts import credentials
from ideation.accounts.models import Member
from ideation.core import clock, queues
from ideation.core.db import db, transaction
from ideation.core.mail import compose
from ideation.core.mail.models import Mail
from tests.access import walking, world
from tests.access.world import World
from tests.factories import Browser
from tests.factories.people import PASSWORD
from tests.http.addresses import routes
from tests.input import forms
from tests.input.by_hand import WRITTEN, ByHand
from tests.input.by_hand import requests as by_hand_requests
from tests.input.forms import Form

Rows = dict[str, Counter[tuple[Any, ...]]]


def furnish() -> World:
    """The house that is looked at for access, and everybody knows their password."""
    found = world.furnish()
    with transaction():
        db.session.execute(update(Member).values(password_hash=credentials.hashed(PASSWORD)))
    return found


class House:
    """Its people, its pages and the forms on them."""

    def __init__(self, app: Flask, world: World, folder: Path) -> None:
        self.app, self.world = app, world
        self._file = Path(str(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database))
        self._kept = folder / "kept.db"
        self._people = walking.browsers(app, world)
        self._cookies = {
            name: one.client.get_cookie("ideation") for name, one in self._people.items()
        }
        self.at = clock.now()
        self.last_mail = 0
        self.keep()

    def keep(self) -> None:
        """What is there now is what every request finds."""
        self.last_mail = db.session.scalar(select(func.max(Mail.id))) or 0
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self._file, self._kept)

    def restore(self) -> None:
        """As it was."""
        db.session.remove()
        db.engine.dispose()
        for end in ("-wal", "-shm"):
            Path(f"{self._file}{end}").unlink(missing_ok=True)
        shutil.copy(self._kept, self._file)
        queues.connection().flushall()

    def person(self, name: str) -> Browser:
        """Somebody's browser, as if nothing had happened in it."""
        browser = self._people[name]
        browser.client = self.app.test_client()
        cookie = self._cookies[name]
        if cookie is not None:
            browser.client.set_cookie("ideation", cookie.value)
        return browser

    def cookie(self, name: str) -> str:
        """What stands for their session; nothing for a guest."""
        cookie = self._cookies[name]
        return cookie.value if cookie is not None else ""

    def post(self, viewer: str, address: str, data: Mapping[str, Any], **kw: Any) -> TestResponse:
        """The same request does the same."""
        self.restore()
        browser = self.person(viewer)
        token = browser.csrf_token
        with _standing_still(self.at):
            kw["headers"] = {"X-CSRFToken": token, **kw.pop("headers", {})}
            return browser.post(address, dict(data), **kw)

    def rows(self) -> Rows:
        """Every row of every table."""
        with closing(sqlite3.connect(self._file)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: Counter(connection.execute(f'SELECT * FROM "{name}"').fetchall())
                for (name,) in found.fetchall()
            }

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Whatever is text in a table: (table, column, value)."""
        with closing(sqlite3.connect(self._file)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in found.fetchall():
                rows = connection.execute(f'SELECT * FROM "{table}"')
                names = [one[0] for one in rows.description]
                for row in rows:
                    for column, value in zip(names, row, strict=True):
                        if isinstance(value, str):
                            yield table, column, value


@dataclass(frozen=True)
class Request:
    """Something to post: who, where to, and the values of a form."""

    rule: str
    viewer: str
    action: str
    values: dict[str, Any]
    #: Whatever the form may send, and of that, what somebody types.
    names: frozenset[str]
    texts: tuple[str, ...]


def requests(house: House, stops: Mapping[str, walking.Stop]) -> list[Request]:
    """For every route that changes something, what its pages offer, filled in; else by hand."""
    owner = db.session.get_one(Member, house.world.viewers["owner"])
    told = {"{owner}": str(owner.email), "{juror}": str(owner.handle)}
    found = _forms_of(house.app, stops.values())
    by_hand = by_hand_requests(house.world)
    asked = []
    for method, rule in routes(house.app):
        for form in found.get(rule.rule, ()):
            written = {name: told.get(v, v) for name, v in WRITTEN.get(rule.rule, {}).items()}
            texts = tuple(one.name for one in form.texts())
            values = {**form.filled(), **written}
            asked.append(
                Request(rule.rule, form.viewer, form.action, values, frozenset(form.names), texts)
            )
        if method == "POST" and rule.rule not in found:
            one = by_hand.get(rule.rule) or ByHand(_address(rule.rule, house.world), "staff")
            values = dict(one.values)
            asked.append(
                Request(rule.rule, one.viewer, one.action, values, frozenset(values), tuple(values))
            )
    return asked


def _address(rule: str, world: World) -> str:
    """The route's address with the first name that is known at each place."""
    parts: list[str] = []
    for part in rule.strip("/").split("/"):
        parts.append(part if "<" not in part else world.known.get(parts[-1], ("1",))[0])
    return "/" + "/".join(parts)


def _forms_of(app: Flask, pages: Iterable[walking.Stop]) -> dict[str, list[Form]]:
    """Route → the forms that lead to it."""
    found: dict[str, list[Form]] = {}
    for stop in pages:
        for form in forms.on_page(stop.address, stop.viewer, stop.body):
            rule, _ = app.url_map.bind("localhost").match(
                form.action.partition("?")[0], "POST", return_rule=True
            )
            found.setdefault(rule.rule, []).append(form)
    return {rule: forms.best(several) for rule, several in found.items()}


@contextmanager
def _standing_still(at: datetime) -> Iterator[None]:
    """No time passes, and what is drawn by chance is drawn again."""
    chance, other = random.Random("the same again"), random.Random("and again")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: at.astimezone(UTC))
        patched.setattr(fernet, "time", SimpleNamespace(time=at.timestamp))
        patched.setattr(os, "urandom", other.randbytes)
        patched.setattr(secrets, "token_bytes", lambda n=32: chance.randbytes(n))
        patched.setattr(secrets, "token_hex", lambda n=32: chance.randbytes(n).hex())
        patched.setattr(secrets, "token_urlsafe", lambda n=32: chance.randbytes(n).hex())
        patched.setattr(secrets, "choice", chance.choice)
        patched.setattr(secrets, "randbits", chance.getrandbits)
        patched.setattr(compose, "make_msgid", lambda domain: f"<{chance.random()}@{domain}>")
        patched.setattr(secrets, "randbelow", chance.randrange)
        yield
