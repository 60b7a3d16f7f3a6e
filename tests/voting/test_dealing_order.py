"""A voter's way through one slot: fixed on every device, everything once, by the coin."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.voting.dealing import (
    LAST_SURVIVORS,
    SURVIVORS_SHARE,
    Plan,
    candidate,
    coin,
    draw,
    order_for,
    plan,
    runner,
    slot_of,
    slot_seed,
    walk,
)

DEAL_SEED = b"a seed nobody outside knows"
SEED = slot_seed(DEAL_SEED, 17)
OPENS = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)
voters = st.integers(1, 2**63)
slots = st.integers(0, 59)
#: Entries in bands, the first of those approved late; some of all are the best, in two tiers.
plans = st.builds(
    lambda bands, picks: Plan(
        bands=tuple(map(tuple, bands)),
        tiers=tuple(
            tuple(
                entry
                for entry, pick in zip(chain.from_iterable(bands), picks, strict=False)
                if pick == tier
            )
            for tier in (1, 2)
        ),
    ),
    st.lists(st.integers(0, 12), min_size=1, max_size=5).map(
        lambda sizes: [
            list(range(end - size, end)) for size, end in zip(sizes, accumulate(sizes), strict=True)
        ]
    ),
    st.lists(st.integers(0, 2), max_size=60),
)


def way(
    planned: Plan, voter: int, position: int, barred: frozenset[int] = frozenset()
) -> list[int]:
    """Everything the plan deals a voter from a position on, less what they may not have."""
    entries = tuple(chain.from_iterable(planned.bands))
    ends = tuple(accumulate(map(len, planned.bands)))
    others = [candidate(entries, ends, SEED, voter, k) for k in range(len(entries))]
    best = tuple(chain.from_iterable(planned.tiers))
    tiers = tuple(accumulate(map(len, planned.tiers)))
    running = [runner(best, tiers, SEED, voter, k) for k in range(len(best))]
    late = len(planned.bands[0])
    streams = (others[:late], running, others)
    return list(
        draw(SEED, voter, position, *([e for e in each if e not in barred] for each in streams))
    )


def test_a_week_falls_into_sixty_equal_slots() -> None:
    length = timedelta(days=7) / 60
    assert slot_of(OPENS, OPENS, CLOSES) == 0
    assert slot_of(OPENS + length, OPENS, CLOSES) == 1
    assert slot_of(OPENS + length - timedelta(microseconds=1), OPENS, CLOSES) == 0
    assert slot_of(CLOSES - timedelta(microseconds=1), OPENS, CLOSES) == 59
    for outside in (OPENS - timedelta(microseconds=1), CLOSES):
        with pytest.raises(ValueError, match="outside"):
            slot_of(outside, OPENS, CLOSES)


@given(voters, st.integers(1, 500), slots)
def test_a_stride_meets_every_place_once(voter: int, n: int, slot: int) -> None:
    offset, stride = order_for(slot_seed(DEAL_SEED, slot), voter, n)
    assert 0 <= offset < n and gcd(stride, n) == 1
    assert {(offset + k * stride) % n for k in range(n)} == set(range(n))


def test_nothing_has_no_order() -> None:
    assert list(walk([], [], SEED, 1)) == []
    with pytest.raises(ValueError, match="nothing"):
        order_for(SEED, 1, 0)


@given(plans, voters, st.integers(0, 500), st.sets(st.integers(0, 59), max_size=20))
def test_a_deck_is_all_that_is_eligible_once_and_nothing_else(
    planned: Plan, voter: int, position: int, barred: set[int]
) -> None:
    dealt = way(planned, voter, position, frozenset(barred))
    assert len(dealt) == len(set(dealt))
    assert set(dealt) == set(chain.from_iterable(planned.bands)) - barred


@given(plans, voters, st.integers(0, 500))
def test_who_was_approved_late_comes_before_everything_else(
    planned: Plan, voter: int, position: int
) -> None:
    late = planned.bands[0]
    assert set(way(planned, voter, position)[: len(late)]) == set(late)


@given(plans, voters, st.integers(0, 30))
def test_two_devices_are_dealt_the_same_whoever_asks_first(
    planned: Plan, voter: int, stop: int
) -> None:
    everything = way(planned, voter, 0)
    first = everything[:stop]
    # The other device goes on from there: it knows the position, and that these are answered.
    # Where the late ones end and the coin begins, the same position is met by the same coin.
    again = way(planned, voter, len(first), frozenset(first))
    assert first + again == everything


def test_the_survivors_share_of_ballots_goes_to_those_in_the_running() -> None:
    heads = Counter(
        coin(SEED, voter, position) for voter in range(1, 201) for position in range(100)
    )
    assert abs(heads[True] / 200 - SURVIVORS_SHARE) < 1  # 20,000 throws: four standard errors
    by_voter = [sum(coin(SEED, voter, place) for place in range(100)) for voter in range(1, 201)]
    assert min(by_voter) < SURVIVORS_SHARE < max(by_voter), "each throws their own"


def test_a_sitting_mixes_those_in_the_running_with_the_least_seen() -> None:
    planned = plan(SEED, 40, range(600), [12 + n % 3 for n in range(600)], range(600))
    running = set(planned.survivors)
    sittings = [way(planned, voter, 0)[:20] for voter in range(1, 101)]
    shown = sum(entry in running for sitting in sittings for entry in sitting) / 2000
    assert 0.95 < shown < 0.99
    first_band = set(planned.bands[1])
    others = [entry for sitting in sittings for entry in sitting if entry not in running]
    assert set(others) <= first_band


def test_who_has_scored_all_survivors_goes_on_with_the_next_best() -> None:
    planned = plan(SEED, 59, range(600), [20] * 600, range(600))
    assert len(planned.survivors) == LAST_SURVIVORS
    for voter in range(1, 51):
        later = way(planned, voter, 12, frozenset(planned.survivors))[:12]
        aside = sum(entry in planned.bands[1] for entry in later)
        assert sum(entry in planned.tiers[1] for entry in later) >= 12 - aside
    first = [way(planned, voter, 12, frozenset(planned.survivors))[0] for voter in range(1, 201)]
    shown = sum(entry in planned.tiers[1] for entry in first) / 200
    assert 0.93 < shown < 1


@given(st.integers(1, 120), voters, st.integers(0, 10**6))
def test_a_walk_visits_every_entry_exactly_once_from_wherever_it_starts(
    n: int, voter: int, start: int
) -> None:
    listed, ends = list(range(n)), sorted({n // 3, n // 2, n} - {0})
    all_of_it = list(walk(listed, ends, SEED, voter))
    assert sorted(all_of_it) == listed
    turn = start % n
    assert list(walk(listed, ends, SEED, voter, start)) == all_of_it[turn:] + all_of_it[:turn]


def test_the_way_is_fixed_for_voter_and_slot_and_differs_between_them() -> None:
    listed = list(range(58))
    ways = {voter: tuple(walk(listed, [58], SEED, voter)) for voter in range(1, 201)}
    assert ways == {voter: tuple(walk(listed, [58], SEED, voter)) for voter in range(1, 201)}
    # 58 offsets by 28 strides make 1,624 ways; 200 voters rarely meet on one.
    assert len(set(ways.values())) > 180
    later = slot_seed(DEAL_SEED, 18)
    assert tuple(walk(listed, [58], later, 1)) != ways[1]
    first = Counter(each[0] for each in ways.values())
    assert len(first) > 45 and max(first.values()) < 15
