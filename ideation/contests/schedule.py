"""Week arithmetic: from "Mondays at noon in Lisbon" to instants, and nothing else.

A series keeps its weekly moment as wall time plus an IANA zone; UTC is derived here and only
here. Days are added on the wall calendar, so a contest that opens at noon closes at noon, also
across a change of clocks. Two rules make every wall time one instant:

* **Gap** (the clock jumps over it): the first instant after the gap. 02:30 on the night New York
  springs forward is 03:00 daylight time, not 03:30.
* **Fold** (the clock shows it twice): the first time it is shown.

Windows are half open: what opens at `t` is open at `t`, what closes at `t` is closed at `t`.
No database, no clock: instants come in as arguments, aware, and go out as aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

MINUTES_A_DAY = 24 * 60
_WEEK = timedelta(days=7)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class WeeklyTemplate:
    """When a series opens an edition, and how long its windows last.

    `weekday` counts from Monday = 0, `minute_of_day` from midnight on the wall clock of `zone`.
    Scoring follows entry without a pause. Raises ValueError for what no calendar has.
    """

    zone: str
    weekday: int
    minute_of_day: int
    entry_days: int = 7
    scoring_days: int = 7
    decision_days: int = 7

    def __post_init__(self) -> None:
        find_zone(self.zone)
        if not 0 <= self.weekday < 7:
            raise ValueError(f"weekday {self.weekday} is not one of 0 (Monday) to 6 (Sunday)")
        _check_minute(self.minute_of_day)
        if self.entry_days < 1 or self.scoring_days < 1 or self.decision_days < 0:
            raise ValueError("entry and scoring last a day or more, the decision none or more")


@dataclass(frozen=True, slots=True)
class Windows:
    """The instants of one contest, aware and in order; raises ValueError otherwise."""

    entry_opens_at: datetime
    entry_closes_at: datetime
    scoring_opens_at: datetime
    scoring_closes_at: datetime
    decision_due_at: datetime

    def __post_init__(self) -> None:
        instants = (
            self.entry_opens_at,
            self.entry_closes_at,
            self.scoring_opens_at,
            self.scoring_closes_at,
            self.decision_due_at,
        )
        if any(instant.utcoffset() is None for instant in instants):
            raise ValueError("a window needs aware instants")
        if list(instants) != sorted(instants):
            raise ValueError("entry comes before scoring, and scoring before the decision")


@dataclass(frozen=True, slots=True)
class Edition(Windows):
    """The windows of a series in one week, which the Monday `week_start` names."""

    week_start: date

    @property
    def label(self) -> str:
        """The ISO week the edition opens in, such as "2026-W48"."""
        return week_number(self.week_start)


def edition(template: WeeklyTemplate, week_start: date) -> Edition:
    """The edition that opens in the week of `week_start` (any day of it, by the wall calendar)."""
    monday = week_start - timedelta(days=week_start.weekday())
    opens_on = monday + timedelta(days=template.weekday)
    entry_ends_on = opens_on + timedelta(days=template.entry_days)
    scoring_ends_on = entry_ends_on + timedelta(days=template.scoring_days)
    decision_on = scoring_ends_on + timedelta(days=template.decision_days)
    opens_at, entry_ends_at, scoring_ends_at, decision_at = (
        wall_to_utc(day, template.minute_of_day, template.zone)
        for day in (opens_on, entry_ends_on, scoring_ends_on, decision_on)
    )
    return Edition(
        entry_opens_at=opens_at,
        entry_closes_at=entry_ends_at,
        scoring_opens_at=entry_ends_at,
        scoring_closes_at=scoring_ends_at,
        decision_due_at=decision_at,
        week_start=monday,
    )


def edition_on_or_after(template: WeeklyTemplate, at: datetime) -> Edition:
    """The first edition whose entry opens at `at` or later."""
    return next(each for each in _editions_near(template, at) if each.entry_opens_at >= at)


def next_editions(template: WeeklyTemplate, after: datetime, count: int) -> list[Edition]:
    """The next `count` editions whose entry opens later than `after`, in order."""
    later = (each for each in _editions_near(template, after) if each.entry_opens_at > after)
    return list(islice(later, count))


def _editions_near(template: WeeklyTemplate, at: datetime) -> Iterator[Edition]:
    # A week early: a zone may be a day ahead of or behind `at`, and a gap may move an opening.
    week_start = at.astimezone(find_zone(template.zone)).date() - _WEEK
    while True:
        yield edition(template, week_start)
        week_start += _WEEK


def wall_to_utc(day: date, minute_of_day: int, zone: str) -> datetime:
    """The instant at which a wall clock in `zone` shows this day and minute, in aware UTC.

    A time the clock skips becomes the first instant after the gap; one it shows twice, the first
    (see the module). Raises ValueError for an unknown zone or a minute outside 0 to 1439.
    """
    _check_minute(minute_of_day)
    where = find_zone(zone)
    wanted = datetime.combine(day, time(minute_of_day // 60, minute_of_day % 60))
    instant = wanted.replace(tzinfo=where).astimezone(UTC)
    if _reading(instant, where) == wanted:
        return instant
    return _end_of_gap(wanted, where)


def _end_of_gap(wanted: datetime, where: ZoneInfo) -> datetime:
    """The first instant whose clock reading lies beyond `wanted`, which falls into a gap.

    By PEP 495 a skipped time read with the offset after the gap (fold=1) lies before the jump,
    and read with the offset before it (fold=0) lies behind: between the two, halving finds the
    jump to the second. zoneinfo publishes no list of transitions.
    """
    before = wanted.replace(tzinfo=where, fold=1).astimezone(UTC)
    behind = wanted.replace(tzinfo=where, fold=0).astimezone(UTC)
    while behind - before > _SECOND:
        middle = before + (behind - before) // _SECOND // 2 * _SECOND
        if _reading(middle, where) < wanted:
            before = middle
        else:
            behind = middle
    return behind


def _reading(instant: datetime, where: ZoneInfo) -> datetime:
    return instant.astimezone(where).replace(tzinfo=None)


def week_number(day: date) -> str:
    """The ISO 8601 week of a day: "2026-W53" for 1 January 2027."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


@cache
def find_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not an IANA time zone") from error


def _check_minute(minute_of_day: int) -> None:
    if not 0 <= minute_of_day < MINUTES_A_DAY:
        raise ValueError(f"minute {minute_of_day} is not one of 0 to {MINUTES_A_DAY - 1}")
