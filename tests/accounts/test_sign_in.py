"""The same answer and the same work, whoever asks."""

import threading
import time
from contextvars import Context
from datetime import timedelta
from statistics import median

import pytest
from flask import Flask
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from ideation.accounts import credentials, passwords, queries, sessions, suspension
from ideation.accounts.grants import Role
from ideation.accounts.models import Member, Standing
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Invalid
from tests import factories
from tests.factories.people import PASSWORD, joined


def test_a_member_signs_in_whatever_the_case_of_their_address(app: Flask) -> None:
    joined("Ada Lind")
    browser = factories.Browser(app)
    answer = browser.post("/sign-in", {"email": " Ada.LIND@example.org ", "password": PASSWORD})
    assert answer.status_code == 303
    assert browser.get("/settings/profile").status_code == 200


def test_unknown_address_and_wrong_password_get_the_same_page(app: Flask) -> None:
    joined("Ada Lind")
    factories.member("No Password")
    pages = []
    for email in ("ada.lind@example.org", "nobody@example.org"):
        answer = factories.Browser(app).post(
            "/sign-in", {"email": email, "password": "wrong one here"}
        )
        assert answer.status_code == 422
        token_free = [line for line in answer.text.splitlines() if "csrf_token" not in line]
        pages.append("\n".join(token_free).replace(email, "…"))
    assert pages[0] == pages[1]


@pytest.mark.one_engine
def test_unknown_address_and_wrong_password_take_the_same_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With real parameters the hash is nearly all of the time, and it is made either way."""
    real = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
    monkeypatch.setattr(credentials, "_hasher", real)
    credentials._nobodys_hash.cache_clear()
    joined("Ada Lind")
    known, unknown = _median_work("ada.lind@example.org", "nobody@example.org")
    assert 0.5 < known / unknown < 2
    # Control: without the work for nobody's hash the two are told apart at a glance.
    monkeypatch.setattr(credentials, "_verifies", lambda _password, _stored: False)
    (skipped,) = _median_work("nobody@example.org")
    assert skipped < 0.3 * known
    monkeypatch.undo()
    credentials._nobodys_hash.cache_clear()


def _median_work(*emails: str) -> list[float]:
    """Seconds of this thread's processor for each, in turns: a busy machine changes neither."""
    seconds: dict[str, list[float]] = {email: [] for email in emails}
    for _ in range(9):
        for email in emails:
            began = time.thread_time()
            with pytest.raises(Invalid):
                credentials.authenticate(email, "not the password")
            seconds[email].append(time.thread_time() - began)
    return [median(each) for each in seconds.values()]


def test_signing_in_makes_a_new_session_and_keeps_nothing_of_the_old(app: Flask) -> None:
    joined("Ada Lind")
    browser = factories.Browser(app)
    with browser.client.session_transaction() as stored:
        stored["planted"] = "by somebody else"
        stored["_user_id"] = "a token that somebody else knows"
    browser.post("/sign-in", {"email": "ada.lind@example.org", "password": PASSWORD})
    with browser.client.session_transaction() as stored:
        first = stored["_user_id"]
        assert "planted" not in stored
        assert first != "a token that somebody else knows"
    browser.post("/sign-out")
    browser.post("/sign-in", {"email": "ada.lind@example.org", "password": PASSWORD})
    with browser.client.session_transaction() as stored:
        assert stored["_user_id"] != first


def test_signing_out_ends_the_session_on_the_server_too(app: Flask) -> None:
    browser = factories.Browser(app, joined("Ada Lind"))
    with browser.client.session_transaction() as stored:
        token = stored["_user_id"]
    browser.post("/sign-out")
    with browser.client.session_transaction() as stored:
        stored["_user_id"] = token
    assert browser.get("/settings/profile").status_code == 302


