"""With Redis killed: votes are taken and still counted against their limit, guessing is paused."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask

from ideation.core.db import db
from ideation.core.mail.models import Mail
from ideation.core.outbox import OutboxRow
from ideation.voting.models import Vote
from tests import factories
from tests.factories import Browser, voting
from tests.servers import valkey
from tests.servers.valkey import Valkey


@pytest.fixture
def own_redis() -> Iterator[Valkey]:
    """A Redis that this test alone may break."""
    with valkey.running() as server:
        yield server


@pytest.fixture
def redis_url(own_redis: Valkey) -> str:
    return own_redis.url


def _vote(browser: Browser, slug: str, token: str) -> int:
    answer = browser.post_json(f"/contests/{slug}/votes", {"ballot": token, "stars": "4"})
    return answer.status_code


def test_votes_go_on_and_keep_their_limit(app: Flask, own_redis: Valkey) -> None:
    voter, contest = factories.member(), factories.contest()
    slug = contest.slug
    tokens = [voting.ballot(voter, factories.submission(contest)) for _ in range(3)]
    browser = Browser(app, voter)
    assert _vote(browser, slug, tokens[0]) == 200
    own_redis.kill()
    began = time.monotonic()
    assert [_vote(browser, slug, token) for token in tokens] == [200, 200, 200]
    assert time.monotonic() - began < 4, "nobody waits long for Redis"
    assert db.session.query(Vote).count() == 3
    statuses = {_vote(browser, slug, tokens[0]) for _ in range(30)}
    assert 429 in statuses, "the limit is counted in memory"


def test_guessing_is_paused(app: Flask, own_redis: Valkey) -> None:
    own_redis.kill()
    form = {"email": "somebody@example.org", "password": "harbour lamps"}
    response = Browser(app).post("/sign-in", form)
    assert response.status_code == 503
    own_redis.start()
    assert Browser(app).post("/sign-in", form).status_code == 422


def test_joining_is_kept_and_its_mail_waits_for_a_worker(app: Flask, own_redis: Valkey) -> None:
    before = db.session.query(OutboxRow).count()
    response = Browser(app).post(
        "/join",
        {
            "name": "Ana Reis",
            "email": "ana@example.org",
            "password": "harbour lamps at half past five",
            "agree": "1",
        },
    )
    assert response.status_code == 303
    own_redis.flush()
    assert db.session.query(Mail).count() == 1
    assert db.session.query(OutboxRow).count() > before


def test_pages_need_no_redis(app: Flask, own_redis: Valkey) -> None:
    own_redis.kill()
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert client.get("/readyz").json == {"status": "ready", "redis": False}
