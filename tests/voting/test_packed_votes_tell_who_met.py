"""What is read off packed votes: columns, and which votes may have come from one network."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideation.voting import packing
from ideation.voting.packing import NETWORK_AT, Bundle, Layout

pytestmark = pytest.mark.one_engine

LAYOUT = Layout(1, 10, 100, 6, 6)
_PAIRS = st.tuples(st.integers(100, 140), st.integers(10, 30))
#: Where parts begin; twice at the same place leaves one empty.
_CUTS = st.lists(st.integers(0, 40), max_size=6)
_VOTES = st.dictionaries(_PAIRS, st.tuples(st.integers(1, 5), st.sampled_from([0, 1, 3, 5, 777])))
#: Dense enough that three meet.
_MEETINGS = st.dictionaries(
    st.tuples(st.integers(100, 140), st.integers(10, 12)),
    st.tuples(st.integers(1, 5), st.sampled_from([0, 1, 777])),
    min_size=20,
)


def bundle(votes: dict[tuple[int, int], tuple[int, int]], cuts: list[int]) -> Bundle:
    """(voter, entry) → stars and network; in parts of any size, as late votes leave them."""
    packed = [
        ((voter - 100) << LAYOUT.voter_at)
        | ((entry - 10) << LAYOUT.entry_at)
        | (network << NETWORK_AT)
        | stars
        for (voter, entry), (stars, network) in votes.items()
    ]
    ends = sorted(min(cut, len(packed)) for cut in cuts)
    return Bundle(LAYOUT, np.split(np.array(sorted(packed), np.int64), ends))


@given(_VOTES, _CUTS)
def test_columns_say_what_was_packed_and_which_entries_stand(
    votes: dict[tuple[int, int], tuple[int, int]], cuts: list[int]
) -> None:
    ranked = np.array([10, 12, 31], np.int64)
    cast = packing.unpacked(bundle(votes, cuts), ranked)
    said = [
        (int(cast.voters[voter]), int(cast.entries[entry]), int(stars))
        for voter, entry, stars in zip(cast.voter, cast.entry, cast.stars, strict=True)
    ]
    assert said == [(*pair, stars) for pair, (stars, _) in sorted(votes.items())]
    assert cast.ranked == [10, 12, 31]
    assert set(cast.entries.tolist()) == {10, 12, 31} | {entry for _, entry in votes}
    assert cast.voters.tolist() == sorted({voter for voter, _ in votes})


@given(_MEETINGS, _CUTS)
def test_three_from_one_network_on_an_entry_are_found_wherever_they_lie(
    votes: dict[tuple[int, int], tuple[int, int]], cuts: list[int]
) -> None:
    met = Counter((entry, network) for (_, entry), (_, network) in votes.items())
    expected = [
        place
        for place, ((_, entry), (_, network)) in enumerate(sorted(votes.items()))
        if network and met[entry, network] > 2
    ]
    assert packing.crowded(bundle(votes, cuts)).tolist() == expected


def test_of_a_million_strangers_hardly_any_look_like_a_crowd() -> None:
    """Mixing entry and network into 32 bits must not bring many together that never met."""
    layout = Layout(1, 0, 0, 16, 20)
    voters = np.arange(1_000_000, dtype=np.int64)
    networks = (voters % (1 << 19)) * 2 + 1
    packed = (voters << layout.voter_at) | ((voters % 20_000) << layout.entry_at)
    votes = packed | (networks << NETWORK_AT) | 3
    assert packing.crowded(Bundle.of(layout, votes)).size < 1_000
    same = packed | (np.int64(1) << NETWORK_AT) | 3
    assert packing.crowded(Bundle.of(layout, same)).size == 1_000_000, "control: here all met"
