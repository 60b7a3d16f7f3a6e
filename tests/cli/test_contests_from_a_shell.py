from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from ideation.cli import main
from ideation.contests import queries
from ideation.contests.models import Contest
from ideation.core import config
from ideation.core.db import db

TEXTS = """
[en]
title = "Small cities"
brief = "The town you would miss."
[zh-Hans]
title = "小城"
brief = "你会想念的城。"
"""


@pytest.fixture
def texts(tmp_path: Path) -> str:
    path = tmp_path / "texts.toml"
    path.write_text(TEXTS)
    return str(path)


def run(settings: config.Settings, *words: str) -> Result:
    """The command in the test's own instance."""
    db.session.remove()
    environment = {
        "IDEATION_HOME": str(settings.home),
        "IDEATION_DATABASE_URL": settings.database_url,
        "IDEATION_REDIS_URL": settings.redis_url,
        "IDEATION_CLOCK_FILE": str(settings.clock_file),
    }
    result = CliRunner().invoke(main, words, env=environment)
    db.session.remove()
    return result


@pytest.mark.one_engine
def test_a_contest_is_made_changed_listed_and_called_off(
    app: Flask, settings: config.Settings, texts: str
) -> None:
    dates = ["--entry-opens", "2036-03-03 12:00", "--entry-closes", "2036-03-10 12:00"]
    dates += ["--scoring-closes", "2036-03-17 12:00", "--decision-due", "2036-03-24 12:00"]
    promised = ["--texts", texts, "--zone", "Europe/Lisbon", "--prize", "USD:2000:500"]
    made = run(settings, "contests", "create", "small-cities", *dates, *promised)
    assert made.exit_code == 0, made.output
    later = run(
        settings, "contests", "change", "small-cities", "--decision-due", "2036-03-31 12:00"
    )
    assert later.exit_code == 0, later.output
    assert "small-cities" in run(settings, "contests", "list").output
    off = run(settings, "contests", "cancel", "small-cities", "--reason", "Nobody can print it.")
    assert off.exit_code == 0, off.output

    contest = queries.get_by_slug("small-cities")
    assert contest.cancelled_at is not None
    assert contest.decision_due_at.day == 31
    assert (contest.prizes[0].cash_minor, contest.prizes[0].credit_minor) == (200_000, 50_000)
    assert {brief.language for brief in contest.briefs} == {"en", "zh-Hans"}


@pytest.mark.one_engine
def test_a_series_makes_its_editions_and_can_be_paused(
    app: Flask, settings: config.Settings, texts: str
) -> None:
    made = run(settings, "series", "create", "weekly", "--texts", texts, "--weekday", "wed")
    assert made.exit_code == 0, made.output
    assert len(db.session.scalars(select(Contest)).all()) >= 2
    assert run(settings, "series", "pause", "weekly").exit_code == 0
    assert "paused" in run(settings, "series", "list").output


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["contests", "cancel", "nowhere", "--reason", "A good reason."], "no such contest"),
        (["series", "create", "w", "--texts", "TEXTS", "--zone", "Mars/Olympus"], "time zone"),
        (["series", "create", "w", "--texts", "TEXTS", "--prize", "2000"], "USD:2000"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    app: Flask, settings: config.Settings, texts: str, words: list[str], sentence: str
) -> None:
    result = run(settings, *(texts if word == "TEXTS" else word for word in words))
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


@pytest.mark.one_engine
def test_a_jury_keeps_its_quorum_when_dates_move(
    app: Flask, settings: config.Settings, texts: str
) -> None:
    dates = ["--entry-opens", "2036-03-03 12:00", "--entry-closes", "2036-03-10 12:00"]
    dates += ["--scoring-closes", "2036-03-17 12:00", "--decision-due", "2036-03-24 12:00"]
    create = ["contests", "create", "the-jury", *dates, "--texts", texts, "--format", "jury"]
    assert run(settings, *create).exit_code != 0
    assert run(settings, *create, "--quorum", "3").exit_code == 0
    move = ["contests", "change", "the-jury", "--decision-due", "2036-03-31 12:00"]
    assert run(settings, *move).exit_code == 0
    assert queries.get_by_slug("the-jury").quorum == 3
