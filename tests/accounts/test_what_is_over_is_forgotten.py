from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from ideation.accounts.models import SessionRow, Token
from ideation.core import clock, jobs
from ideation.core.db import db
from ideation.core.mail.models import Mail
from tests import factories
from tests.factories.people import joined
from workers import housekeeping


def test_links_sessions_and_mail_go_a_month_after_they_ended(app: Flask) -> None:
    member = joined("Ada Lind", confirmed=False)
    factories.Browser(app, member)
    jobs.run_due()
    clock.move(timedelta(days=29))
    housekeeping.forget()
    assert _counts() == (1, 1, 1)
    clock.move(timedelta(days=20))
    browser = factories.Browser(app, member)
    housekeeping.forget()
    assert _counts() == (1, 0, 0)
    assert browser.get("/settings/profile").status_code == 200


def _counts() -> tuple[int, ...]:
    tables = (SessionRow, Token, Mail)
    return tuple(db.session.scalar(select(func.count()).select_from(one)) or 0 for one in tables)
