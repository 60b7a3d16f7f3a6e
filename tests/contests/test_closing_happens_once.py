import threading
from datetime import timedelta

import pytest
from flask import Flask

from ideation.contests import lifecycle
from ideation.contests.events import ContestClosed, ScoringOpened
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core import clock, events, jobs
from ideation.core.db import db, transaction
from tests import factories
from workers import contests as worker

RIVALS = 8


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    heard: list[object] = []
    for kind in (ContestClosed, ScoringOpened):
        monkeypatch.setitem(events._subscribers, kind, [heard.append])
    return heard


def close_by_rivals(app: Flask, contest_id: int) -> int:
    """How many of eight rivals believe to have closed the contest."""
    start = threading.Barrier(RIVALS)
    closed: list[bool] = []

    def close() -> None:
        with app.app_context():
            start.wait(20)
            with transaction():
                closed.append(lifecycle.close(contest_id, clock.now()))
            db.session.remove()

    rivals = [threading.Thread(target=close) for _ in range(RIVALS)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(60)
    assert len(closed) == RIVALS
    return sum(closed)


def test_of_eight_rivals_one_closes(app: Flask, told: list[object]) -> None:
    contest = factories.contest("tallying")
    assert close_by_rivals(app, contest.id) == 1
    assert len(told) == 1


def test_control_without_the_conditional_update_rivals_close_again(
    app: Flask, told: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = factories.contest("tallying")
    stale = lifecycle.editions.get_locked

    def unguarded(contest_id: int) -> Contest:
        one = stale(contest_id)
        one.closed_at = None
        return one

    monkeypatch.setattr(lifecycle.editions, "get_locked", unguarded)
    monkeypatch.setattr(lifecycle, "_mark", lambda *_args: True)
    assert close_by_rivals(app, contest.id) == RIVALS


def test_nothing_closes_before_its_time(app: Flask, told: list[object]) -> None:
    contest = factories.contest("scoring")
    with transaction():
        assert not lifecycle.close(contest.id, contest.scoring_closes_at - timedelta(seconds=1))
    with transaction():
        assert lifecycle.close(contest.id, contest.scoring_closes_at)


def test_what_the_demo_still_fills_is_passed_by(app: Flask) -> None:
    contest = factories.contest("tallying", is_whole=False, briefs_frozen_at=None)
    worker.advance()
    assert contest.closed_at is None
    assert contest.briefs_frozen_at is None


def test_what_was_called_off_never_closes(app: Flask, told: list[object]) -> None:
    contest = factories.contest("tallying", cancelled_at=clock.now() - timedelta(days=2))
    worker.advance()
    assert contest.closed_at is None
    assert told == []


def test_scoring_is_told_of_once(app: Flask, told: list[object]) -> None:
    contest = factories.contest("scoring")
    for _ in range(3):
        worker.advance()
    assert contest.scoring_begun_at is not None
    assert len(told) == 1


def test_a_tally_is_noted_once_and_only_after_the_close(app: Flask) -> None:
    contest = factories.contest("tallying")
    at = clock.now()
    with transaction():
        assert not lifecycle.set_tallied(contest.id, at)
    with transaction():
        assert lifecycle.close(contest.id, at)
    assert phase(contest, at) is Phase.TALLYING
    with transaction():
        assert lifecycle.set_tallied(contest.id, at)
        assert not lifecycle.set_tallied(contest.id, at + timedelta(days=1))
    assert contest.tallied_at == at
    assert phase(contest, at) is Phase.DECISION


@pytest.mark.one_engine
def test_every_job_of_contests_has_a_worker(app: Flask) -> None:
    ours = {lifecycle.ADVANCE.name, lifecycle.OPEN_EDITIONS.name}
    assert not ours & set(jobs.without_handler())
