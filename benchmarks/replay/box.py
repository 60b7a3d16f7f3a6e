"""The votes of one replay so far, and the product's own score of them, with its interval."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.replay.contests import STARS, Contest
from ideation.voting import fast_scoring, fast_weighing, scoring
from ideation.voting.columns import ALONE, Cast
from ideation.voting.weighing import VOTE

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
        return self._score()[0]

    def prospects(self) -> Ints:
        """The upper end of every score's interval, as `scoring` gives it."""
        scores, m, sums = self._score()
        half = _half_widths(m, sums)
        high: Ints = np.minimum(5 * scoring.STAR, scores + half)
        return high

    def _score(self) -> tuple[Ints, int, fast_scoring.Sums]:
        cast, weight = self.count()
        sums = fast_scoring.add_up(cast, weight)
        scores, m, _ = fast_scoring.score(cast, sums)
        return scores, m, sums


def _half_widths(m: int, sums: fast_scoring.Sums) -> Ints:
    """`scoring.half_width` in columns; fits 64 bits up to 4,000 votes an entry."""
    histogram = sums.histogram
    n, total, squares = ((histogram * STARS**power).sum(axis=1) for power in (0, 1, 2))
    within = int((scoring.STAR * (n * squares - total**2) // np.maximum(1, n)).sum())
    sigma2 = scoring.sigma2_of(n[n > 0].tolist(), within)
    prior, weights = m * VOTE, sums.weights.sum(axis=1)
    top = scoring.REACHES[scoring.RULE_VERSION] ** 2 * sigma2 * (VOTE * prior + sums.weight_squares)
    half: Ints = np.sqrt(top // (100 * (prior + weights) ** 2)).astype(np.int64)
    return half
