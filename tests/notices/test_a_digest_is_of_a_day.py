"""One mail a day, in the member's own morning, with what they have not read elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.core import jobs
from ideation.core.db import db, transaction
from ideation.notices import digests, queries
from ideation.notices.models import Digest, Notice
from ideation.notices.ways import Way
from tests import factories
from tests.factories.processes import die, fork, wait
from tests.notices.told import BOUNCED, DECLINED, PRIZE, choose, mails_to, tell, write_due
from workers import schedule

#: Half past seven in Taipei, eight hours ahead.
NIGHT = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def reader(app: Flask) -> Member:
    reader = factories.member("Ada", zone="Asia/Taipei")
    choose(reader, Way.DIGEST)
    return reader


def test_what_happened_comes_in_one_mail_in_the_morning(reader: Member) -> None:
    tell(reader, DECLINED, at=NIGHT - timedelta(hours=9))
    tell(reader, PRIZE, at=NIGHT)
    assert write_due(NIGHT) == 0, "it is not morning yet"
    assert write_due(MORNING) == 1
    (mail,) = mails_to(reader)
    assert mail.subject == "Your prize: €500, and 1 more"
    for body in (mail.text, mail.html):
        assert "“Night Bus” cannot enter as it is" in body
        assert "Too small to print." in body
    assert write_due(MORNING + timedelta(hours=1)) == 0
    assert write_due(MORNING + DAY) == 0, "nothing new"


def test_what_was_read_on_the_site_is_left_out(reader: Member) -> None:
    tell(reader, DECLINED, at=NIGHT)
    with transaction():
        seen = db.session.scalars(select(Notice.id)).one()
        queries.open_one(reader.id, seen, at=NIGHT)
    assert write_due(MORNING) == 0
    tell(reader, PRIZE, at=NIGHT)
    assert write_due(MORNING) == 1
    assert "Night Bus" not in mails_to(reader)[0].text


def test_a_notice_is_mailed_at_once_or_in_a_digest_and_never_both(reader: Member) -> None:
    choose(reader, Way.MAIL, PRIZE)
    assert tell(reader, PRIZE, at=NIGHT) == reader.email
    assert tell(reader, DECLINED, at=NIGHT) == ""
    choose(reader, Way.MAIL, DECLINED)  # what waits still comes in the digest
    choose(reader, Way.DIGEST, PRIZE)  # what was mailed does not
    assert write_due(MORNING) == 1
    assert [mail.template for mail in mails_to(reader)] == ["notice", "digest"]
    assert "prize" not in mails_to(reader)[1].text


def test_what_is_no_longer_wanted_by_mail_waits_no_more(reader: Member) -> None:
    tell(reader, DECLINED, at=NIGHT)
    choose(reader, Way.HERE, DECLINED)
    assert write_due(MORNING) == 0
    assert queries.count_unread(reader.id) == 1, "it is still told on the site"


def test_what_always_comes_does_not_wait_for_the_morning(reader: Member) -> None:
    assert tell(reader, BOUNCED, at=NIGHT) == reader.email
    assert write_due(MORNING) == 0


def test_after_a_day_without_workers_the_next_morning_brings_it(reader: Member) -> None:
    tell(reader, DECLINED, at=NIGHT)
    assert write_due(NIGHT + timedelta(hours=12)) == 0, "in the evening nobody is written to"
    assert write_due(MORNING + DAY) == 1


def test_what_happens_after_the_morning_began_is_tomorrows(reader: Member) -> None:
    tell(reader, DECLINED, at=MORNING)
    assert write_due(MORNING + timedelta(minutes=5)) == 0
    assert write_due(MORNING + DAY) == 1


def test_who_moves_east_gets_no_second_one_within_half_a_day(reader: Member) -> None:
    tell(reader, DECLINED, at=NIGHT)
    assert write_due(MORNING) == 1
    tell(reader, PRIZE, at=MORNING + timedelta(minutes=1))
    with transaction():
        db.session.get_one(Member, reader.id).zone = "Europe/Lisbon"
    assert write_due(datetime(2026, 5, 4, 8, 30, tzinfo=UTC)) == 0
    assert write_due(datetime(2026, 5, 5, 8, 30, tzinfo=UTC)) == 1


def test_two_workers_write_it_once(reader: Member) -> None:
    tell(reader, DECLINED, at=NIGHT)
    reader_id = reader.id

    def work() -> None:
        with transaction():
            digests.write(reader_id, at=MORNING)

    pids = [fork(work) for _ in range(3)]
    assert [wait(pid) for pid in pids] == [0, 0, 0]
    assert len(mails_to(db.session.get_one(Member, reader_id))) == 1


def test_a_worker_that_dies_while_writing_has_written_nothing(reader: Member) -> None:
    tell(reader, DECLINED, at=NIGHT)
    reader_id = reader.id

    def write_and_die() -> None:
        with transaction():
            assert digests.write(reader_id, at=MORNING)
            die()

    assert wait(fork(write_and_die)) == -9
    reader = db.session.get_one(Member, reader_id)
    assert mails_to(reader) == []
    assert write_due(MORNING) == 1
    assert len(mails_to(reader)) == 1


def test_control_without_the_day_moving_on_two_are_written(
    reader: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "_is_ours", lambda *_: True)
    for kind in (DECLINED, PRIZE):
        tell(reader, kind, at=NIGHT)
        with transaction():
            digests.write(reader.id, at=MORNING + timedelta(minutes=len(kind.name)))
    assert len(mails_to(reader)) == 2


@pytest.mark.one_engine
def test_more_than_a_dozen_are_counted_and_the_latest_told(reader: Member) -> None:
    for hours in range(14):
        tell(reader, DECLINED if hours else PRIZE, at=NIGHT - timedelta(hours=hours))
    write_due(MORNING)
    (mail,) = mails_to(reader)
    assert mail.subject == "Your prize: €500, and 13 more"
    assert mail.text.count("* ") == 12
    assert "2 more stand on the site." in mail.text


@pytest.mark.one_engine
def test_nobody_is_written_to_at_an_address_that_may_not_be_theirs(app: Flask) -> None:
    reader = factories.member("Ada", confirmed=False, zone="Asia/Taipei")
    choose(reader, Way.DIGEST)
    assert tell(reader, DECLINED, at=NIGHT) == ""
    with transaction():
        db.session.get_one(Member, reader.id).email_confirmed_at = NIGHT
    assert write_due(MORNING) == 0


@pytest.mark.one_engine
def test_the_clock_of_the_house_writes_them(reader: Member) -> None:
    assert digests.WRITE.name in {entry.job.name for entry in schedule.TABLE}
    assert jobs.without_handler() == []
    assert db.session.get(Digest, reader.id) is None


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("zone", "at", "began"),
    [
        ("America/New_York", "2026-03-08T12:30+00:00", "2026-03-08T12:00+00:00"),  # clocks forward
        ("America/New_York", "2026-03-07T12:30+00:00", None),
        ("Asia/Kathmandu", "2026-05-04T02:15+00:00", "2026-05-04T02:15+00:00"),
        ("Asia/Kathmandu", "2026-05-04T06:15+00:00", None),
        ("No/Where", "2026-05-04T08:00+00:00", "2026-05-04T08:00+00:00"),
    ],
)
def test_the_morning_is_the_members_own(zone: str, at: str, began: str | None) -> None:
    expected = datetime.fromisoformat(began) if began else None
    assert digests.morning_of(zone, datetime.fromisoformat(at)) == expected
