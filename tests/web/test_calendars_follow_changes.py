"""Contests' dates come into calendars, stay the same entries, and move when they are moved."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests.models import Brief, Contest
from ideation.core import clock
from ideation.core.db import transaction
from tests import factories
from tests.factories import Browser

pytestmark = pytest.mark.one_engine


def _events(app: Flask, path: str) -> dict[str, object]:
    answer = Browser(app).get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    whole = Calendar.from_ical(answer.data)
    return {str(event["UID"]): event for event in whole.walk("VEVENT")}


def test_lines_end_fold_and_escape_as_the_standard_says(app: Flask) -> None:
    contest = factories.contest("entry")
    with transaction() as session:
        session.get_one(Brief, (contest.id, 1, "en")).title = "Cats, dogs; \\ and 小城" * 3
    data = Browser(app).get(f"/contests/{contest.slug}/calendar.ics").data
    assert data.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    summary = next(
        line for line in re.sub(rb"\r\n[ \t]", b"", data).split(b"\r\n") if b"SUMMARY" in line
    )
    assert rb"Cats\, dogs\; \\ and" in summary


def test_the_dates_are_the_contests_in_utc(app: Flask) -> None:
    contest = factories.contest("entry")
    events = _events(app, f"/contests/{contest.slug}/calendar.ics")
    starts = sorted(event["DTSTART"].dt for event in events.values())
    assert starts == [
        at.replace(microsecond=0)
        for at in (
            contest.entry_opens_at,
            contest.entry_closes_at,
            contest.scoring_closes_at,
            contest.decision_due_at,
        )
    ]
    assert all(start.tzinfo is UTC or start.utcoffset() == timedelta(0) for start in starts)
    assert b"DTSTART:" in Browser(app).get(f"/contests/{contest.slug}/calendar.ics").data


def test_a_moved_date_keeps_its_uid_and_counts_on(app: Flask) -> None:
    manager = factories.member("Mara Quill", roles=(Role.PRODUCT_MANAGER, Role.OPERATOR))
    contest = factories.contest("entry")
    path = f"/contests/{contest.slug}/calendar.ics"
    before = _events(app, path)
    assert {event["SEQUENCE"] for event in before.values()} == {0}
    with transaction() as session:
        one = session.get_one(Contest, contest.id)
        actor = session.get_one(Member, manager.id)
        later = one.scoring_closes_at + timedelta(days=1)
        _move(actor, one, later)
    after = _events(app, path)
    assert set(after) == set(before)
    assert {event["SEQUENCE"] for event in after.values()} == {1}
    ends = next(uid for uid in after if ".scoring_closes@" in uid)
    assert after[ends]["DTSTART"].dt - before[ends]["DTSTART"].dt == timedelta(days=1)
    assert after[ends]["LAST-MODIFIED"].dt > before[ends]["LAST-MODIFIED"].dt


def _move(actor: Member, contest: Contest, closes_at: datetime) -> None:
    contest.scoring_closes_at = closes_at
    trail.record(
        "contest.dates_changed",
        actor_id=actor.id,
        subject_kind="contest",
        subject_id=contest.id,
        at=clock.now(),
        reason="The server was down for a day.",
    )


def test_what_managers_look_at_does_not_count(app: Flask) -> None:
    contest = factories.contest("scoring")
    path = f"/contests/{contest.slug}/calendar.ics"
    before = Browser(app).get(path).data
    with transaction():
        trail.record(
            "contest.quarantined",
            actor_id=None,
            subject_kind="contest",
            subject_id=contest.id,
            at=clock.now(),
        )
    assert Browser(app).get(path).data == before


def test_a_contest_that_was_called_off_says_so(app: Flask) -> None:
    contest = factories.contest("entry", cancelled_at=clock.now())
    events = _events(app, f"/contests/{contest.slug}/calendar.ics")
    assert {str(event["STATUS"]) for event in events.values()} == {"CANCELLED"}


def test_all_of_it_holds_runs_too_and_is_not_sent_twice(app: Flask) -> None:
    contest = factories.contest("entry")
    run = factories.products.run()
    hidden = factories.products.product(published=False)
    events = _events(app, "/calendar.ics")
    assert f"{run.public_id}.run@127.0.0.1" in events
    assert f"{contest.slug}.entry_opens@127.0.0.1" in events
    window = events[f"{run.public_id}.run@127.0.0.1"]
    assert window["DTEND"].dt - window["DTSTART"].dt == timedelta(days=14)
    browser = Browser(app)
    tag = browser.get("/calendar.ics").headers["ETag"]
    assert browser.get("/calendar.ics", headers={"If-None-Match": tag}).status_code == 304
    assert browser.get(f"/products/{hidden.slug}/calendar.ics").status_code == 404


def test_pages_offer_it(app: Flask) -> None:
    contest = factories.contest("entry")
    page = Browser(app).get(f"/contests/{contest.slug}").text
    assert f"/contests/{contest.slug}/calendar.ics" in page
    assert "webcal://127.0.0.1:8000/calendar.ics" in Browser(app).get("/contests").text
