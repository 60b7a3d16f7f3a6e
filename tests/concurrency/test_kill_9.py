"""Web, worker, Redis and PostgreSQL are killed at random under load: what was said stands."""

import os
import random
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ideation.core import clock
from ideation.core.db import db
from ideation.submissions.models import Artwork, ArtworkState
from ideation.voting.recount import recount
from tests import factories
from tests.concurrency import loads
from tests.concurrency.loads import Load
from tests.servers import mortals
from tests.servers.mortals import House

KILLS = 200 if os.environ.get("IDEATION_TEST_SOAK") else 12
VICTIMS = ("web", "worker", "redis", "postgres")
HEALTHY_WITHIN_SECONDS = 10


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with mortals.running() as house, house.app.app_context():
        yield house


def test_nothing_acknowledged_is_lost_whatever_is_killed(house: House) -> None:
    crowd = _crowd(house)
    for one in crowd:
        one.start()
    recoveries = []
    for victim in _victims(random.Random()):
        time.sleep(random.uniform(0.1, 0.6))
        house.kill(victim)
        time.sleep(random.uniform(0, 0.5))
        house.start(victim)
        recoveries.append((house.seconds_to_health(), victim))
    for one in crowd:
        one.finish()
    house.move(timedelta(minutes=2))  # what a killed worker held is free again
    mortals.until(lambda: _processing() == 0, "every picture is rendered")
    db.session.rollback()
    assert [line for one in crowd for line in one.lost()] == []
    assert recount().mismatches == ()
    assert all(one.acknowledged for one in crowd), "there was a load"
    assert max(recoveries)[0] < HEALTHY_WITHIN_SECONDS, recoveries


def test_control_where_commits_wait_for_no_log_votes_are_lost(house: House) -> None:
    """The same voters on a server that answers before its log is written: what the guard is for."""
    house.postgres.set(synchronous_commit="off", wal_writer_delay="10s")
    try:
        (voter, *_others) = _crowd(house)
        for _ in range(10):
            voter.act()
        house.kill("postgres")
    finally:
        house.start("postgres")
        house.postgres.set(synchronous_commit="on", wal_writer_delay="200ms")
    assert house.seconds_to_health() < HEALTHY_WITHIN_SECONDS
    db.session.rollback()
    assert voter.lost() != []


def _crowd(house: House) -> Sequence[Load]:
    now = clock.now()
    contest = factories.contest(scoring_closes_at=now + timedelta(days=60))
    designs = [factories.submission(contest) for _ in range(20)]
    drafts = loads.drafts(factories.contest("entry"), 20)
    voters = [loads.Voter(house.app, house.url, factories.member(), designs) for _ in range(4)]
    uploader = loads.Uploader(house.app, house.url, drafts)
    db.session.rollback()
    return [*voters, uploader]


def _victims(lot: random.Random) -> list[str]:
    """As many of each, in any order."""
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(KILLS)]
    lot.shuffle(victims)
    return victims


def _processing() -> int:
    db.session.rollback()
    waiting = select(func.count()).where(Artwork.state == ArtworkState.PROCESSING)
    return db.session.scalar(waiting) or 0
