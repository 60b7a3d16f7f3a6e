import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from ideation.core import clock, idempotency
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid

KEY = "k" * 20


@pytest.fixture(autouse=True)
def effects(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE effects (number integer NOT NULL)"))


def _act() -> dict[str, Any]:
    db.session.execute(text("INSERT INTO effects VALUES (1)"))
    return {"number": db.session.scalar(text("SELECT count(*) FROM effects"))}


def _once(body: dict[str, Any], key: str = KEY, scope: str = "order:7") -> dict[str, Any]:
    with transaction():
        return idempotency.once(scope, key, body, _act, clock.now())


def _effects() -> int:
    db.session.rollback()
    return int(db.session.scalar(text("SELECT count(*) FROM effects")) or 0)


def test_the_same_form_gets_the_same_answer() -> None:
    assert _once({"size": "M"}) == _once({"size": "M"}) == {"number": 1}
    assert _effects() == 1


def test_the_same_key_with_another_body_is_refused() -> None:
    _once({"size": "M"})
    with pytest.raises(Invalid):
        _once({"size": "L"})
    assert Invalid.status == 422
    assert _effects() == 1


def test_another_actor_may_use_the_same_key() -> None:
    _once({"size": "M"})
    _once({"size": "M"}, scope="order:8")
    assert _effects() == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 81])
def test_a_key_that_no_form_of_ours_carries_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        _once({}, key=key)
    assert _effects() == 0


def test_racers_have_one_effect(app: Flask) -> None:
    answers: list[Any] = []
    gate = threading.Barrier(8)

    def race() -> None:
        with app.app_context():
            gate.wait()
            try:
                answers.append(_once({"size": "M"}))
            except Conflict:
                answers.append("wait a moment")

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert _effects() == 1
    assert len(answers) == 8
    assert {"number": 1} in answers
    assert all(answer in ({"number": 1}, "wait a moment") for answer in answers)
