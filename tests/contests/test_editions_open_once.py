import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from ideation.contests import series
from ideation.contests.briefs import Text, read
from ideation.contests.models import Contest, Series
from ideation.contests.phases import Phase, phase
from ideation.core.db import db, transaction
from tests.contests.plans import series_plan

#: A Wednesday: the edition that opened on Monday takes entries.
AT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def a_series(**values: object) -> Series:
    with transaction():
        return series.create(None, series_plan(**values), at=AT)


def open_at(one: Series, at: datetime) -> list[Contest]:
    with transaction():
        return series.open_editions(one, at)


def test_the_running_edition_and_two_to_come_are_made(app: Flask) -> None:
    made = open_at(a_series(), AT)

    assert [contest.slug for contest in made] == ["week-48-2026", "week-49-2026", "week-50-2026"]
    assert [contest.week for contest in made] == [48, 49, 50]
    assert [phase(contest, AT) for contest in made] == [
        Phase.ENTRY,
        Phase.UPCOMING,
        Phase.UPCOMING,
    ]
    assert open_at(made[0].series, AT) == []


def test_editions_overlap_so_that_something_is_always_open(app: Flask) -> None:
    one = a_series()
    for days in range(0, 21, 7):
        open_at(one, AT + timedelta(days=days))
    at = AT + timedelta(days=14)
    phases = Counter(phase(contest, at) for contest in db.session.scalars(select(Contest)))
    assert (phases[Phase.ENTRY], phases[Phase.SCORING]) == (1, 1)


def test_themes_are_taken_in_order_and_then_the_series_own_words(app: Flask) -> None:
    themes = tuple({"en": Text(title, "Draw it.")} for title in ("Fog", "Ferries"))
    one = a_series(themes=themes)
    made = open_at(one, AT)

    assert [read(contest, "en").title for contest in made] == ["Fog", "Ferries", "The weekly"]
    assert {read(contest, "en").text.rules for contest in made} == {"Your own work."}
    assert one.themes == []


def test_a_paused_series_makes_nothing_and_a_resumed_one_leaves_out_what_is_over(
    app: Flask,
) -> None:
    one = a_series()
    open_at(one, AT)
    with transaction():
        series.pause(None, one.id, at=AT)
    later = AT + timedelta(weeks=10)
    assert open_at(one, later) == []
    with transaction():
        series.resume(None, one.id, at=later)
    made = open_at(one, later)

    assert [contest.number for contest in made] == [4, 5, 6]
    assert all(contest.entry_closes_at > later for contest in made)


def test_a_second_series_in_the_same_week_has_addresses_of_its_own(app: Flask) -> None:
    open_at(a_series(), AT)
    made = open_at(a_series(slug="totes"), AT)
    assert made[0].slug == "totes-week-48-2026"


def race(app: Flask, one_id: int) -> Counter[tuple[int, int]]:
    """Two tickers at once; the editions that stand afterwards, by week and number."""
    start = threading.Barrier(2)

    def tick() -> None:
        with app.app_context():
            start.wait(10)
            with transaction():
                series.open_editions(Series(id=one_id), AT)
            db.session.remove()

    tickers = [threading.Thread(target=tick) for _ in range(2)]
    for ticker in tickers:
        ticker.start()
    for ticker in tickers:
        ticker.join(30)
    db.session.rollback()  # what was read before the race is an old snapshot
    rows = db.session.execute(select(Contest.week, Contest.number))
    return Counter((row.week, row.number) for row in rows)


def test_two_tickers_make_each_edition_once(app: Flask) -> None:
    made = race(app, a_series().id)
    assert made == Counter({(48, 1): 1, (49, 2): 1, (50, 3): 1})


@pytest.fixture
def slow_making(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both tickers have looked before either writes, as on a slow day."""
    together = threading.Barrier(2)
    due = series._due

    @contextmanager
    def both() -> Iterator[None]:
        together.wait(10)
        yield

    def due_together(*args: object, **kwargs: object) -> object:
        with both():
            return due(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(series, "lock_row", lambda statement: statement)
    monkeypatch.setattr(series, "_due", due_together)
    yield


@pytest.mark.only("postgresql")
def test_without_the_lock_the_unique_number_still_holds(app: Flask, slow_making: None) -> None:
    made = race(app, a_series().id)
    assert max(made.values()) == 1


@pytest.mark.only("postgresql")
def test_control_without_lock_and_constraints_editions_double(
    app: Flask, slow_making: None
) -> None:
    with transaction() as session:
        for name in ("uq_contests_series_id_number", "uq_contests_slug"):
            session.execute(text(f"ALTER TABLE contests DROP CONSTRAINT {name}"))
    made = race(app, a_series().id)
    assert max(made.values()) == 2
