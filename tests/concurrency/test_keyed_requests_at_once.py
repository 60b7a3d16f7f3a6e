"""Keyed requests doubled at the same moment, or after their answer was lost: one effect each.

Over HTTP, through a door of the test's own that does what every keyed door does.
"""

import http.client
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, jsonify, request
from sqlalchemy import text
from werkzeug.wrappers import Response

from ideation.core import clock, idempotency
from ideation.core.db import db, transaction
from ideation.http.csrf import protection
from ideation.http.guards import Who, who
from tests.factories.processes import die, fork, wait
from tests.servers.live import serving

REQUESTS = 10_000 if os.environ.get("IDEATION_TEST_SOAK") else 200
THREADS = 12

Answer = tuple[int, str]


@pytest.fixture
def effects(app: Flask) -> None:
    """A table in which every effect leaves a line."""
    with db.engine.begin() as connection:
        number = "INTEGER PRIMARY KEY" if connection.dialect.name == "sqlite" else "SERIAL"
        connection.execute(text(f"CREATE TABLE effects (number {number}, name text NOT NULL)"))


@pytest.fixture
def door(app: Flask, effects: None) -> Iterator[str]:
    """The address of a door behind which each effect gets a number."""

    @protection.exempt
    @who(Who.FILE)
    def orders() -> Response:
        key, name = request.form["key"], request.form["name"]
        answer = idempotency.answered_once(
            "orders:7", key, {"name": name}, lambda: _effect(name), clock.now()
        )
        return jsonify(answer)

    app.add_url_rule("/test/orders", "test_orders", orders, methods=["POST"])
    with serving(app) as url:
        yield f"{url}/test/orders"


def _effect(name: str) -> dict[str, Any]:
    number = db.session.scalar(
        text("INSERT INTO effects (name) VALUES (:name) RETURNING number"), {"name": name}
    )
    return {"order": number, "name": name}


def _effects() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(text("SELECT name FROM effects")))


def _post(url: str, key: str, name: str) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        connection.request("POST", parts.path, f"key={key}&name={name}", form)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def _post_all(url: str, seed: int, requests: int = REQUESTS) -> dict[str, list[Answer]]:
    """Every request 2 to 10 times, its copies close together; the answers by key."""
    lot = random.Random(seed)
    pile = [number for number in range(requests) for _ in range(lot.randint(2, 10))]
    answers: dict[str, list[Answer]] = {}
    with ThreadPoolExecutor(THREADS) as pool:
        sent = pool.map(lambda n: (n, _post(url, f"key-{n:08}", f"name-{n}")), pile)
        for number, answer in sent:
            answers.setdefault(f"name-{number}", []).append(answer)
    return answers


def test_200_requests_doubled_at_the_same_moment(door: str) -> None:
    answers = _post_all(door, seed=3)
    assert {status for copies in answers.values() for status, _ in copies} == {200}
    assert max(len(set(copies)) for copies in answers.values()) == 1, "every copy the same body"
    assert _effects() == dict.fromkeys(answers, 1)
    numbers = {json.loads(copies[0][1])["order"] for copies in answers.values()}
    assert len(numbers) == REQUESTS


def test_the_same_key_with_another_body_at_the_same_moment(door: str) -> None:
    key = "k" * 20
    with ThreadPoolExecutor(THREADS) as pool:
        sent = list(pool.map(lambda n: _post(door, key, f"name-{n % 3}"), range(24)))
    assert Counter(status for status, _ in sent) == {200: 8, 422: 16}
    assert _effects().total() == 1


def test_control_a_door_that_looks_and_then_acts_acts_twice(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "_reserve", lambda *_: True)
    answers = _post_all(door, seed=3, requests=30)
    assert max(_effects().values()) > 1
    assert max(len(set(copies)) for copies in answers.values()) > 1


STEPS = (
    "before the key",
    "after the key",
    "after the act",
    "before the commit",
    "after the commit",
)


def _act_and_die(step: str) -> None:
    """In a fork: do what the door does, and die at the step, so that no answer is ever sent."""
    reserve = idempotency._reserve

    def reserve_and_die(*args: Any) -> bool:
        reserve(*args)
        die()
        return True

    def act() -> dict[str, Any]:
        answer = _effect("mug")
        if step == "after the act":
            db.session.flush()
            die()
        return answer

    if step == "before the key":
        die()
    if step == "after the key":
        idempotency._reserve = reserve_and_die
    with transaction():
        idempotency.once("orders:7", "k" * 20, {"name": "mug"}, act, clock.now())
        if step == "before the commit":
            die()
    die()


@pytest.mark.parametrize("step", STEPS)
def test_an_answer_lost_at_any_step_is_given_again(door: str, step: str) -> None:
    assert wait(fork(lambda: _act_and_die(step))) == -9
    survived = _effects().total()
    assert survived == (1 if step == "after the commit" else 0)
    first, again = _post(door, "k" * 20, "mug"), _post(door, "k" * 20, "mug")
    assert first == again
    assert first[0] == 200
    assert _effects() == {"mug": 1}
