"""The votes of one replay so far, the product's own score of them, and their prospects."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.replay.contests import STARS, Contest
from ideation.voting import fast_scoring, fast_weighing, prospects, scoring
from ideation.voting.columns import ALONE, Cast

Ints = NDArray[np.int64]


class Box:
    """Every vote cast, in the order they came; nobody marks an entry twice."""

    def __init__(self, contest: Contest, voters: int, votes: int, dice: np.random.Generator):
        self.size = contest.size
        self.voters = voters
        self.seen = np.zeros((voters, contest.size), dtype=np.bool_)
        #: Of each voter: how many ballots they were dealt.
        self.dealt = np.zeros(voters, dtype=np.int64)
        self.counts = np.zeros(contest.size, dtype=np.int64)
        #: Of each entry: the sum of its stars.
        self.stars = np.zeros(contest.size, dtype=np.int64)
        self._edges = np.cumsum(contest.chances, axis=1)[:, :4]
        self._dice = dice
        self._votes = np.empty((3, votes), dtype=np.int64)
        self.cast = 0

    def put(self, voters: Ints, entries: Ints) -> None:
        """Let each voter mark the entry beside them, by the entry's own chances."""
        lots = self._dice.random(len(entries))
        stars = 1 + (lots[:, None] > self._edges[entries]).sum(axis=1)
        until = self.cast + len(entries)
        self._votes[:, self.cast : until] = voters, entries, stars
        self.cast = until
        self.seen[voters, entries] = True
        np.add.at(self.dealt, voters, 1)
        np.add.at(self.counts, entries, 1)
        np.add.at(self.stars, entries, stars)

    def count(self) -> tuple[Cast, fast_weighing.Weights]:
        """The votes as the product counts them, and what each weighs."""
        voter, entry, stars = self._votes[:, : self.cast]
        cast = Cast(
            entries=np.arange(self.size, dtype=np.int64),
            is_ranked=np.ones(self.size, dtype=np.bool_),
            voters=np.arange(self.voters, dtype=np.int64),
            entry=entry.astype(np.int32),
            voter=voter.astype(np.int32),
            stars=stars.astype(np.int8),
            network=np.full(self.cast, ALONE, dtype=np.int32),
            cluster=np.full(self.voters, ALONE, dtype=np.int32),
            ground=np.zeros(self.voters, dtype=np.int8),
            own=np.empty(0, dtype=np.int64),
        )
        return cast, fast_weighing.weigh(cast).weight

    def score(self) -> Ints:
        """The fair score of every entry."""
        cast, weight = self.count()
        return fast_scoring.score(cast, fast_scoring.add_up(cast, weight))[0]

    def prospects(self) -> Ints:
        """What the product chooses by."""
        cast, weight = self.count()
        histogram = np.zeros((self.size, 5), dtype=np.int64)
        np.add.at(histogram, (cast.entry, cast.stars - 1), 1)
        m = scoring.estimate_prior(histogram.tolist())
        return prospects.of(cast, weight, m, _sigma2(histogram))


def _sigma2(histogram: Ints) -> int:
    """`scoring.sigma2_of` in columns."""
    n, total, squares = ((histogram * STARS**power).sum(axis=1) for power in (0, 1, 2))
    within = int((scoring.STAR * (n * squares - total**2) // np.maximum(1, n)).sum())
    return scoring.sigma2_of(n[n > 0].tolist(), within)
