"""How often is too often, and what holds while Redis is away."""

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from ideation.app import create_app
from ideation.core import config, redis_server
from ideation.core.db import db
from ideation.http import limits
from ideation.http.guards import Who, who
from tests import factories
from tests.factories.people import PASSWORD, joined

pytestmark = pytest.mark.one_engine

ADA = {"email": "ada.lind@example.org", "password": PASSWORD}


def test_ten_guesses_a_minute_and_no_more_whoever_they_are_about(app: Flask) -> None:
    joined("Ada Lind")
    browser = factories.Browser(app)
    for number in range(10):
        form = {"email": f"someone{number}@example.org", "password": "a wrong guess"}
        assert browser.post("/sign-in", form).status_code == 422
    assert browser.post("/sign-in", ADA).status_code == 429
    assert browser.get("/sign-in").status_code == 200
    elsewhere = browser.post("/sign-in", ADA, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 303


def test_a_household_of_the_newer_addresses_shares_one_allowance(app: Flask) -> None:
    browser = factories.Browser(app)
    statuses = [
        browser.post(
            "/sign-in",
            {"email": "a@example.org", "password": "a wrong guess"},
            environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"},
        ).status_code
        for number in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_one_account_is_guessed_at_a_hundred_times_a_day_from_everywhere(app: Flask) -> None:
    joined("Ada Lind")
    browser = factories.Browser(app)
    for number in range(100):
        guess = browser.post(
            "/sign-in",
            {"email": " ADA.lind@example.org", "password": "a wrong guess"},
            environ_base={"REMOTE_ADDR": f"203.0.{number}.7"},
        )
        assert guess.status_code == 422
    one_more = browser.post("/sign-in", ADA, environ_base={"REMOTE_ADDR": "198.51.100.1"})
    assert one_more.status_code == 429


def test_without_redis_nobody_signs_in_and_votes_are_counted_in_memory(
    settings: config.Settings,
) -> None:
    with _own_redis() as (url, server):
        app = create_app(replace(settings, redis_url=url))
        app.config["TESTING"] = True
        app.add_url_rule("/a-vote", view_func=_a_vote, methods=["POST"])
        with app.app_context():
            member = joined("Ada Lind")
            assert factories.Browser(app).post("/sign-in", ADA).status_code == 303
            server.send_signal(signal.SIGKILL)
            server.wait()
            began = time.monotonic()
            statuses = _try_every_door(app, member.handle)
            assert statuses == [503] * len(statuses)
            assert time.monotonic() - began < 10
            assert factories.Browser(app).get("/sign-in").status_code == 200
            voter = factories.Browser(app, member)
            votes = [voter.post("/a-vote").status_code for _ in range(12)]
            assert votes[0] == 200
            assert 429 in votes
            db.session.remove()
            db.engine.dispose()


def test_control_without_the_counter_asked_for_the_door_stays_open(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ideation.web.sign_in.require_counter", lambda: None)
    with _own_redis() as (url, server):
        app = create_app(replace(settings, redis_url=url))
        app.config["TESTING"] = True
        with app.app_context():
            joined("Ada Lind")
            server.send_signal(signal.SIGKILL)
            server.wait()
            assert factories.Browser(app).post("/sign-in", ADA).status_code == 303
            db.session.remove()
            db.engine.dispose()


@limits.VOTES
@who(Who.ANYONE)
def _a_vote() -> str:
    return "counted"


def _try_every_door(app: Flask, handle: str) -> list[int]:
    """Each from an address of its own, so that the count in memory refuses none of them first."""
    visitor = factories.Browser(app)
    member = factories.Browser(app, factories.member(f"Other {handle}"))
    doors = [
        (visitor, "/sign-in", ADA),
        (visitor, "/join", {**ADA, "name": "New", "agree": "1"}),
        (visitor, "/reset", ADA),
        (visitor, "/reset/some-token", ADA),
        (visitor, "/confirm/some-token", {}),
        (visitor, "/setup/some-token", ADA),
        (member, "/confirm", {"code": "123456"}),
        (member, "/confirm/mails", {}),
        (member, "/settings/password", {"current": "x"}),
        (member, "/settings/email", ADA),
        (member, "/settings/privacy/erasure", {"password": "x", "sure": "1"}),
    ]
    return [
        browser.post(path, form, environ_base={"REMOTE_ADDR": f"203.0.113.{n}"}).status_code
        for n, (browser, path, form) in enumerate(doors)
    ]


@contextmanager
def _own_redis() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with tempfile.TemporaryDirectory(prefix="idl") as folder:
        socket = Path(folder) / "redis.sock"
        server = subprocess.Popen(
            redis_server.command(socket, Path(folder) / "data"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            yield f"unix://{socket}", server
        finally:
            server.kill()
            server.wait()
