"""What each vote weighs: nobody's ballots weigh more than thirty, and one device counts for two.

Weights are integers in 1/120 of a vote (`VOTE`). With n the voter's counted dealt votes in this
contest, and c the counted votes on the same entry that share a device cluster with it, or those
that came from the same network, whichever are more (1 where there is neither), the product of
three fractions is rounded down once:

    w = max(1, 120 * min(n, 3) * min(30, n) * min(2, c) // (3 * n * c))

that is 1 vote · min(1, n/3) · min(1, 30/n) · min(1, 2/c). A vote that does not count weighs 0
and enters neither n nor c. A voter's ballots weigh 30 votes (3,600) together at most; beyond
3,600 ballots the least weight of 1 takes over, and they weigh n/120.

A device cluster is passed on (``clusters``): who shares a browser with somebody is near to them.
A network is not, and is the vote's own: one commuter would weld two offices into one.

A jury is few, named and invited: every counted vote of a juror weighs one, and none of the above
applies.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

VOTE = 120


class Reason(StrEnum):
    """Why a vote weighs what it weighs. The first four count, the others are grounds not to."""

    COUNTED = "counted"
    LIGHT = "light"  # the voter has fewer than three counted votes
    BUSY = "capped-busy"  # the voter has more than thirty
    CLUSTER = "cluster"  # more than two votes here from one device or network; named before both
    UNCONFIRMED = "unconfirmed"
    OWN = "own"  # the voter's own design, or one co-designed
    SUSPENDED = "suspended"
    INSIDER = "insider"  # the voter could see live scores
    QUARANTINED = "quarantined"
    OUT = "out"  # the entry was withdrawn or disqualified

    @property
    def counts(self) -> bool:
        return self in (Reason.COUNTED, Reason.LIGHT, Reason.BUSY, Reason.CLUSTER)


#: A reason's number where votes are columns, and back: its place above.
CODES = tuple(Reason)
CODE = {reason: code for code, reason in enumerate(CODES)}


class Vote(NamedTuple):
    """One member's dealt vote for one entry, as far as the score is concerned."""

    entry: int
    voter: int
    stars: int
    cluster: bytes | None = None
    excluded: Reason | None = None
    network: bytes | None = None

    @property
    def counted(self) -> bool:
        return self.excluded is None


class Weight(NamedTuple):
    """What one vote weighs, in 1/120 of a vote (0 is not counted), and why."""

    weight_120: int
    reason: Reason


def weights(votes: Sequence[Vote], *, jury: bool = False) -> list[Weight]:
    """The weight of each vote of one contest, in the order given.

    Jurors are few and known by name: each of their counted votes weighs one.
    Raises ValueError if a voter has two votes for an entry, or if a vote is excluded for a reason
    that counts.
    """
    if len({(vote.entry, vote.voter) for vote in votes}) < len(votes):
        raise ValueError("a voter has one vote for an entry")
    if jury:
        return [Weight(VOTE, Reason.COUNTED) if vote.counted else _excluded(vote) for vote in votes]
    counted = [vote for vote in votes if vote.counted]
    ballots = Counter(vote.voter for vote in counted)
    clusters = Counter((vote.entry, vote.cluster) for vote in counted)
    networks = Counter((vote.entry, vote.network) for vote in counted)
    return [
        _weigh(
            vote,
            ballots[vote.voter],
            max(
                1 if vote.cluster is None else clusters[(vote.entry, vote.cluster)],
                1 if vote.network is None else networks[(vote.entry, vote.network)],
            ),
        )
        for vote in votes
    ]


def _weigh(vote: Vote, n: int, c: int) -> Weight:
    if vote.excluded is not None:
        return _excluded(vote)
    value = weight_of(n, c)
    if c > 2:
        return Weight(value, Reason.CLUSTER)
    if n < 3:
        return Weight(value, Reason.LIGHT)
    return Weight(value, Reason.BUSY if n > 30 else Reason.COUNTED)


def _excluded(vote: Vote) -> Weight:
    if vote.excluded is None or vote.excluded.counts:
        raise ValueError(f"{vote.excluded} is no reason to exclude a vote")
    return Weight(0, vote.excluded)


def weight_of(n: int, c: int) -> int:
    """The weight of a counted vote, by its voter's and its cluster's votes (see the module)."""
    return max(1, VOTE * min(n, 3) * min(30, n) * min(2, c) // (3 * n * c))
