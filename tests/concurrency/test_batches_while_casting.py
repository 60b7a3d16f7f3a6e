"""Eight threads cast while another seals: every line of the log in exactly one batch."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from ideation.core import clock
from ideation.core.db import db
from ideation.proof import batching, checking
from ideation.proof.models import SealedLine
from ideation.submissions.models import Submission
from ideation.voting import ballots
from ideation.voting.models import BallotLogEntry
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import voting

VOTERS, DESIGNS = 16, 12


def _sealing(app: Flask, contest_id: int, stop: threading.Event) -> threading.Thread:
    def run() -> None:
        with app.app_context():
            while not stop.is_set():
                batching.seal(contest_id, at=clock.now())
                stop.wait(0.005)
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _casts(designs: list[Submission]) -> list[Callable[[], object]]:
    voters = [factories.member() for _ in range(VOTERS)]
    ready = [
        (session, voting.ballot(voter, design), stars)
        for voter in voters
        for session in [voting.session_of(voter)]
        for stars, design in enumerate(designs)
    ]
    return [
        lambda session=session, token=token, stars=stars: ballots.cast(
            session, token, 1 + stars % 5, at=clock.now()
        )
        for session, token, stars in ready
    ]


@pytest.mark.only("postgresql")
def test_batches_cover_each_line_exactly_once_while_eight_cast(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest, with_artwork=False) for _ in range(DESIGNS)]
    acts = _casts(designs)
    stop = threading.Event()
    sealer = _sealing(app, contest.id, stop)
    at_once(app, acts, threads=8)
    stop.set()
    sealer.join(30)
    batching.seal(contest.id, at=clock.now())
    checked = checking.verify(contest)
    assert (checked.lines, checked.differences) == (VOTERS * DESIGNS, ())
    assert checked.batches >= 2, "it sealed while they cast, not only after"
    sealed = set(db.session.scalars(select(SealedLine.line_id)))
    assert sealed == set(db.session.scalars(select(BallotLogEntry.id)))


def _cast_behind_a_later_vote(app: Flask, seal: Callable[[int], object]) -> list[str]:
    """A vote takes its id and lingers; a later one commits; then the sealer comes.

    Returns what the check finds once the slow vote has committed and all is sealed.
    """
    contest = factories.contest()
    design = factories.submission(contest, with_artwork=False)
    slow, quick = factories.member(), factories.member()
    slow_session, quick_session = voting.session_of(slow), voting.session_of(quick)
    slow_token, quick_token = voting.ballot(slow, design), voting.ballot(quick, design)
    contest_id = contest.id
    db.session.rollback()
    with db.engine.connect() as connection:
        values = {
            "token_hash": slow_session,
            "dealt_to": slow.id,
            "contest_id": contest_id,
            "submission_id": design.id,
            "slot": 0,
            "position": 0,
            "stars": 4,
            "at": clock.now(),
            "network": None,
        }
        db.session.rollback()
        assert slow_token
        ballots._cast_in_one_statement(connection, values)
        ballots.cast(quick_session, quick_token, 5, at=clock.now())
        sealer = threading.Thread(target=_in_context, args=(app, seal, contest_id))
        sealer.start()
        sealer.join(0.5)
        connection.commit()
        sealer.join(20)
    batching.seal(contest_id, at=clock.now())
    assert db.session.scalar(select(func.count(BallotLogEntry.id))) == 2
    return list(checking.verify(contest).differences)


def _in_context(app: Flask, seal: Callable[[int], object], contest_id: int) -> None:
    with app.app_context():
        seal(contest_id)
        db.session.remove()


@pytest.mark.only("postgresql")
def test_the_sealer_waits_for_a_vote_that_holds_an_earlier_id(app: Flask) -> None:
    assert _cast_behind_a_later_vote(app, lambda one: batching.seal(one, at=clock.now())) == []


@pytest.mark.only("postgresql")
def test_control_without_the_exclusive_lock_a_line_is_missed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = text("SELECT coalesce(max(id), 0) FROM ballot_log WHERE contest_id = :contest")

    def unguarded(contest_id: int) -> int:
        return int(db.session.execute(newest, {"contest": contest_id}).scalar_one())

    monkeypatch.setattr(batching, "_edge", unguarded)
    found = _cast_behind_a_later_vote(app, lambda one: batching.seal(one, at=clock.now()))
    assert len(found) == 1 and "was slipped in" in found[0]
