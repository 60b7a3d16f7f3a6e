"""What each vote weighs: nobody's ballots weigh more than thirty, and one device counts for two.

Weights are integers in 1/120 of a vote (`VOTE`). With n the voter's counted dealt votes in this
contest, and c the counted votes on the same entry from the same device cluster (1 where there is
none), the product of three fractions is rounded down once:

    w = max(1, 120 * min(n, 3) * min(30, n) * min(2, c) // (3 * n * c))

that is 1 vote · min(1, n/3) · min(1, 30/n) · min(1, 2/c). A vote that does not count weighs 0
and enters neither n nor c. A voter's ballots weigh 30 votes (3,600) together at most; beyond
3,600 ballots the least weight of 1 takes over, and they weigh n/120.
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
    CLUSTER = "cluster"  # more than two votes on this entry from one device; names it before both
    UNCONFIRMED = "unconfirmed"
    OWN = "own"  # the voter's own design, or one co-designed
    SUSPENDED = "suspended"
    INSIDER = "insider"  # the voter could see live scores
    QUARANTINED = "quarantined"
    OUT = "out"  # the entry was withdrawn or disqualified

    @property
    def counts(self) -> bool:
        return self in (Reason.COUNTED, Reason.LIGHT, Reason.BUSY, Reason.CLUSTER)


class Vote(NamedTuple):
    """One member's dealt vote for one entry, as far as the score is concerned."""

    entry: int
    voter: int
    stars: int
    cluster: bytes | None = None
    excluded: Reason | None = None

    @property
    def counted(self) -> bool:
        return self.excluded is None


class Weight(NamedTuple):
    """What one vote weighs, in 1/120 of a vote (0 is not counted), and why."""

    weight_120: int
    reason: Reason


def weights(votes: Sequence[Vote]) -> list[Weight]:
    """The weight of each vote of one contest, in the order given.

    Raises ValueError if a voter has two votes for an entry, or if a vote is excluded for a reason
    that counts.
    """
    if len({(vote.entry, vote.voter) for vote in votes}) < len(votes):
        raise ValueError("a voter has one vote for an entry")
    counted = [vote for vote in votes if vote.counted]
    ballots = Counter(vote.voter for vote in counted)
    clusters = Counter((vote.entry, vote.cluster) for vote in counted)
    return [
        _weigh(
            vote,
            ballots[vote.voter],
            1 if vote.cluster is None else clusters[(vote.entry, vote.cluster)],
        )
        for vote in votes
    ]


def _weigh(vote: Vote, n: int, c: int) -> Weight:
    if vote.excluded is not None:
        if vote.excluded.counts:
            raise ValueError(f"{vote.excluded} is no reason to exclude a vote")
        return Weight(0, vote.excluded)
    value = max(1, VOTE * min(n, 3) * min(30, n) * min(2, c) // (3 * n * c))
    if c > 2:
        return Weight(value, Reason.CLUSTER)
    if n < 3:
        return Weight(value, Reason.LIGHT)
    return Weight(value, Reason.BUSY if n > 30 else Reason.COUNTED)
