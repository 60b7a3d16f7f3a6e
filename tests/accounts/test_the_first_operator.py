"""One setup link, one operator, however many come at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts import queries, setup, tokens
from ideation.accounts.grants import Role
from ideation.accounts.models import TokenPurpose
from ideation.audit.models import AuditEntry
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, NotFound
from tests import factories
from tests.factories.people import PASSWORD, newcomer

FORM = {"name": "Mara Vidal", "email": "mara@example.org", "password": PASSWORD, "agree": "1"}


def test_the_link_makes_an_operator_once_and_then_none_is_given(app: Flask) -> None:
    with transaction():
        secret = setup.create_setup_link(clock.now())
    browser = factories.Browser(app)
    page = browser.get(f"/setup/{secret}")
    assert page.status_code == 200
    assert "under your designs" not in page.text, "who runs a house draws none as yet"
    assert not queries.has_operator()
    assert browser.post(f"/setup/{secret}", FORM).headers["Location"].startswith("/console")
    assert queries.has_operator()
    again = {**FORM, "email": "second@example.org"}
    assert factories.Browser(app).post(f"/setup/{secret}", again).status_code == 404
    with transaction():
        assert setup.create_setup_link(clock.now()) is None


def test_nobody_becomes_operator_without_the_link(app: Flask) -> None:
    browser = factories.Browser(app)
    assert browser.post("/setup/a-guess", FORM).status_code == 404
    browser.post("/join", {**FORM, "role": "operator", "roles": "operator"})
    assert not queries.has_operator()


def test_a_second_link_ends_the_first(app: Flask) -> None:
    with transaction():
        first = setup.create_setup_link(clock.now())
    with transaction():
        second = setup.create_setup_link(clock.now())
    made = db.session.scalars(select(AuditEntry.action)).all()
    assert made == ["instance.setup_link_made"] * 2
    assert factories.Browser(app).get(f"/setup/{first}").status_code == 404
    assert factories.Browser(app).get(f"/setup/{second}").status_code == 200


def test_of_two_racers_one_becomes_operator(app: Flask) -> None:
    assert _race(app) == 1
    assert queries.count_operators() == 1


def test_control_without_the_guard_both_do(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "_claim", lambda _at: True)
    assert _race(app) == 2
    db.session.rollback()
    assert queries.count_operators() == 2


def _race(app: Flask) -> int:
    """Two people, each with a live link of their own, at the same moment; how many made it."""
    with transaction():
        links = []
        for _ in range(2):
            token, secret = tokens.issue(TokenPurpose.SETUP, at=clock.now())
            links.append((token.id, secret))
        for token in db.session.query(tokens.Token):
            token.used_at = None  # the second issue ended the first: both are to be live
    ready = threading.Barrier(2)

    def come(number: int) -> bool:
        with app.app_context():
            person = newcomer(f"Racer {number}")
            ready.wait()
            try:
                with transaction():
                    setup.begin(links[number][1], person, at=clock.now())
            except (Conflict, NotFound):
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(come, range(2)))


def test_the_first_operator_needs_no_mail_to_be_confirmed(app: Flask) -> None:
    with transaction():
        secret = setup.create_setup_link(clock.now())
        assert secret is not None
        member = setup.begin(secret, newcomer("Mara Vidal"), at=clock.now())
        assert member.email_confirmed_at is not None
        assert [grant.role for grant in member.grants] == [Role.OPERATOR]
