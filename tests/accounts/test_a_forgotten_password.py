from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from ideation.accounts.models import Token
from ideation.core import clock, jobs
from ideation.core.db import db
from ideation.core.mail.models import Mail
from ideation.core.outbox import OutboxRow
from tests import factories
from tests.accounts.mails import last_mail, link_in
from tests.factories.people import PASSWORD, joined


def test_asking_gives_the_same_answer_and_writes_the_same_for_known_and_unknown(app: Flask) -> None:
    joined("Ada Lind")
    seen = []
    for email in ("ada.lind@example.org", "nobody@example.org"):
        before = _counts()
        answer = factories.Browser(app).post("/reset", {"email": email})
        after = _counts()
        seen.append((answer.status_code, answer.headers["Location"], answer.data, after - before))
    assert seen[0] == seen[1]


def _counts() -> int:
    """Rows that a request could have written: jobs, mails, links."""
    tables = (OutboxRow, Mail, Token)
    return sum(db.session.scalar(select(func.count()).select_from(one)) or 0 for one in tables)


def test_the_link_sets_a_password_once_and_ends_every_session(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    open_browser = factories.Browser(app, member)
    link = _ask(app)
    stranger = factories.Browser(app)
    for _ in range(2):
        assert stranger.get(link).status_code == 200  # looking uses nothing
    weak = stranger.post(link, {"password": "password"})
    assert weak.status_code == 422
    assert stranger.post(link, {"password": "another quiet phrase"}).status_code == 303
    assert stranger.post(link, {"password": "and once more a phrase"}).status_code in {404, 409}
    assert open_browser.get("/settings/profile").status_code == 302
    db.session.refresh(member)
    assert member.email_confirmed_at is not None  # who reads the mail has the address
    assert last_mail("ada.lind@example.org").template == "password_changed"
    for password, status in ((PASSWORD, 422), ("another quiet phrase", 303)):
        form = {"email": "ada.lind@example.org", "password": password}
        assert factories.Browser(app).post("/sign-in", form).status_code == status


def test_the_link_works_for_an_hour(app: Flask) -> None:
    joined("Ada Lind")
    link = _ask(app)
    clock.move(timedelta(minutes=61))
    assert factories.Browser(app).get(link).status_code == 404


def test_pages_whose_address_is_a_secret_are_kept_and_told_nowhere(app: Flask) -> None:
    joined("Ada Lind")
    headers = factories.Browser(app).get(_ask(app)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_changed_password_signs_other_browsers_out_and_renews_this_one(app: Flask) -> None:
    member = joined("Ada Lind")
    here, there = factories.Browser(app, member), factories.Browser(app, member)
    with here.client.session_transaction() as stored:
        old_token = stored["_user_id"]
    wrong = here.post(
        "/settings/password", {"current": "not it at all", "password": "another quiet phrase"}
    )
    assert wrong.status_code == 422
    here.post("/settings/password", {"current": PASSWORD, "password": "another quiet phrase"})
    assert there.get("/settings/profile").status_code == 302
    assert here.get("/settings/profile").status_code == 200
    with here.client.session_transaction() as stored:
        assert stored["_user_id"] != old_token
    thief = factories.Browser(app)
    with thief.client.session_transaction() as stored:
        stored["_user_id"] = old_token
    assert thief.get("/settings/profile").status_code == 302


def _ask(app: Flask) -> str:
    factories.Browser(app).post("/reset", {"email": "ada.lind@example.org"})
    jobs.run_due()
    return link_in(last_mail("ada.lind@example.org"))
