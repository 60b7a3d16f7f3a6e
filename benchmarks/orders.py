"""How many checkouts a second the web takes, beside the bare transaction of one.

Over HTTP everything a buyer's request meets counts: session, CSRF, limits, idempotency, rules.
The floor replays the very statements of one checkout, written down as it ran, by psycopg alone.
Both with 16 connections from two processes, in turn, on PostgreSQL with its usual durability.
"""

import itertools
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import make_url

from benchmarks.figures import PER_SECOND, Figure
from benchmarks.instances import instance
from ideation.core import config, ids
from ideation.core.db import db
from tests import factories
from tests.concurrency.loads import order_form
from tests.factories import Browser, products
from tests.servers import web
from tests.servers.visitor import Visitor

PROCESSES = 2
THREADS = 8
#: Enough that nobody meets the limit of 120 checkouts a minute.
MEMBERS = 240
ROUNDS = 3
SECONDS = 4.0

#: What one connection does again and again: called with a fresh number, in a child process.
Act = Callable[[int], None]


@dataclass(frozen=True)
class Checkout:
    """One that ran: the statements of its transaction, and the values that each must have anew."""

    statements: Sequence[tuple[str, Any]]
    key: str
    public_id: str


def measure() -> Iterator[Figure]:
    """One figure: checkouts a second."""
    with instance("postgresql") as app, tempfile.TemporaryDirectory() as folder:
        run = products.run(caps=10_000_000)
        path, variants = (
            f"/products/{run.product.slug}/checkout",
            [row.variant_id for row in run.stock],
        )
        checkout = _record(app, path, variants[0])
        members = [factories.member() for _ in range(MEMBERS)]
        with web.serving(config.current(), Path(folder), workers=PROCESSES, threads=THREADS) as url:
            visitors = [Visitor(app, url, member) for member in members]
            database = make_url(config.current().database_url).set(drivername="postgresql")
            dsn = database.render_as_string(hide_password=False)
            db.session.remove()
            db.engine.dispose()  # children are forked: no connection may go along
            ours, floor = [], []
            for number in range(ROUNDS + 1):
                ours.append(_rate(_Buying(visitors, path, variants)))
                floor.append(_rate(_Replaying(dsn, checkout, variants)))
                if number == 0:  # the first round warms caches
                    ours.clear()
                    floor.clear()
        yield Figure(
            "orders postgresql",
            statistics.median(ours),
            statistics.median(floor),
            "the bare transaction, its statements by psycopg",
            PER_SECOND,
        )


def _record(app: Flask, path: str, variant_id: int) -> Checkout:
    """Check out once, and write down what the database was told between begin and commit."""
    browser = Browser(app, factories.member())
    form = order_form(variant_id, ids.public_id(20))
    browser.post(path, order_form(variant_id, ids.public_id(20)))  # caches are warm now
    told: list[tuple[str, Any]] = []
    last: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:
        told.append((statement, values))

    def keep(_connection: Any) -> None:
        last[:] = told

    def forget(_connection: Any) -> None:
        told.clear()

    listeners: list[tuple[str, Callable[..., None]]]
    listeners = [("before_cursor_execute", note), ("commit", keep), ("rollback", forget)]
    for name, listener in listeners:
        event.listen(db.engine, name, listener)
    placed = browser.post(path, form)
    for name, listener in listeners:
        event.remove(db.engine, name, listener)
    assert placed.status_code == 303, placed.status
    return Checkout(last, form["key"], placed.headers["Location"].split("/")[2])


def _rate(prepare: "_Buying | _Replaying") -> float:
    """Acts a second of two processes with eight connections each."""
    context = multiprocessing.get_context("fork")
    with context.Pool(PROCESSES) as pool:
        return sum(pool.map(prepare, range(PROCESSES)))


def _keep_at_it(acts: Sequence[Act], numbers: Iterator[int]) -> float:
    """Do each act on a thread of its own until time is up; how many a second were done."""
    gate, done = threading.Barrier(len(acts) + 1), [0] * len(acts)
    end = 0.0

    def work(place: int, act: Act) -> None:
        gate.wait()
        while time.monotonic() < end:
            act(next(numbers))
            done[place] += 1

    threads = [threading.Thread(target=work, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    end = began + SECONDS
    gate.wait()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - began)


@dataclass(frozen=True)
class _Buying:
    """Checkouts over HTTP: each connection lends itself to one member after the other."""

    visitors: Sequence[Visitor]
    path: str
    variants: Sequence[int]

    def __call__(self, process: int) -> float:
        own = self.visitors[process::PROCESSES]
        shares = [itertools.cycle(own[place::THREADS]) for place in range(THREADS)]
        connections = [own[place] for place in range(THREADS)]

        def buying(place: int) -> Act:
            def buy(number: int) -> None:
                variant = self.variants[number % len(self.variants)]
                visitor = next(shares[place]).over(connections[place])
                answer = visitor.post(self.path, order_form(variant, ids.public_id(20)))
                assert answer.status == 303, answer.status

            return buy

        return _keep_at_it([buying(place) for place in range(THREADS)], itertools.count())


@dataclass(frozen=True)
class _Replaying:
    """The recorded transaction, on connections of our own."""

    dsn: str
    checkout: Checkout
    variants: Sequence[int]

    def __call__(self, _process: int) -> float:
        connections = [psycopg.connect(self.dsn) for _ in range(THREADS)]

        def replaying(connection: "psycopg.Connection[Any]") -> Act:
            def replay(number: int) -> None:
                self._replay(connection, self.variants[number % len(self.variants)])

            return replay

        try:
            return _keep_at_it([replaying(one) for one in connections], itertools.count())
        finally:
            for connection in connections:
                connection.close()

    def _replay(self, connection: "psycopg.Connection[Any]", variant_id: int) -> None:
        anew: dict[str, Any] = {
            self.checkout.key: ids.public_id(20),
            self.checkout.public_id: ids.public_id(),
        }
        order_id = 0
        for statement, values in self.checkout.statements:
            fresh = {
                name: order_id
                if name == "order_id"
                else variant_id
                if name.startswith("variant_id")
                else anew.get(value, value)
                if isinstance(value, str)
                else value
                for name, value in values.items()
            }
            cursor = connection.execute(statement, fresh)
            if statement.startswith("INSERT INTO orders"):
                (order_id,) = cursor.fetchone() or (0,)
            elif cursor.description:
                cursor.fetchall()
        connection.commit()
