"""Weekly editions: one a week, without a hole, wherever the series lives."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.contests.schedule import (
    WeeklyTemplate,
    Windows,
    edition,
    edition_on_or_after,
    next_editions,
    week_number,
)

MONDAY = date(2026, 1, 5)
# The wall times at which clocks jump today: Sunday at two in most places, midnight in Santiago,
# Havana and Beirut, Friday midnight in Cairo, Saturday before midnight in Nuuk; and one at rest.
MOMENTS = {
    "sunday night": (6, 150),
    "sunday midnight": (6, 0),
    "friday midnight": (4, 0),
    "saturday late": (5, 23 * 60 + 30),
    "monday noon": (0, 720),
}
instants = st.integers(10**9, 28 * 10**8).map(lambda at: datetime.fromtimestamp(at, UTC))
templates = st.builds(
    WeeklyTemplate,
    zone=st.sampled_from(sorted(available_timezones())),
    weekday=st.integers(0, 6),
    minute_of_day=st.integers(0, 1439),
    entry_days=st.integers(1, 21),
    scoring_days=st.integers(1, 21),
    decision_days=st.integers(0, 21),
)


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_zone_closes_exactly_once_a_week_for_104_weeks(moment: str) -> None:
    weekday, minute = MOMENTS[moment]
    for name in available_timezones():
        zone = ZoneInfo(name)
        template = WeeklyTemplate(name, weekday, minute)
        editions = [edition(template, MONDAY + timedelta(weeks=week)) for week in range(104)]
        closings = Counter(
            week_number(each.scoring_closes_at.astimezone(zone).date()) for each in editions
        )
        assert len(closings) == 104 and set(closings.values()) == {1}, name
        for before, each in pairwise(editions):
            # Entry follows entry and scoring follows scoring: something is always open, once.
            assert before.entry_closes_at == each.entry_opens_at, name
            assert before.scoring_closes_at == each.scoring_opens_at, name


@given(templates, st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_windows_are_contiguous_ordered_and_in_utc(template: WeeklyTemplate, day: date) -> None:
    each = edition(template, day)
    assert each.entry_opens_at < each.entry_closes_at == each.scoring_opens_at
    assert each.scoring_opens_at < each.scoring_closes_at <= each.decision_due_at
    assert each.entry_opens_at.tzinfo is each.decision_due_at.tzinfo is UTC
    assert each.week_start.weekday() == 0
    assert each.week_start <= day < each.week_start + timedelta(days=7)


@given(templates, instants)
def test_the_next_editions_leave_none_out(template: WeeklyTemplate, after: datetime) -> None:
    upcoming = next_editions(template, after, 4)
    assert [each.entry_opens_at > after for each in upcoming] == [True] * 4
    assert len({each.week_start for each in upcoming}) == 4
    assert upcoming[3].week_start - upcoming[0].week_start == timedelta(weeks=3)
    earlier = edition(template, upcoming[0].week_start - timedelta(weeks=1))
    assert earlier.entry_opens_at <= after


@given(templates, instants)
def test_an_edition_opening_this_instant_is_on_it_and_not_after_it(
    template: WeeklyTemplate, at: datetime
) -> None:
    first = edition_on_or_after(template, at)
    assert edition_on_or_after(template, first.entry_opens_at) == first
    assert next_editions(template, first.entry_opens_at, 1)[0].week_start > first.week_start


def test_a_week_across_a_clock_change_still_closes_at_the_same_wall_hour() -> None:
    each = edition(WeeklyTemplate("Europe/London", 2, 18 * 60), date(2026, 3, 23))
    assert each.entry_opens_at == datetime(2026, 3, 25, 18, tzinfo=UTC)
    assert each.entry_closes_at == datetime(2026, 4, 1, 17, tzinfo=UTC)
    assert each.entry_closes_at - each.entry_opens_at == timedelta(days=7, hours=-1)


def test_an_edition_is_labelled_by_its_iso_week() -> None:
    assert edition(WeeklyTemplate("UTC", 4, 0), date(2027, 1, 1)).label == "2026-W53"
    assert week_number(date(2026, 2, 9)) == "2026-W07"


@pytest.mark.parametrize(
    "broken",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"zone": ""},
        {"weekday": 7},
        {"minute_of_day": 1440},
        {"entry_days": 0},
        {"scoring_days": 0},
        {"decision_days": -1},
    ],
)
def test_a_template_that_no_calendar_has_is_refused(broken: dict[str, str | int]) -> None:
    sound: dict[str, str | int] = {"zone": "Asia/Shanghai", "weekday": 0, "minute_of_day": 0}
    WeeklyTemplate(**sound)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        WeeklyTemplate(**(sound | broken))  # type: ignore[arg-type]


def test_windows_out_of_order_or_without_a_zone_are_refused() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    hours = [noon + timedelta(hours=hour) for hour in range(5)]
    Windows(*hours)
    with pytest.raises(ValueError, match="before"):
        Windows(*reversed(hours))
    with pytest.raises(ValueError, match="aware"):
        Windows(*(hour.replace(tzinfo=None) for hour in hours))
