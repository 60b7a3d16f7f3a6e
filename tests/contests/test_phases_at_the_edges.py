from datetime import UTC, datetime, timedelta

import pytest

from ideation.contests.models import Contest, Format
from ideation.contests.phases import Phase, next_change, phase, stretches, takes_entries

OPENS = datetime(2026, 11, 2, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
INSTANT = timedelta(microseconds=1)


def contest(**values: object) -> Contest:
    return Contest(
        **{
            "format": Format.DEALT,
            "entry_opens_at": OPENS,
            "entry_closes_at": OPENS + WEEK,
            "scoring_opens_at": OPENS + WEEK,
            "scoring_closes_at": OPENS + 2 * WEEK,
            "decision_due_at": OPENS + 3 * WEEK,
            **values,
        }
    )


@pytest.mark.parametrize(
    ("weeks", "before", "at"),
    [
        (0, Phase.UPCOMING, Phase.ENTRY),
        (1, Phase.ENTRY, Phase.SCORING),
        (2, Phase.SCORING, Phase.TALLYING),
    ],
)
def test_each_window_is_half_open(weeks: int, before: Phase, at: Phase) -> None:
    edge = OPENS + weeks * WEEK
    assert phase(contest(), edge - INSTANT) is before
    assert phase(contest(), edge) is at


def test_a_tally_ends_the_counting_and_the_due_date_the_decision() -> None:
    one = contest(closed_at=OPENS + 2 * WEEK, tallied_at=OPENS + 2 * WEEK + INSTANT)
    due = OPENS + 3 * WEEK
    assert phase(one, due - INSTANT) is Phase.DECISION
    assert phase(one, due) is Phase.RESULTS


def test_an_early_close_ends_scoring_at_once() -> None:
    one = contest(closed_at=OPENS + WEEK + INSTANT)
    assert phase(one, OPENS + WEEK + 2 * INSTANT) is Phase.TALLYING


def test_between_entry_and_scoring_the_door_is_shut() -> None:
    one = contest(entry_closes_at=OPENS + WEEK / 2)
    assert takes_entries(one, OPENS + WEEK / 2 - INSTANT)
    assert not takes_entries(one, OPENS + WEEK / 2)
    assert phase(one, OPENS + WEEK / 2) is Phase.ENTRY
    assert next_change(one, OPENS + WEEK / 2) == OPENS + WEEK


def test_the_next_change_is_the_next_door() -> None:
    one = contest()
    assert next_change(one, OPENS - INSTANT) == OPENS
    assert next_change(one, OPENS) == OPENS + WEEK
    assert next_change(one, OPENS + WEEK) == OPENS + 2 * WEEK
    assert next_change(one, OPENS + 2 * WEEK) is None  # a worker counts; no clock ends it
    assert next_change(contest(cancelled_at=OPENS), OPENS) is None


def test_exactly_one_leg_of_the_way_is_on() -> None:
    legs = stretches(contest(), OPENS + WEEK)
    assert [leg.phase for leg in legs if leg.is_now] == [Phase.SCORING]
    assert [leg.phase for leg in legs if leg.is_past] == [Phase.ENTRY]
    assert not any(leg.is_now for leg in stretches(contest(cancelled_at=OPENS), OPENS))
