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
_VOTES = st.dictionaries(_PAIRS, st.tuples(st.integers(1, 5), st.sampled_from([0, 1, 3, 5, 777])))


def bundle(votes: dict[tuple[int, int], tuple[int, int]]) -> Bundle:
    """(voter, entry) → stars and network."""
    packed = [
        ((voter - 100) << LAYOUT.voter_at)
        | ((entry - 10) << LAYOUT.entry_at)
        | (network << NETWORK_AT)
        | stars
        for (voter, entry), (stars, network) in votes.items()
    ]
    return Bundle.of(LAYOUT, np.array(sorted(packed), np.int64))


@given(_VOTES, st.sampled_from([1, 2, 1 << 17]))
def test_columns_say_what_was_packed_and_which_entries_stand(
    votes: dict[tuple[int, int], tuple[int, int]], block: int
) -> None:
    ranked = np.array([10, 12, 31], np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "BLOCK", block)
        cast = packing.unpacked(bundle(votes), ranked)
    said = [
        (int(cast.voters[voter]), int(cast.entries[entry]), int(stars))
        for voter, entry, stars in zip(cast.voter, cast.entry, cast.stars, strict=True)
    ]
    assert said == [(*pair, stars) for pair, (stars, _) in sorted(votes.items())]
    assert cast.ranked == [10, 12, 31]
    assert set(cast.entries.tolist()) == {10, 12, 31} | {entry for _, entry in votes}
    assert cast.voters.tolist() == sorted({voter for voter, _ in votes})


@given(_VOTES, st.sampled_from([1, 3, 1 << 17]))
def test_three_from_one_network_on_an_entry_are_found_wherever_they_lie(
    votes: dict[tuple[int, int], tuple[int, int]], block: int
) -> None:
    met = Counter((entry, network) for (_, entry), (_, network) in votes.items())
    expected = [
        place
        for place, ((_, entry), (_, network)) in enumerate(sorted(votes.items()))
        if network and met[entry, network] > 2
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "BLOCK", block)
        assert packing.crowded(bundle(votes)).tolist() == expected


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
