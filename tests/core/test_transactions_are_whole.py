"""``transaction()``: all or nothing, never nested, and right on SQLite where others fail."""

import threading

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ideation.core import clock, instance
from ideation.core.db import after_commit, db, transaction


def test_all_is_written_or_nothing(app: Flask) -> None:
    with pytest.raises(KeyError), transaction():
        instance.establish("half", clock.now())
        raise KeyError
    assert instance.find("half") is None


def test_only_the_edge_commits(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="only the edge"), transaction(), transaction():
        pass
    with transaction():  # and the outer one was left in order
        instance.establish("whole", clock.now())
    assert instance.find("whole") == ""


def test_what_waits_for_the_commit_runs_after_it_alone(app: Flask) -> None:
    heard: list[str] = []
    with transaction():
        instance.establish("told", clock.now())
        after_commit(lambda: heard.append("committed"))
        assert heard == []
    assert heard == ["committed"]
    with pytest.raises(KeyError), transaction():
        after_commit(lambda: heard.append("rolled back"))
        raise KeyError
    assert heard == ["committed"]
    with pytest.raises(RuntimeError):
        after_commit(lambda: None)


def _commit_as_a_rival(app: Flask) -> None:
    def commit() -> None:
        with app.app_context(), transaction():
            instance.establish("rival", clock.now())

    rival = threading.Thread(target=commit)
    rival.start()
    rival.join(10)
    assert not rival.is_alive()


def test_what_was_read_before_a_rivals_commit_is_read_again(app: Flask) -> None:
    assert instance.find("rival") is None  # opens a read transaction
    _commit_as_a_rival(app)
    with transaction():
        assert instance.find("rival") == ""
        instance.establish("mine", clock.now())
    assert instance.find("mine") == ""


@pytest.mark.only("sqlite")
def test_a_plain_transaction_that_has_read_fails_after_a_rivals_commit(app: Flask) -> None:
    """Control: without BEGIN IMMEDIATE the busy timeout does not help."""
    with db.engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM instance_facts"))
        _commit_as_a_rival(app)
        with pytest.raises(OperationalError, match="locked"):
            connection.execute(text("DELETE FROM instance_facts"))


def test_writers_take_turns(app: Flask) -> None:
    """Sixteen threads count to sixteen: none is refused, none overwrites another."""

    def count() -> None:
        with app.app_context(), transaction() as session:
            now = session.execute(
                text("SELECT value FROM instance_facts WHERE name = 'n'" + _for_update())
            ).scalar_one()
            session.execute(
                text("UPDATE instance_facts SET value = :v WHERE name = 'n'"),
                {"v": str(int(now) + 1)},
            )

    with transaction():
        instance.establish("n", clock.now(), "0")
    threads = [threading.Thread(target=count) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.expire_all()
    db.session.rollback()
    assert instance.find("n") == "16"


def _for_update() -> str:
    return " FOR UPDATE" if db.engine.dialect.name == "postgresql" else ""
