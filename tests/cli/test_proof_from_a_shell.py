"""``ideation results``: verify, heads, files, recount."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from ideation.cli.results import results
from ideation.contests.models import Contest
from ideation.core import clock, config, jobs
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.core.storage.local import LocalStorage
from ideation.proof import batching
from tests import factories
from tests.factories import voting

Shell = Callable[..., Result]


@pytest.fixture
def shell(app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("IDEATION_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("IDEATION_HOME", str(settings.home))
    monkeypatch.setenv("IDEATION_REDIS_URL", settings.redis_url)
    in_force.use(LocalStorage(settings.home / "files"))
    monkeypatch.setenv("IDEATION_STORAGE_URL", f"file://{settings.home / 'files'}")
    return lambda *words: CliRunner().invoke(results, list(words))


@pytest.fixture
def contest(shell: Shell) -> Contest:
    one = factories.contest()
    designs = [factories.submission(one, with_artwork=False) for _ in range(3)]
    for number in range(4):
        marks = [(each, 1 + (number + at) % 5) for at, each in enumerate(designs)]
        voting.votes(factories.member(), marks)
    batching.seal(one.id, at=clock.now())
    voting.tallied(one)
    jobs.run_due()
    db.session.rollback()
    return one


def test_files_are_listed_copied_and_verified(
    shell: Shell, contest: Contest, tmp_path: Path
) -> None:
    listed = shell("files", contest.slug, "--rebuild", "--to", str(tmp_path))
    assert listed.exit_code == 0, listed.output
    names = sorted(path.name for path in tmp_path.glob("*.gz"))
    assert names == [f"{contest.slug}-tally-1-audit.txt.gz", f"{contest.slug}-tally-1.txt.gz"]
    verified = shell("verify", str(tmp_path / names[1]), "--top", "2")
    assert verified.exit_code == 0 and "The count agrees" in verified.output, verified.output
    forged = tmp_path / "forged.txt.gz"
    forged.write_bytes((tmp_path / names[1]).read_bytes()[:-30])
    assert shell("verify", str(forged)).exit_code == 2


def test_heads_are_printed_and_a_changed_line_is_named(shell: Shell, contest: Contest) -> None:
    head = batching.head(contest.id)
    db.session.rollback()
    honest = shell("heads", "--check")
    assert honest.exit_code == 0 and head in honest.output, honest.output
    assert "Every line is as it was sealed." in honest.output
    on = "" if db.engine.dialect.name == "sqlite" else " ON ballot_log"
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_ballot_log_update{on}"))
        connection.execute(
            text("UPDATE ballot_log SET stars = 6 - stars WHERE stars <> 3 AND slot = 0")
        )
    altered = shell("heads", contest.slug, "--check")
    assert altered.exit_code == 1 and "was changed" in altered.output, altered.output
    counted = shell("recount", contest.slug)
    assert counted.exit_code == 1 and "of the ballot log was changed" in counted.output


@pytest.mark.one_engine
def test_a_recount_says_how_many_batches_it_hashed(shell: Shell, contest: Contest) -> None:
    counted = shell("recount")
    assert counted.exit_code == 0 and "sealed batches: 1" in counted.output, counted.output


@pytest.mark.one_engine
def test_a_replay_stands_beside_the_tally(shell: Shell, contest: Contest) -> None:
    again = shell("replay", contest.slug, "--rule", "mean", "--prior", "30", "--without-light")
    assert again.exit_code == 0 and "prior – (tally 1" in again.output, again.output
    fair = shell("replay", contest.slug, "--prior", "30")
    assert fair.exit_code == 0 and "prior 30 (tally 1" in fair.output, fair.output
    assert "Places that go to another design: 0 of 6." in again.output
    assert shell("replay", contest.slug, "--prior", "200").exit_code == 2
