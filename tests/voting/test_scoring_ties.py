"""Ties: the stated chain, each link tested where all the ones before it are equal."""

from __future__ import annotations

from hashlib import sha256

from ideation.voting.scoring import Row, tally
from ideation.voting.weighing import Vote, weights


def ranked(entries: list[int], votes: list[Vote], seed: bytes = b"seed") -> list[Row]:
    rows = list(tally(entries, votes, weights(votes), seed).rows)
    assert len({row.score for row in rows}) == 1, "the example is no tie"
    return rows


def marks(entry: int, stars: list[int]) -> list[Vote]:
    return [Vote(entry, voter, each) for voter, each in enumerate(stars, start=1)]


def test_the_larger_share_of_fours_and_fives_comes_first() -> None:
    rows = ranked([1, 2], marks(1, [3, 3, 3]) + marks(2, [4, 4, 1]))
    # Entry 2 has a 1 that entry 1 has not: the share is asked before.
    assert [row.entry for row in rows] == [2, 1]
    assert [row.histogram for row in rows] == [(1, 0, 0, 2, 0), (0, 0, 3, 0, 0)]


def test_then_fewer_ones() -> None:
    for low, high in [(1, 2), (2, 1)]:
        rows = ranked([1, 2], marks(low, [4, 3, 1]) + marks(high, [4, 2, 2]))
        assert [row.entry for row in rows] == [high, low]


def test_fewer_ones_are_asked_before_more_votes() -> None:
    rows = ranked([1, 2], marks(1, [5, 1, 5, 1]) + marks(2, [4, 2]))
    assert [row.entry for row in rows] == [2, 1]


def test_then_more_counted_votes() -> None:
    votes = marks(1, [3]) + marks(2, [3, 3, 3]) + marks(3, [3, 3])
    assert [row.entry for row in ranked([0, 1, 2, 3], votes)] == [2, 3, 1, 0]


def test_then_the_lot_drawn_from_seed_and_entry() -> None:
    entries = list(range(1, 9))

    def lot(seed: bytes, entry: int) -> str:
        return sha256(seed + entry.to_bytes(8, "big")).hexdigest()

    orders = set()
    for seed in (b"one", b"two", b"three"):
        drawn = [row.entry for row in ranked(entries, [], seed)]
        assert drawn == sorted(entries, key=lambda entry: lot(seed, entry))
        orders.add(tuple(drawn))
    assert len(orders) == 3  # the earlier upload has no advantage


def test_an_unvoted_entry_stands_at_the_mean_and_loses_every_tie_there() -> None:
    votes = [*marks(1, [5, 5, 5]), *marks(2, [3, 3, 3]), *marks(3, [1, 1, 1])]
    rows = tally([1, 2, 3, 4], votes, weights(votes), b"seed").rows
    assert [row.entry for row in rows] == [1, 2, 4, 3]
    assert rows[1].score == rows[2].score == 30_000


def test_the_result_names_the_seeds_commitment_and_not_the_seed() -> None:
    result = tally([1], [], [], b"seed")
    assert result.tie_commitment == sha256(b"seed").hexdigest()
    assert b"tie=seed" not in result.canonical()
