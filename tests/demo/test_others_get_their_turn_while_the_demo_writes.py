"""Whoever looks at an instance on SQLite while it is filled writes a little, and must get to."""

import sqlite3
import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from ideation.core.db import db, in_transaction, transaction
from ideation.demo import pacing

pytestmark = pytest.mark.one_engine

ACTS = 40
ACT_SECONDS = 0.01


def _act(done: list[int], number: int) -> None:
    """Something that takes the lock and a moment."""
    assert in_transaction()
    db.session.execute(text("UPDATE contests SET winners = winners"))
    time.sleep(ACT_SECONDS)
    done.append(number)


def _visitor_writes_during(work: Callable[[], None], done: list[int]) -> int:
    """How many acts were done by the time that a visitor who came at the first could write."""
    file = db.engine.url.database
    assert file is not None
    seen: list[int] = []

    def write() -> None:
        connection = sqlite3.connect(file, timeout=20)
        while not done:
            time.sleep(0.001)
        connection.execute("BEGIN IMMEDIATE")
        seen.append(len(done))
        connection.close()

    visitor = threading.Thread(target=write)
    visitor.start()
    work()
    visitor.join()
    return seen[0]


def test_each_thing_is_done_once_and_in_order(app: Flask) -> None:
    done: list[int] = []
    pacing.work_off(range(ACTS), lambda number: _act(done, number))
    assert done == list(range(ACTS))
    assert not in_transaction()


def test_a_visitor_writes_long_before_the_end(app: Flask) -> None:
    done: list[int] = []
    at = _visitor_writes_during(
        lambda: pacing.work_off(range(ACTS), lambda number: _act(done, number)), done
    )
    assert at < ACTS


def test_in_one_transaction_the_visitor_waits_for_its_end(app: Flask) -> None:
    done: list[int] = []

    def without_a_breath() -> None:
        with transaction():
            for number in range(ACTS):
                _act(done, number)

    assert _visitor_writes_during(without_a_breath, done) == ACTS
