"""What a slot deals: balanced at first and in small contests, then whoever has prospects."""

from __future__ import annotations

import random
from collections import Counter
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.voting.dealing import (
    BALANCED_SLOTS,
    LAST_SURVIVORS,
    LEAST_BALANCED_SLOTS,
    NEXT_BEST,
    SLOTS,
    Plan,
    balanced_slots,
    cut_bands,
    plan,
    slot_seed,
    survivors_in,
)

SEED = slot_seed(b"a seed nobody outside knows", 17)
seen = st.dictionaries(st.integers(1, 10**9), st.integers(0, 9), min_size=1, max_size=150)


def planned(entries: int, slot: int, votes_each: int) -> Plan:
    """A slot of a contest whose entries were all seen alike; the higher its number, the better."""
    return plan(SEED, slot, range(entries), [votes_each] * entries, range(entries))


@given(seen, st.randoms())
def test_the_bands_hold_every_entry_once_least_seen_first(
    counts: dict[int, int], chance: random.Random
) -> None:
    ids = list(counts)
    bands = plan(SEED, 3, ids, list(counts.values())).bands
    listed = list(chain.from_iterable(bands))
    assert sorted(listed) == sorted(ids) and bands[0] == ()
    assert [counts[entry] for entry in listed] == sorted(counts.values())
    chance.shuffle(ids)
    assert plan(SEED, 3, ids, [counts[entry] for entry in ids]).bands == bands


def test_equal_counts_are_shuffled_anew_in_each_slot() -> None:
    orders = {plan(slot_seed(SEED, slot), slot, range(100), [0] * 100).bands for slot in range(60)}
    assert len(orders) == 60
    first = Counter(bands[1][0] for bands in orders)
    assert max(first.values()) < 6  # no entry is a favourite of the lot


@given(seen, st.integers(1, 40))
def test_bands_cover_the_list_and_never_cut_equal_counts(
    counts: dict[int, int], at_least: int
) -> None:
    along = sorted(counts.values())
    ends = cut_bands(along, at_least)
    assert ends[-1] == len(along)
    sizes = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    assert min(sizes) >= min(at_least, len(along))
    for end in ends[:-1]:
        assert along[end - 1] < along[end]


def test_nothing_has_no_bands() -> None:
    assert cut_bands([]) == []
    assert plan(SEED, 30, [], [], []) == Plan(bands=((),), tiers=())


@pytest.mark.parametrize(
    ("why", "entries", "slot", "votes_each"),
    [
        ("the floor is being paid", 600, BALANCED_SLOTS - 1, 3),
        ("the first tenth", 600, LEAST_BALANCED_SLOTS - 1, 15),
        ("sixty entries", 60, 30, 10),
        ("two hundred votes an entry at this pace", 600, 30, 100),
        ("not a vote an entry yet", 600, 30, 0),
    ],
)
def test_a_slot_is_balanced(why: str, entries: int, slot: int, votes_each: int) -> None:
    assert planned(entries, slot, votes_each).survivors == (), why


@pytest.mark.parametrize(
    ("entries", "slot", "votes_each"),
    [(600, BALANCED_SLOTS, 3), (600, 6, 15), (61, 30, 10), (600, 30, 99), (600, 30, 7)],
)
def test_just_beside_it_the_best_are_in_the_running(
    entries: int, slot: int, votes_each: int
) -> None:
    survivors = planned(entries, slot, votes_each).survivors
    balanced = balanced_slots(slot, [votes_each] * entries)
    best = range(entries - survivors_in(slot, entries, balanced), entries)
    assert sorted(survivors) == list(best)


@pytest.mark.parametrize(
    ("at_close", "slots"), [(5, 21), (20, 21), (21, 20), (42, 10), (70, 6), (500, 6)]
)
def test_slots_are_balanced_until_the_floor_is_paid_at_the_pace_so_far(
    at_close: int, slots: int
) -> None:
    assert balanced_slots(30, [at_close // 2] * 100 + [at_close - at_close // 2] * 100) == slots
    assert BALANCED_SLOTS == 21 and LEAST_BALANCED_SLOTS == 6


@given(st.integers(61, 200_000))
def test_fewer_are_in_the_running_in_every_slot_from_half_of_all_to_the_last(entries: int) -> None:
    sizes = [survivors_in(slot, entries) for slot in range(BALANCED_SLOTS, SLOTS)]
    assert sizes[0] == round(entries / 2) and sizes == sorted(sizes, reverse=True)
    assert sizes[-3:] == [LAST_SURVIVORS] * 3
    steps = [after / before for before, after in pairwise(sizes[:-3]) if before > 500]
    assert steps == sorted(steps, reverse=True), "slowly at first, when little is known"
    assert not steps or (min(steps) > 0.6 and max(steps) > 0.9)


@given(st.integers(61, 5_000), st.integers(BALANCED_SLOTS + 1, SLOTS - 1))
def test_the_next_best_follow_where_few_are_in_the_running(entries: int, slot: int) -> None:
    planned_now = planned(entries, slot, 7)
    tiers = planned_now.tiers
    size = survivors_in(slot, entries, balanced_slots(slot, [7] * entries))
    assert len(tiers[0]) == size and planned_now.survivors == tiers[0]
    listed = max(size, NEXT_BEST)
    assert len(tiers) == (2 if listed > size else 1)
    best_first = [entry for tier in tiers for entry in sorted(tier, reverse=True)]
    assert best_first == list(range(entries - 1, entries - 1 - listed, -1))


def test_an_entry_comes_back_when_its_prospects_do() -> None:
    counts, prospects = [10] * 600, list(range(600))
    assert 0 not in plan(SEED, 40, range(600), counts, prospects).survivors
    prospects[0] = 10_000
    assert 0 in plan(SEED, 41, range(600), counts, prospects).survivors


def test_a_slot_that_endangers_the_floor_is_balanced() -> None:
    counts = [1] * 10 + [20] * 590
    assert plan(SEED, 40, range(600), counts, range(600)).survivors
    assert not plan(SEED, 58, range(600), counts, range(600)).survivors
    assert plan(SEED, 58, range(600), [20] * 600, range(600)).survivors


def test_only_those_approved_late_and_below_the_floor_come_first() -> None:
    counts = [20] * 100
    counts[3], counts[4], counts[5] = 0, 6, 7
    late = plan(SEED, 40, range(100), counts, late={3, 5}).bands[0]
    assert late == (3,), "not 4, which is not late, nor 5, which has its floor"
