"""200 members at once on one design, one member 50 times at once: every count exact."""

import random
import time
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from ideation.core import clock
from ideation.core.db import db, is_postgresql
from ideation.voting import ballots
from ideation.voting.ballots import Outcome
from ideation.voting.models import BallotAction, BallotLogEntry, Vote
from ideation.voting.recount import recount
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import voting


def test_200_members_at_once_on_one_design(app: Flask) -> None:
    submission = factories.submission(factories.contest())
    voters = [factories.member() for _ in range(200)]
    given = [1 + number % 5 for number in range(200)]
    ready = [
        (voting.session_of(voter), voting.ballot(voter, submission), stars)
        for voter, stars in zip(voters, given, strict=True)
    ]
    answers = at_once(
        app,
        [
            lambda session=session, token=token, stars=stars: ballots.cast(
                session, token, stars, at=clock.now()
            )
            for session, token, stars in ready
        ],
    )
    assert Counter(answer.outcome for answer in answers) == {Outcome.CAST: 200}
    assert Counter(db.session.scalars(select(Vote.stars))) == Counter(given)
    assert db.session.scalar(select(func.count(BallotLogEntry.id))) == 200
    assert recount().mismatches == ()


def test_one_member_50_times_at_once(app: Flask) -> None:
    voter, submission = factories.member(), factories.submission(factories.contest())
    session, token = voting.session_of(voter), voting.ballot(voter, submission)
    answers = at_once(
        app,
        [
            lambda stars=1 + number % 5: ballots.cast(session, token, stars, at=clock.now())
            for number in range(50)
        ],
    )
    outcomes = Counter(answer.outcome for answer in answers)
    assert outcomes[Outcome.CAST] == 1 and outcomes[Outcome.REFUSED] == 0
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 1
    actions = Counter(db.session.scalars(select(BallotLogEntry.action)))
    assert actions == {BallotAction.CAST: 1, BallotAction.CHANGE: outcomes[Outcome.CHANGED]}
    assert recount().mismatches == (), "the last line of the log is the vote that stands"


def test_control_reading_before_writing_fails(app: Flask) -> None:
    """The same crowd against a vote that asks first and writes later: what the upsert is for."""
    voter, submission = factories.member(), factories.submission(factories.contest())
    voter_id, submission_id, contest_id = voter.id, submission.id, submission.contest_id
    failures = at_once(
        app, [lambda: _naive(voter_id, submission_id, contest_id) for _ in range(50)]
    )
    assert any(failures)


def _naive(voter_id: int, submission_id: int, contest_id: int) -> bool:
    """Whether the naive vote was lost to a rival's."""
    try:
        before = db.session.get(Vote, (submission_id, voter_id))
        time.sleep(random.random() / 20)
        if before is None:
            db.session.add(
                Vote(
                    submission_id=submission_id,
                    member_id=voter_id,
                    contest_id=contest_id,
                    stars=3,
                    slot=0,
                    position=0,
                    cast_at=clock.now(),
                )
            )
        db.session.commit()
    except (IntegrityError, OperationalError):
        db.session.rollback()
        return True
    return False


@pytest.mark.only("postgresql")
def test_control_a_log_written_apart_from_the_lock_disagrees(app: Flask) -> None:
    """Votes changed past the statement leave the log behind, and the recount says so."""
    voter, submission = factories.member(), factories.submission(factories.contest())
    voting.vote(voter, submission, 3)
    assert is_postgresql()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE votes SET stars = 5"))
    assert [mismatch.tally for mismatch in recount().mismatches] == [0]
