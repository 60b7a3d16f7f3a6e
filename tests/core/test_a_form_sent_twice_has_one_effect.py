import threading
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from ideation.core import clock, idempotency
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from tests.concurrency.crowds import at_once

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


def test_racers_have_one_effect_and_one_answer(app: Flask) -> None:
    answers = at_once(app, [lambda: _once({"size": "M"}) for _ in range(8)])
    assert answers == [{"number": 1}] * 8
    assert _effects() == 1


def test_a_copy_acts_itself_where_the_first_failed(app: Flask) -> None:
    """The first holds the key, then its act is refused: the copy that waited takes its place."""
    began, answers = threading.Event(), []

    def fail() -> dict[str, Any]:
        began.set()
        time.sleep(0.2)
        raise Conflict("sold out")

    def first() -> None:
        with app.app_context(), pytest.raises(Conflict):
            idempotency.answered_once("order:7", KEY, {"size": "M"}, fail, clock.now())

    def copy() -> None:
        with app.app_context():
            began.wait(10)
            answers.append(_once({"size": "M"}))

    threads = [threading.Thread(target=first), threading.Thread(target=copy)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [{"number": 1}]
    assert _effects() == 1


def test_what_is_answered_is_what_a_copy_reads() -> None:
    """Tuples become lists for whoever comes first as well."""
    with transaction():
        first = idempotency.once("a", KEY, {}, lambda: {"ids": (1, 2)}, clock.now())
    with transaction():
        assert idempotency.once("a", KEY, {}, dict, clock.now()) == first == {"ids": [1, 2]}
