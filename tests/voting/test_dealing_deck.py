"""The deck: what lies open, what a skip does, and that it ends when everything is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.voting.dealing import (
    build_list,
    cut_bands,
    may_skip,
    next_ballots,
    skip_to_back,
    skips_allowed,
    slot_seed,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

VOTER = 4711


def order_in(slot: int, entries: int) -> Iterator[int]:
    """The voter's walk in a slot whose counts differ from the slots around it."""
    seed = slot_seed(b"deal", slot)
    counts = {entry: (entry * (slot + 3)) % 5 for entry in range(entries)}
    listed = build_list(seed, list(range(entries)), counts)
    return walk(listed, cut_bands(listed, counts, 6), seed, VOTER, start=slot * 7)


# What a voter does next: answer or skip the ballot on top, while slots pass by or not.
acts = st.lists(st.tuples(st.sampled_from(["answer", "answer", "skip"]), st.booleans()))


@given(st.integers(0, 40), st.sets(st.integers(0, 39), max_size=8), acts)
def test_a_deck_neither_repeats_nor_loops_nor_ends_early(
    entries: int, own: set[int], plan: list[tuple[str, bool]]
) -> None:
    answered: list[int] = []
    still_open: list[int] = []
    skipped: list[int] = []
    skips = slot = steps = 0
    script = iter(plan)
    while True:
        before = still_open
        still_open = next_ballots(order_in(slot, entries), set(answered), still_open, skipped, own)
        left = set(range(entries)) - own - set(answered)
        assert len(still_open) == min(4, len(left)) == len(set(still_open))
        assert still_open[: len(before)] == before  # what is open stays, slot or no slot
        assert not own & set(still_open) and not set(answered) & set(still_open)
        if not still_open:
            break
        act, slot_passes = next(script, ("answer", False))
        slot += slot_passes
        if act == "skip" and may_skip(len(answered), skips, 0):
            still_open, skipped = skip_to_back(still_open, skipped, still_open[0])
            skips += 1
        else:
            answered.append(still_open[0])
            still_open = still_open[1:]
        steps += 1
        assert steps <= entries + skips
    assert sorted(answered) == sorted(set(range(entries)) - own)


def test_a_skipped_ballot_comes_back_after_all_others_earliest_skip_first() -> None:
    dealt = next_ballots(range(8), set(), [], [], set())
    assert dealt == [0, 1, 2, 3]
    still_open, skipped = skip_to_back(dealt, [], 0)
    still_open, skipped = skip_to_back(still_open, skipped, 2)
    assert next_ballots(range(8), set(), still_open, skipped, set()) == [1, 3, 4, 5]
    assert next_ballots(range(8), {1, 3, 4, 5}, [], skipped, set()) == [6, 7, 0, 2]
    still_open, skipped = skip_to_back([0, 2], skipped, 0)
    assert next_ballots(range(8), {1, 3, 4, 5, 6, 7}, still_open, skipped, set()) == [2, 0]


def test_a_redealt_skip_stays_open_when_a_fresh_entry_arrives() -> None:
    assert next_ballots([9], {1}, [0, 2], [0, 2], set()) == [0, 2, 9]
    assert next_ballots([9], set(), [0, 2, 3, 4], [0, 2, 3, 4], set()) == [0, 2, 3, 4]


def test_an_entry_approved_late_can_be_put_before_the_walk() -> None:
    late = [5]
    assert next_ballots([*late, *range(8)], {0}, [1], [], set()) == [1, 5, 2, 3]


def test_a_withdrawn_entry_leaves_the_open_ballots() -> None:
    assert next_ballots(range(6), set(), [0, 1, 2, 3], [], {1}) == [0, 2, 3, 4]


def test_the_order_is_read_no_further_than_needed() -> None:
    order = iter(range(1000))
    next_ballots(order, {0}, [], [], set())
    assert next(order) <= 6


@pytest.mark.parametrize(("answered", "earned"), [(0, 5), (3, 5), (4, 6), (30, 12), (200, 55)])
def test_skips_are_earned_by_answers(answered: int, earned: int) -> None:
    assert skips_allowed(answered) == earned
    assert may_skip(answered, earned - 1, 0)
    assert not may_skip(answered, earned, 0)


def test_no_more_than_twenty_skips_a_day() -> None:
    assert may_skip(200, 30, 19)
    assert not may_skip(200, 30, 20)
