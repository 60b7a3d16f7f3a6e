"""Skips are earned, so that nobody fishes for a target."""

from __future__ import annotations

import pytest

from ideation.voting.dealing import may_skip, skips_allowed


@pytest.mark.parametrize(("answered", "earned"), [(0, 5), (3, 5), (4, 6), (30, 12), (200, 55)])
def test_skips_are_earned_by_answers(answered: int, earned: int) -> None:
    assert skips_allowed(answered) == earned
    assert may_skip(answered, earned - 1, 0)
    assert not may_skip(answered, earned, 0)


def test_no_more_than_twenty_skips_a_day() -> None:
    assert may_skip(200, 30, 19)
    assert not may_skip(200, 30, 20)
