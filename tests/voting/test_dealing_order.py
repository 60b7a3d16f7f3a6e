"""The slot's list and a voter's way through it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.voting.dealing import (
    build_list,
    candidate,
    cut_bands,
    order_for,
    slot_of,
    slot_seed,
    walk,
)

DEAL_SEED = b"a seed nobody outside knows"
SEED = slot_seed(DEAL_SEED, 17)
OPENS = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)
seen = st.dictionaries(st.integers(1, 10**9), st.integers(0, 9), min_size=1, max_size=150)
voters = st.integers(1, 2**63)
slots = st.integers(0, 59)


def test_a_week_falls_into_sixty_equal_slots() -> None:
    length = timedelta(days=7) / 60
    assert slot_of(OPENS, OPENS, CLOSES) == 0
    assert slot_of(OPENS + length, OPENS, CLOSES) == 1
    assert slot_of(OPENS + length - timedelta(microseconds=1), OPENS, CLOSES) == 0
    assert slot_of(CLOSES - timedelta(microseconds=1), OPENS, CLOSES) == 59
    for outside in (OPENS - timedelta(microseconds=1), CLOSES):
        with pytest.raises(ValueError, match="outside"):
            slot_of(outside, OPENS, CLOSES)


@given(seen, st.randoms())
def test_the_list_holds_every_entry_once_least_seen_first(
    counts: dict[int, int], chance: random.Random
) -> None:
    ids = list(counts)
    listed = build_list(SEED, ids, counts)
    assert sorted(listed) == sorted(ids)
    assert [counts[entry] for entry in listed] == sorted(counts.values())
    chance.shuffle(ids)
    assert build_list(SEED, ids, counts) == listed


def test_equal_counts_are_shuffled_anew_in_each_slot() -> None:
    ids = list(range(100))
    orders = {tuple(build_list(slot_seed(DEAL_SEED, slot), ids, {})) for slot in range(60)}
    assert len(orders) == 60
    first = Counter(order[0] for order in orders)
    assert max(first.values()) < 6  # no entry is a favourite of the lot


@given(seen, st.integers(1, 40))
def test_bands_cover_the_list_and_never_cut_equal_counts(
    counts: dict[int, int], at_least: int
) -> None:
    listed = build_list(SEED, list(counts), counts)
    bands = cut_bands(listed, counts, at_least)
    assert bands[-1] == len(listed)
    sizes = [end - start for start, end in zip([0, *bands], bands, strict=False)]
    assert min(sizes) >= min(at_least, len(listed))
    for end in bands[:-1]:
        assert counts[listed[end - 1]] < counts[listed[end]]


def test_an_empty_list_has_no_bands_and_an_empty_walk() -> None:
    assert cut_bands([], {}) == []
    assert list(walk([], [], SEED, 1)) == []
    with pytest.raises(ValueError, match="nothing"):
        order_for(SEED, 1, 0)


@given(voters, st.integers(1, 500), slots)
def test_a_stride_meets_every_place_once(voter: int, n: int, slot: int) -> None:
    offset, stride = order_for(slot_seed(DEAL_SEED, slot), voter, n)
    assert 0 <= offset < n and gcd(stride, n) == 1
    assert {(offset + k * stride) % n for k in range(n)} == set(range(n))


@given(seen, voters, st.integers(0, 10**6))
def test_a_walk_visits_every_entry_exactly_once_from_wherever_it_starts(
    counts: dict[int, int], voter: int, start: int
) -> None:
    listed = build_list(SEED, list(counts), counts)
    bands = cut_bands(listed, counts)
    way = list(walk(listed, bands, SEED, voter))
    assert sorted(way) == sorted(listed)
    assert way == [candidate(listed, bands, SEED, voter, k) for k in range(len(listed))]
    turn = start % len(listed)
    assert list(walk(listed, bands, SEED, voter, start)) == way[turn:] + way[:turn]


@given(seen, voters)
def test_a_walk_goes_band_by_band_lowest_first(counts: dict[int, int], voter: int) -> None:
    listed = build_list(SEED, list(counts), counts)
    bands = cut_bands(listed, counts, at_least=1)
    seen_on_the_way = [counts[entry] for entry in walk(listed, bands, SEED, voter)]
    assert seen_on_the_way == sorted(counts.values())


def test_the_way_is_fixed_for_voter_and_slot_and_differs_between_them() -> None:
    listed = build_list(SEED, range(58), {})
    ways = {voter: tuple(walk(listed, [58], SEED, voter)) for voter in range(1, 201)}
    assert ways == {voter: tuple(walk(listed, [58], SEED, voter)) for voter in range(1, 201)}
    # 58 offsets by 28 strides make 1,624 ways; 200 voters rarely meet on one.
    assert len(set(ways.values())) > 180
    later = slot_seed(DEAL_SEED, 18)
    assert tuple(walk(listed, [58], later, 1)) != ways[1]
    first = Counter(way[0] for way in ways.values())
    assert len(first) > 45 and max(first.values()) < 15


def test_least_seen_first_keeps_the_counts_level_where_blind_order_does_not() -> None:
    assert spread_after_a_week(levelled=True) <= 6
    assert spread_after_a_week(levelled=False) > 10  # the control


def spread_after_a_week(*, levelled: bool) -> int:
    """The gap between most and least seen of 58, after 60 slots of 4 voters with 5 ballots."""
    chance = random.Random(58)
    counts = dict.fromkeys(range(58), 0)
    answered: dict[int, set[int]] = {voter: set() for voter in range(100)}
    for slot in range(60):
        seed = slot_seed(DEAL_SEED, slot)
        frozen = dict(counts) if levelled else {}
        listed = build_list(seed, list(counts), frozen)
        bands = cut_bands(listed, frozen)
        for voter in chance.sample(sorted(answered), 4):
            way = walk(listed, bands, seed, voter)
            dealt = list(islice((entry for entry in way if entry not in answered[voter]), 5))
            answered[voter].update(dealt)
            for entry in dealt:
                counts[entry] += 1
    return max(counts.values()) - min(counts.values())
