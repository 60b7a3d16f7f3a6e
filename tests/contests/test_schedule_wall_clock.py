"""Wall time to UTC: what happens to hours that a clock skips or shows twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.contests.schedule import wall_to_utc


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "first_instant_after"),
    [
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"),
        ("America/New_York", "2026-03-08 02:00", "2026-03-08 07:00"),
        ("Europe/London", "2026-03-29 01:59", "2026-03-29 01:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # half an hour
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),  # no midnight that day
        ("Africa/Cairo", "2026-04-24 00:30", "2026-04-23 22:00"),
        ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28 22:00"),
        ("Pacific/Apia", "2011-12-30 18:00", "2011-12-30 10:00"),  # no such day at all
        ("Pacific/Apia", "2011-12-30 00:00", "2011-12-30 10:00"),
    ],
)
def test_a_skipped_time_becomes_the_first_instant_after_the_gap(
    zone: str, wall: str, first_instant_after: str
) -> None:
    assert convert(wall, zone) == utc(first_instant_after)


@pytest.mark.parametrize(
    ("zone", "wall", "first_time_shown"),
    [
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("Europe/London", "2026-10-25 01:30", "2026-10-25 00:30"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("America/Santiago", "2026-04-04 23:30", "2026-04-05 02:30"),
        ("Africa/Cairo", "2026-10-29 23:30", "2026-10-29 20:30"),
    ],
)
def test_a_time_shown_twice_is_its_first_showing(
    zone: str, wall: str, first_time_shown: str
) -> None:
    assert convert(wall, zone) == utc(first_time_shown)
    # And it is indeed shown again: without the rule the answer would be ambiguous.
    again = utc(first_time_shown) + timedelta(minutes=60 if "Howe" not in zone else 30)
    assert again.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.fromisoformat(wall)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("America/New_York", "2026-03-08 01:59", "2026-03-08 06:59"),
        ("America/New_York", "2026-03-08 03:00", "2026-03-08 07:00"),
        ("Pacific/Apia", "2011-12-29 23:59", "2011-12-30 09:59"),
        ("Pacific/Apia", "2011-12-31 00:00", "2011-12-30 10:00"),
        ("Asia/Kathmandu", "2026-06-01 12:00", "2026-06-01 06:15"),
        ("Asia/Shanghai", "2026-06-01 00:00", "2026-05-31 16:00"),
    ],
)
def test_the_minutes_beside_a_gap_are_themselves(zone: str, wall: str, instant: str) -> None:
    assert convert(wall, zone) == utc(instant)


@given(
    st.sampled_from(sorted(available_timezones())),
    st.dates(date(1975, 1, 1), date(2080, 1, 1)),
    st.integers(0, 1439),
)
def test_the_answer_shows_the_wanted_time_or_stands_at_the_end_of_a_gap(
    name: str, day: date, minute: int
) -> None:
    zone = ZoneInfo(name)
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    instant = wall_to_utc(day, minute, name)
    local = instant.astimezone(zone)
    shown = local.replace(tzinfo=None, fold=0)
    assert local.fold == 0  # never the second showing
    a_second_before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert shown == wanted or a_second_before < wanted < shown


@given(st.sampled_from(sorted(available_timezones())), st.integers(0, 1439))
def test_later_days_are_never_earlier_instants(name: str, minute: int) -> None:
    days = [date(2011, 12, 20) + timedelta(days=step) for step in range(20)]
    instants = [wall_to_utc(day, minute, name) for day in days]
    assert instants == sorted(instants)


def convert(wall: str, zone: str) -> datetime:
    moment = datetime.fromisoformat(wall)
    return wall_to_utc(moment.date(), moment.hour * 60 + moment.minute, zone)
