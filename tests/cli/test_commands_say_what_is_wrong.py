"""Commands refuse in one sentence, show no secret, and doctor sees what is not in order."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from ideation.accounts.grants import Role
from ideation.cli import main
from ideation.core import clock, config, jobs, queues
from ideation.core.config import SETTINGS
from ideation.core.db import db, is_postgresql, transaction
from tests import factories

URLS = {
    "IDEATION_MAIL_URL": "smtp://user:hunter2@mail.example",
    "IDEATION_SECRET_KEY": "hunter2" * 6,
    "IDEATION_DATABASE_URL": "postgresql://me:hunter2@db.example/ideation?password=hunter2",
    "IDEATION_REDIS_URL": "redis://:hunter2@redis.example",
}


@pytest.fixture
def environment(settings: config.Settings) -> dict[str, str]:
    return {
        "IDEATION_HOME": str(settings.home),
        "IDEATION_DATABASE_URL": settings.database_url,
        "IDEATION_REDIS_URL": settings.redis_url,
        "IDEATION_SECRET_KEY": settings.secret_key,
    }


@pytest.fixture
def instance(app: Flask, settings: config.Settings) -> Iterator[None]:
    """An instance in order: an operator, a worker that says it is there."""
    settings.home.mkdir(parents=True, exist_ok=True)
    factories.member(roles=(Role.OPERATOR,))
    db.session.remove()
    queues.connection().sadd("rq:workers", "rq:worker:test")
    queues.connection().hset("rq:worker:test", "pid", "1")
    yield


def _run(environment: dict[str, str], *words: str) -> Result:
    result = CliRunner().invoke(main, list(words), env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_settings_lists_every_one_and_masks_secrets(tmp_path: Path) -> None:
    said = _run({"IDEATION_HOME": str(tmp_path), **URLS}, "settings").output
    for setting in SETTINGS:
        assert setting.name in said
        assert setting.meaning in said
    assert "hunter2" not in said
    assert said.count("••••••") > len(URLS)
    assert "postgresql+psycopg://••••••@db.example/ideation" in said


def test_a_broken_setting_ends_any_command_with_a_sentence(tmp_path: Path) -> None:
    for command in ("settings", "doctor", "migrate", "setup-link", "up"):
        result = _run({"IDEATION_HOME": str(tmp_path), "IDEATION_PORT": "http"}, command)
        assert result.exit_code == 1
        assert result.output == (
            "Error: IDEATION_PORT: 'http' cannot be used; write a whole number from 1 to 65535.\n"
        )


def test_a_database_that_is_behind_is_named(tmp_path: Path) -> None:
    environment = {"IDEATION_HOME": str(tmp_path)}
    assert "Run `ideation migrate` first." in _run(environment, "setup-link").output
    assert _run(environment, "migrate", "--check").exit_code == 1
    assert "migrations wait. Run `ideation migrate`." in _run(environment, "doctor").output
    assert _run(environment, "migrate").exit_code == 0
    assert _run(environment, "migrate").output == "The database is up to date.\n"
    assert "/setup/" in _run(environment, "setup-link").output


def test_with_an_operator_there_is_no_other_link(
    instance: None, environment: dict[str, str]
) -> None:
    result = _run(environment, "setup-link")
    assert result.exit_code == 1
    assert "There is an operator already" in result.output


def test_doctor_is_content_with_an_instance_in_order(
    instance: None, environment: dict[str, str]
) -> None:
    assert _run(environment, "doctor").output == "Everything is in order.\n"


def test_doctor_sees_a_missing_guard(instance: None, environment: dict[str, str]) -> None:
    on = " ON tallies" if is_postgresql() else ""
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_tallies_update{on}"))
    result = _run(environment, "doctor")
    assert result.exit_code == 1
    assert "Guards are missing: guard_tallies_update" in result.output


def test_doctor_sees_work_that_waits_or_failed(
    instance: None, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = jobs.Job("tests.lost", attempts=1)
    for _ in range(2):
        with transaction():
            jobs.enqueue(lost, at=clock.now() - timedelta(minutes=10))
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET failed_at = created_at WHERE id = 1"))
    said = _run(environment, "doctor").output
    assert "1 job failed for good" in said
    assert "1 job waits for more than five minutes" in said


def test_doctor_sees_redis_away_and_nobody_working(
    instance: None, environment: dict[str, str]
) -> None:
    queues.connection().flushall()
    assert "No worker is running" in _run(environment, "doctor").output
    away = {**environment, "IDEATION_REDIS_URL": "redis://127.0.0.1:1/0"}
    assert "Redis does not answer" in _run(away, "doctor").output


@pytest.mark.one_engine
def test_doctor_sees_a_full_disk(
    instance: None, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly_full = shutil.disk_usage("/")._replace(free=10 * 1024 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: nearly_full)
    assert "Only 10 MB are free" in _run(environment, "doctor").output
