"""Mail is read on other sites' pages: its pictures may be shown there, and none of them counts."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.mail.models import Mail
from ideation.notices import telling
from ideation.submissions.models import Rendition
from ideation.submissions.notices import APPROVED, contest_names, link
from tests import factories
from tests.notices.told import PRIZE, mails_to, tell

PICTURE = re.compile(r'<img[^>]* src="http://[^/"]+(/[^"]*)" width="(\d+)" height="(\d+)"')


def _mail_about_a_design(reader: Member) -> Mail:
    contest = factories.contest("entry")
    design = factories.submission(contest, reader, title="Night Bus")
    with transaction():
        telling.tell(
            reader.id,
            APPROVED,
            at=clock.now(),
            params={"title": design.title, "contest": contest_names(db.session.merge(contest))},
            link=link(design),
        )
    return mails_to(reader)[-1]


@pytest.fixture
def reader(app: Flask) -> Member:
    return factories.member("Ada")


def test_a_notice_about_a_design_shows_it_in_its_own_proportions(reader: Member) -> None:
    ((path, width, height),) = PICTURE.findall(_mail_about_a_design(reader).html)
    assert path.startswith("/media/")
    assert not path.endswith(".webp"), "some mail programs show none"
    assert int(width) <= 496
    assert int(height) <= 400
    made = db.session.scalars(select(Rendition).where(Rendition.kind == "grid")).first()
    assert made is not None
    assert int(width) / int(height) == pytest.approx(made.width / made.height, rel=0.01)


@pytest.mark.one_engine
def test_any_other_notice_has_a_picture_of_the_house(app: Flask, reader: Member) -> None:
    tell(reader, PRIZE, at=clock.now())
    ((path, _width, _height),) = PICTURE.findall(mails_to(reader)[-1].html)
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    other = app.test_client().get("/static/mail/css/base.css")
    assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin", "control"


@pytest.mark.one_engine
def test_two_readers_get_the_same_picture_so_that_nobody_counts_who_looks(app: Flask) -> None:
    seen = set()
    for name in ("Ada", "Ben"):
        reader = factories.member(name)
        tell(reader, PRIZE, at=clock.now())
        html = mails_to(reader)[-1].html
        seen.add(tuple(PICTURE.findall(html)))
        assert html.count("<img") == 1
    assert len(seen) == 1
