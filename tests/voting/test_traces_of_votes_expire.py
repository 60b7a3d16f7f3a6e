"""Thirty days after close nobody can tell which votes came from one browser or one network."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, or_, select, update

import workers
from ideation.accounts.models import DeviceUse, SessionRow
from ideation.contests.models import Contest
from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.voting import traces
from ideation.voting.models import Tally, Vote
from ideation.voting.recount import recount
from tests import factories
from tests.factories import voting
from workers import schedule

DAY = timedelta(days=1)
assert workers  # its handlers do the jobs


def stage(count: int = 6) -> tuple[Contest, list[int]]:
    """A contest scored from one browser by several members, who all came from one network."""
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    voters = [factories.member() for _ in range(count)]
    for number, voter in enumerate(voters):
        marks = [(design, 1 + (number + place) % 5) for place, design in enumerate(designs)]
        voting.votes(voter, marks, device=b"one browser" if number < 4 else b"")
    with transaction() as current:
        current.execute(update(Vote).where(Vote.contest_id == contest.id).values(network=b"one"))
    return contest, [voter.id for voter in voters]


def traced(contest: Contest) -> int:
    """How many of its votes still tell where they came from."""
    db.session.rollback()
    query = select(func.count()).where(
        Vote.contest_id == contest.id, or_(Vote.device.is_not(None), Vote.network.is_not(None))
    )
    return db.session.scalar(query) or 0


def known(member_ids: list[int]) -> int:
    db.session.rollback()
    query = select(func.count()).where(DeviceUse.member_id.in_(member_ids))
    return db.session.scalar(query) or 0


def sign_out(member_ids: list[int]) -> None:
    with transaction() as current:
        current.execute(
            update(SessionRow)
            .where(SessionRow.member_id.in_(member_ids))
            .values(ended_at=clock.now())
        )


def test_they_go_on_the_thirtieth_day_and_every_tally_stays_valid(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "BATCH", 2)
    contest, voters = stage()
    tally_id = voting.tallied(contest).id
    with transaction():
        db.session.get_one(Contest, contest.id).tallied_at = clock.now()
    running, busy = stage()
    at = clock.now()
    assert traces.expire(at + 29 * DAY) == 0 and traced(contest) == 18
    assert not traces.are_gone(db.session.get_one(Contest, contest.id))
    assert traces.expire(at + 30 * DAY) == 1
    assert traces.are_gone(db.session.get_one(Contest, contest.id))
    assert not traces.are_gone(db.session.get_one(Contest, running.id))
    assert (traced(contest), traced(running)) == (0, 18)
    assert traces.expire(at + 31 * DAY) == 0, "each contest is looked at once"
    assert recount().mismatches == ()
    assert db.session.get_one(Tally, tally_id).counted == 18
    assert known(voters) == 0, "the sessions have run out as well"
    assert known(busy) == 6, "a contest that runs still needs them"


def test_a_browser_is_kept_while_somebody_is_signed_in_there(app: Flask) -> None:
    contest, voters = stage()
    voting.tallied(contest)
    with transaction() as current:
        current.get_one(Contest, contest.id).tallied_at = clock.now()
        later = clock.now() + 40 * DAY
        current.execute(
            update(SessionRow).where(SessionRow.member_id.in_(voters)).values(expires_at=later)
        )
    traces.expire(clock.now() + 31 * DAY)
    assert (traced(contest), known(voters)) == (0, 6)
    sign_out(voters)
    traces.expire(clock.now() + 32 * DAY)
    assert known(voters) == 0


def test_a_contest_that_is_not_counted_yet_keeps_what_its_count_needs(app: Flask) -> None:
    contest, _ = stage()
    with transaction():
        db.session.get_one(Contest, contest.id).closed_at = clock.now()
    assert traces.expire(clock.now() + 60 * DAY) == 0
    assert traced(contest) == 18


def test_of_contests_that_closed_at_one_instant_none_is_forgotten_to_be_forgotten(
    app: Flask,
) -> None:
    (first, _), (second, _) = stage(2), stage(2)
    at = clock.now()
    with transaction() as current:
        for contest in (first, second):
            current.get_one(Contest, contest.id).closed_at = at
        current.get_one(Contest, first.id).tallied_at = at
    assert traces.expire(at + 31 * DAY) == 1, "the second is not counted yet"
    assert (traced(first), traced(second)) == (0, 6)
    with transaction() as current:
        current.get_one(Contest, second.id).tallied_at = at
    assert traces.expire(at + 32 * DAY) == 1
    assert (traced(first), traced(second)) == (0, 0)
    assert traces.expire(at + 33 * DAY) == 0


def test_a_contest_that_was_called_off_keeps_nothing_either(app: Flask) -> None:
    contest, _ = stage()
    with transaction():
        db.session.get_one(Contest, contest.id).cancelled_at = clock.now()
    assert traces.expire(clock.now() + 30 * DAY) == 1
    assert traced(contest) == 0


def test_a_worker_does_it_every_day(app: Flask) -> None:
    contest, _ = stage()
    voting.tallied(contest)
    with transaction():
        db.session.get_one(Contest, contest.id).tallied_at = clock.now()
    clock.move(31 * DAY)
    schedule.enqueue_due(clock.now())
    jobs.run_due()
    assert traced(contest) == 0
