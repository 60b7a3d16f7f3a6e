"""Nothing that opens a door is kept or logged: only its hash, or the letter that carries it."""

import pytest
import structlog
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from ideation.core import clock, jobs
from ideation.core.db import Base, db, transaction
from ideation.core.mail import compose
from tests import factories
from tests.accounts.mails import last_mail, link_in
from tests.factories.people import PASSWORD, joined


def _kept() -> str:
    """Every value of every table, save the letters, which are forgotten after a month."""
    values = [
        repr(value)
        for table in Base.metadata.sorted_tables
        if table.name != "mails"
        for row in db.session.execute(select(table))
        for value in row
    ]
    db.session.rollback()
    return "\n".join(values)


def _secrets(app: Flask) -> list[str]:
    """Use every door once; return what opened it."""
    joined("Ada Lind")
    browser = factories.Browser(app)
    browser.post("/reset", {"email": "ada.lind@example.org"})
    browser.post("/sign-in", {"email": "ada.lind@example.org", "password": "wrong quiet otters"})
    browser.post("/sign-in", {"email": "ada.lind@example.org", "password": PASSWORD})
    jobs.run_due()
    with browser.client.session_transaction() as stored:
        session_token = str(stored["_user_id"])
    link_secret = link_in(last_mail("ada.lind@example.org")).rpartition("/")[2]
    return [PASSWORD, "wrong quiet otters", session_token, link_secret, app.config["SECRET_KEY"]]


def test_no_secret_is_kept_or_logged(capsys: pytest.CaptureFixture[str], app: Flask) -> None:
    secrets = _secrets(app)
    structlog.get_logger().info("the log is heard")
    log = "".join(capsys.readouterr())
    assert "the log is heard" in log
    kept = _kept()
    assert [secret for secret in secrets if secret in kept or secret in log] == []


def test_a_secret_handed_to_a_job_would_be_found(app: Flask) -> None:
    with transaction():
        jobs.enqueue(compose.SEND, at=clock.now(), mail_id=0, password=PASSWORD)
    assert PASSWORD in _kept()


def test_a_failing_statement_does_not_say_its_values(app: Flask) -> None:
    with pytest.raises(DatabaseError) as caught, db.engine.begin() as connection:
        connection.execute(text("INSERT INTO members (name) VALUES (:name)"), {"name": PASSWORD})
    assert PASSWORD not in str(caught.value).partition("DETAIL")[0]


def test_a_broken_page_logs_its_route_and_not_its_secret(
    capsys: pytest.CaptureFixture[str], app: Flask
) -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE tokens RENAME TO tokens_gone"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = factories.Browser(app).get("/reset/a-secret-that-opens-a-door")
    assert answer.status_code in {500, 503}
    log = "".join(capsys.readouterr())
    assert "/reset/<" in log
    assert "a-secret-that-opens-a-door" not in log