def test_a_session_ends_by_itself_after_two_weeks_without_a_visit(app: Flask) -> None:
    browser = factories.Browser(app, joined("Ada Lind"))
    for _ in range(3):
        clock.move(timedelta(days=13))
        assert browser.get("/settings/profile").status_code == 200
    clock.move(timedelta(days=15))
    assert browser.get("/settings/profile").status_code == 302


def test_the_suspended_learn_why_after_the_right_password_alone(app: Flask) -> None:
    member = joined("Ada Lind")
    operator = factories.member("Ops", roles=(Role.OPERATOR,))
    with transaction():
        suspension.suspend(
            queries.get(operator.id), member.id, reason="Two accounts.", at=clock.now()
        )
    browser = factories.Browser(app)
    wrong = browser.post("/sign-in", {"email": "ada.lind@example.org", "password": "a wrong guess"})
    right = browser.post("/sign-in", {"email": "ada.lind@example.org", "password": PASSWORD})
    assert "Two accounts." not in wrong.text
    assert right.status_code == 403
    assert "Two accounts." in right.text
    assert browser.get("/settings/profile").status_code == 302


def test_a_session_that_was_left_open_does_not_outlive_the_standing(app: Flask) -> None:
    member = joined("Ada Lind")
    browser = factories.Browser(app, member)
    with transaction():
        queries.get(member.id).standing = Standing.SUSPENDED  # and nobody ended the session
    assert browser.get("/settings/profile").status_code == 302


def test_the_old_password_opens_nothing_once_another_is_set_while_it_is_checked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = joined("Ada Lind")
    fresh = credentials.hashed("three other words")

    def check_and_lose_a_race(member: Member) -> bool:
        """Asked between the check and the session: the place where a change slips in."""
        member_id = member.id
        with transaction():
            passwords.change(queries.get(member_id), fresh, at=clock.now())
        return True

    monkeypatch.setattr(credentials, "needs_rehash", check_and_lose_a_race)
    browser = factories.Browser(app)
    answer = browser.post("/sign-in", {"email": "ada.lind@example.org", "password": PASSWORD})
    assert answer.status_code == 422
    assert sessions.list_live(member.id, clock.now()) == []
    db.session.refresh(member)
    assert member.password_hash == fresh


@pytest.mark.only("postgresql")
def test_a_password_change_waits_for_a_sign_in_under_way_and_ends_its_session(app: Flask) -> None:
    """Without the lock the change's ``UPDATE`` would not see the session and leave it open."""
    member_id, verified = joined("Ada Lind").id, queries.get_by_handle("ada-lind").password_hash
    fresh = credentials.hashed("three other words")

    def change() -> None:
        with app.app_context():
            with transaction():
                passwords.change(queries.get(member_id), fresh, at=clock.now())
            db.session.remove()

    with transaction():
        member = credentials.hold(member_id, verified)
        rival = threading.Thread(target=lambda: Context().run(change))
        rival.start()
        rival.join(1)
        assert rival.is_alive()
        sessions.begin(member, at=clock.now(), user_agent="tests", device=b"d" * 16)
    rival.join(10)
    assert sessions.list_live(member_id, clock.now()) == []


def test_the_browser_in_use_is_here_now_however_seldom_visits_are_noted(app: Flask) -> None:
    member = factories.member("Ada")
    browser = factories.Browser(app, member)
    with transaction():
        sessions.begin(member, at=clock.now(), user_agent="another", device=b"d" * 16)
    clock.move(timedelta(minutes=11))
    page = browser.get("/settings/sessions").text
    assert page.count("here now") == 1
    assert page.count("last seen 11 minutes ago") == 1


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = joined("Ada Lind")
    before = member.password_hash
    stronger = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),))
    monkeypatch.setattr(credentials, "_hasher", stronger)
    factories.Browser(app).post("/sign-in", {"email": member.email, "password": PASSWORD})
    db.session.refresh(member)
    assert member.password_hash != before
    assert "t=2" in (member.password_hash or "")
