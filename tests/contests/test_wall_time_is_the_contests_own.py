from datetime import UTC, datetime

import pytest

from ideation.contests import wall_time
from ideation.core.errors import Invalid


def test_a_field_is_read_in_the_contests_zone_and_written_back() -> None:
    at = wall_time.read("2026-07-06T12:00", "Europe/Lisbon")
    assert at == datetime(2026, 7, 6, 11, tzinfo=UTC)
    assert wall_time.write(at, "Europe/Lisbon") == "2026-07-06T12:00"
    assert wall_time.write(at, "Asia/Taipei") == "2026-07-06T19:00"


def test_a_time_that_the_clock_skips_is_refused_with_the_next_one() -> None:
    with pytest.raises(Invalid) as refusal:
        wall_time.read("2026-03-08T02:30", "America/New_York")
    assert "02:30 does not exist" in str(refusal.value)
    assert "03:00" in str(refusal.value)


def test_a_time_that_the_clock_shows_twice_is_the_first() -> None:
    assert wall_time.read("2026-11-01T01:30", "America/New_York") == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30T12:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        wall_time.read(text, "Europe/Lisbon")
