"""Two who join at the same moment: the database lets one through, the other learns why."""

import threading
from collections.abc import Callable
from contextvars import Context

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideation.accounts import addresses, queries
from ideation.accounts.models import Member
from ideation.core.db import db
from tests import factories
from tests.factories.people import PASSWORD, joined

pytestmark = pytest.mark.only("postgresql")  # SQLite has one writer at a time


@pytest.fixture
def overtaken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let somebody join right after the next newcomer was told that their address is free."""

    def by(name: str) -> None:
        look, is_first = addresses.refuse_taken, threading.Event()

        def look_and_be_overtaken(email: str) -> None:
            look(email)
            if not is_first.is_set():
                is_first.set()
                rival = threading.Thread(target=lambda: Context().run(_join, app, name))
                rival.start()
                rival.join(20)

        monkeypatch.setattr(addresses, "refuse_taken", look_and_be_overtaken)

    return by


def test_a_form_sent_twice_at_once_says_that_the_address_has_an_account(
    app: Flask, overtaken: Callable[[str], None]
) -> None:
    overtaken("Ada Lind")
    answer = factories.Browser(app).post("/join", _form("Ada Lind", "ada.lind@example.org"))
    assert answer.status_code == 422
    assert "This address has an account" in answer.text
    assert db.session.scalar(select(func.count(Member.id))) == 1


def test_two_of_one_name_both_join(app: Flask, overtaken: Callable[[str], None]) -> None:
    overtaken("Ada Lind")
    answer = factories.Browser(app).post("/join", _form("Ada Lind", "another@example.org"))
    assert answer.status_code == 303
    assert queries.get_by_handle("ada-lind").email == "ada.lind@example.org"
    assert queries.get_by_handle("ada-lind-2").email == "another@example.org"


def _join(app: Flask, name: str) -> None:
    with app.app_context():
        joined(name)


def _form(name: str, email: str) -> dict[str, str]:
    return {"name": name, "email": email, "password": PASSWORD, "agree": "1"}
