"""Redis flushed, then killed, while people vote: every vote is taken, and closing still counts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.core import clock, jobs, queues
from ideation.core.db import db
from ideation.voting.models import Tally, Vote
from ideation.voting.recount import recount
from tests import factories
from tests.factories import Browser
from tests.servers import valkey
from workers import schedule


@pytest.fixture
def own_redis() -> Iterator[valkey.Valkey]:
    with valkey.running() as server:
        yield server


@pytest.fixture
def redis_url(own_redis: valkey.Valkey) -> str:
    """Instead of the server that all tests share."""
    return own_redis.url


def test_votes_are_taken_and_counted_whatever_becomes_of_redis(
    app: Flask, own_redis: valkey.Valkey
) -> None:
    contest = factories.contest()
    for _ in range(6):
        factories.submission(contest)
    slug = contest.slug
    statuses = []

    def everybody_scores() -> None:
        browser = Browser(app, factories.member())
        for _ in range(3):
            hand = browser.get(f"/contests/{slug}/deck").json
            assert hand
            form = {"ballot": hand["ballots"][0]["token"], "stars": "4"}
            answer = browser.post_json(f"/contests/{slug}/votes", form)
            statuses.append(answer.status_code)

    everybody_scores()
    own_redis.flush()
    everybody_scores()
    own_redis.kill()
    assert not queues.is_reachable()
    everybody_scores()
    assert statuses == [200] * 9
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 9

    clock.move(timedelta(days=5))
    for _ in range(2):  # the first closes, which asks for the count
        schedule.enqueue_due(clock.now())
        jobs.run_due()
    assert db.session.scalars(select(Tally.counted)).one() == 9
    assert recount().mismatches == ()


def test_the_limit_still_counts_while_redis_is_away(app: Flask, own_redis: valkey.Valkey) -> None:
    contest = factories.contest()
    factories.submission(contest)
    browser = Browser(app, factories.member())
    hand = browser.get(f"/contests/{contest.slug}/deck").json
    assert hand
    own_redis.kill()
    path = f"/contests/{contest.slug}/votes"
    statuses = []
    for number in range(12):
        form = {"ballot": hand["ballots"][0]["token"], "stars": str(1 + number % 5)}
        statuses.append(browser.post_json(path, form).status_code)
    assert statuses[0] == 200 and 429 in statuses
