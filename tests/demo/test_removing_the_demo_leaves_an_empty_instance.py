"""Removal: all of it or nothing, and only of what the demo filled."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import create_engine, func, select, text

from ideation.accounts.grants import Role
from ideation.articles.models import Article
from ideation.audit import trail
from ideation.audit.models import AuditEntry
from ideation.cli import main
from ideation.core import clock, config, guards, instance
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict
from ideation.core.storage import in_force
from ideation.core.storage.local import LocalStorage
from ideation.demo import marking, removal
from ideation.migrations import runner
from tests import factories


def _mark_and_use() -> None:
    """A demo with what cannot be swept out row by row: lines of an append-only trail."""
    operator = factories.member("Operator", roles=(Role.OPERATOR,))
    factories.submission(factories.contest())
    in_force.store().put("originals/a-picture", b"picture")
    with transaction():
        instance.establish(instance.DEMO, clock.now(), "1")
        trail.record(
            "demo.used", actor_id=operator.id, subject_kind="instance", subject_id=1, at=clock.now()
        )


@contextmanager
def _somebody_connected() -> Iterator[None]:
    """A web process that has answered a request and keeps its connection."""
    url = db.engine.url
    other = create_engine(url)
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM members"))
        connection.rollback()
        yield
    other.dispose()


@pytest.fixture(autouse=True)
def _alone(app: Flask, request: pytest.FixtureRequest) -> None:
    """Nobody but the application is connected, whatever tests before this one left open."""
    if db.engine.dialect.name == "postgresql":
        request.getfixturevalue("reused").let_go()
        db.engine.dispose()
        with db.engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )


def test_nothing_is_left_and_nothing_fills_it_again(app: Flask) -> None:
    _mark_and_use()

    removal.remove(clock.now())

    assert marking.is_empty()
    assert not marking.is_marked()
    assert not marking.fills_by_itself()
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0
    assert db.session.scalar(select(func.count(Article.id))) == 4
    assert list(in_force.store().list()) == []
    db.session.rollback()
    assert runner.pending(db.engine) == []
    with db.engine.connect() as connection:
        assert guards.missing(connection) == []


def test_an_instance_that_no_demo_filled_is_left_as_it_is(app: Flask) -> None:
    factories.member("Somebody Real")
    in_force.store().put("originals/a-picture", b"picture")
    with pytest.raises(Conflict, match="not filled by the demo"):
        removal.remove(clock.now())
    assert not marking.is_empty()
    assert list(in_force.store().list()) == ["originals/a-picture"]


def test_it_waits_until_nobody_else_has_the_database_open(app: Flask) -> None:
    _mark_and_use()
    with _somebody_connected(), pytest.raises(Conflict, match="is running"):
        removal.remove(clock.now())
    assert not marking.is_empty()
    assert list(in_force.store().list()) != []

    removal.remove(clock.now())
    assert marking.is_empty()


@pytest.mark.one_engine
def test_what_a_killed_process_left_unfinished_goes_as_well(app: Flask, tmp_path: Path) -> None:
    store = LocalStorage(tmp_path / "files")
    in_force.use(store)
    _mark_and_use()
    (tmp_path / "files" / "originals" / ".unfinished-1f").write_bytes(b"half a picture")

    removal.remove(clock.now())

    assert list((tmp_path / "files").iterdir()) == []


@pytest.fixture
def run(
    settings: config.Settings, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """``ideation demo --remove`` with these words, as (exit code, what it said)."""
    monkeypatch.setenv("IDEATION_HOME", str(settings.home))
    monkeypatch.setenv("IDEATION_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("IDEATION_REDIS_URL", settings.redis_url)

    def invoke(*words: str, typed: str = "") -> tuple[int, str]:
        db.session.remove()
        db.engine.dispose()
        result = CliRunner().invoke(main, ["demo", "--remove", *words], input=typed)
        return result.exit_code, result.output

    return invoke


@pytest.mark.one_engine
def test_the_command_asks_first_and_prints_the_way_to_begin(
    run: Callable[..., tuple[int, str]],
) -> None:
    _mark_and_use()
    assert run(typed="n\n")[0] == 1
    assert not marking.is_empty()
    code, said = run("--yes")
    assert code == 0
    assert "/setup/" in said
    assert marking.is_empty()


@pytest.mark.one_engine
def test_the_command_says_in_a_sentence_why_it_does_not(
    run: Callable[..., tuple[int, str]],
) -> None:
    assert run("--yes") == (
        1,
        "Error: This instance was not filled by the demo, so it is left as it is.\n",
    )
