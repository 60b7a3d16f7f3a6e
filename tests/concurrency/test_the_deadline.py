"""The last second of a contest: every vote is counted or refused, and every answer is true."""

import os
import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from ideation.contests import lifecycle
from ideation.contests.models import Contest
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.submissions.models import Submission
from ideation.voting import ballots
from ideation.voting.ballots import Outcome
from ideation.voting.models import Tally, Vote
from ideation.voting.policies import Refusal
from ideation.voting.recount import recount
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import voting

IS_SOAK = bool(os.environ.get("IDEATION_TEST_SOAK"))
DESIGNS = 25
VOTERS = 200 if IS_SOAK else 40
ROUNDS = 20 if IS_SOAK else 1


@pytest.mark.parametrize("chance", range(ROUNDS))
def test_1000_votes_within_two_seconds_of_closing(app: Flask, chance: int) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest, with_artwork=False) for _ in range(DESIGNS)]
    voters = [factories.member() for _ in range(VOTERS)]
    ready = [
        (session, voting.ballot(voter, design))
        for voter in voters
        for session in [voting.session_of(voter)]
        for design in designs
    ]
    closes_at = clock.now() + timedelta(seconds=2.5)
    with transaction():
        db.session.get_one(Contest, contest.id).scoring_closes_at = closes_at
    lot = random.Random(chance)
    plan = sorted(
        (closes_at + timedelta(seconds=lot.uniform(-2, 2)), session, token, 1 + lot.randrange(5))
        for session, token in ready
    )

    def cast(due: datetime, session: bytes, token: str, stars: int) -> ballots.Cast:
        time.sleep(max(0.0, (due - clock.now()).total_seconds()))
        return ballots.cast(session, token, stars, at=clock.now())

    closer = _closing(app, contest.id, closes_at)
    answers = at_once(app, [lambda one=one: cast(*one) for one in plan], threads=24)
    closer.join(60)
    outcomes = Counter(answer.outcome for answer in answers)
    assert set(outcomes) == {Outcome.CAST, Outcome.REFUSED}
    assert outcomes.total() == DESIGNS * VOTERS
    assert {answer.refusal for answer in answers} == {None, Refusal.CLOSED}
    counted = db.session.scalar(select(func.count()).select_from(Vote))
    assert counted == outcomes[Outcome.CAST], "who was told it counts is counted, nobody else"
    late = select(func.count()).where(Vote.cast_at >= closes_at)
    assert db.session.scalar(late) == 0
    db.session.rollback()
    jobs.run_due()
    tally = db.session.scalars(select(Tally)).one()
    assert tally.counted + tally.uncounted == counted
    assert recount().mismatches == ()


def _closing(app: Flask, contest_id: int, closes_at: datetime) -> threading.Thread:
    """A worker that closes the contest as soon as it may."""

    def close() -> None:
        with app.app_context():
            while True:
                with transaction():
                    closed = lifecycle.close(contest_id, clock.now())
                if closed:
                    break
                time.sleep(0.02)
            db.session.remove()

    thread = threading.Thread(target=close)
    thread.start()
    return thread


def _closing_soon() -> tuple[Submission, bytes, str, datetime]:
    """A contest whose window ends in a moment, and a voter whose request has just come in."""
    submission = factories.submission(factories.contest())
    voter = factories.member()
    at = clock.now()
    with transaction():
        contest = db.session.get_one(Contest, submission.contest_id)
        contest.scoring_closes_at = at + timedelta(milliseconds=1)
    return submission, voting.session_of(voter), voting.ballot(voter, submission), at


def _close_by_hand(contest_id: int) -> object:
    return update(Contest).where(Contest.id == contest_id).values(closed_at=datetime.now(UTC))


@pytest.mark.only("postgresql")
def test_a_vote_that_waits_for_the_closer_meets_what_the_closer_wrote(app: Flask) -> None:
    submission, session, token, at = _closing_soon()
    contest_id = submission.contest_id
    with db.engine.connect() as closer:
        closer.execute(select(Contest.id).where(Contest.id == contest_id).with_for_update())
        closer.execute(_close_by_hand(contest_id))
        waiting: list[ballots.Cast] = []

        def cast() -> None:
            with app.app_context():
                waiting.append(ballots.cast(session, token, 5, at=at))
                db.session.remove()

        voter = threading.Thread(target=cast)
        voter.start()
        _until_blocked()
        assert waiting == [], "the vote waits for the lock"
        closer.commit()
        voter.join(10)
    assert waiting[0].refusal is Refusal.CLOSED
    assert db.session.scalars(select(Vote)).all() == []


@pytest.mark.only("postgresql")
def test_control_without_the_lock_a_late_vote_slips_in(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same statement without FOR SHARE reads the contest as it was, and its vote stands
    although the closer had set ``closed_at`` before: the tally could miss it.
    """
    submission, session, token, at = _closing_soon()
    contest_id = submission.contest_id
    unguarded = text(str(ballots._ONE_STATEMENT).replace("FOR SHARE", ""))
    unguarded = unguarded.bindparams(
        *(
            parameter
            for parameter in ballots._ON_POSTGRESQL._bindparams.values()
            if parameter.key in {"at", "insiders"}
        )
    )
    monkeypatch.setattr(ballots, "_ON_POSTGRESQL", unguarded)
    # A vote's foreign key asks for a KEY SHARE of the contest's row, which an update of other
    # columns does not refuse: it is FOR SHARE alone that makes the vote wait.
    with db.engine.connect() as closer:
        closer.execute(_close_by_hand(contest_id))
        answer = ballots.cast(session, token, 5, at=at)
        closer.commit()
    assert answer.outcome is Outcome.CAST
    assert len(db.session.scalars(select(Vote)).all()) == 1


def _until_blocked() -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(200):
        with db.engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for the lock")
