"""How sure the first places are: chances of being among them, and what other counts would say.

None of it decides anything, so floats serve; whoever counts again gets the same but for the last
digit.

**Odds.** 2,000 times, each entry's level is drawn from a normal distribution around its score,
as wide as the interval shown (`half / 1.645`), one independent of the other; the chance is how
often it is among as many as the contest promises to win. Seeded by the tie seed. Drawn for the
first thousand by score: no other has a chance worth a line. From 10 to 90 per cent it is too
close to call.

**Other counts.** The raw mean of counted votes, of entries with eight or more; and an ordinal
model, which does not take the step from 4 to 5 stars for as long as that from 1 to 2: the
cumulative logit (P. McCullagh, *Regression Models for Ordinal Data*, Journal of the Royal
Statistical Society B 42, 1980) with a level for each entry,

    P(stars <= k) = 1 / (1 + exp(level_i - a_k))

levels normal around 0 with a variance of their own, votes by their weights, fitted by Newton's
steps on levels and thresholds in turn.
"""

from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ideation.voting import scoring
from ideation.voting.columns import Cast
from ideation.voting.fast_scoring import Sums
from ideation.voting.models import Tally
from ideation.voting.scoring import FEW_VOTES, Result
from ideation.voting.weighing import VOTE

DRAWS = 2_000
DRAWN = 1_000
#: In 1/10,000: between these it is too close to call.
CLOSE_FROM, CLOSE_TO = 1_000, 9_000
#: Of so many promised places one that differs is no news, two are; of fewer, one is.
MANY_WINNERS = 6

#: Draws made at a time; ``DRAWS`` is a multiple of it.
_AT_ONCE = 50
#: Steps of the ordinal model at most; it stops once no level moves by more than this.
_ROUNDS, _STILL = 40, 1e-9
_Floats = NDArray[np.float64]


def odds(result: Result, sums: Sums, cast: Cast, winners: int, seed: bytes) -> dict[int, int]:
    """Entry → its chance of being among the first `winners`, in 1/10,000."""
    rows = result.rows[:DRAWN]
    if len(result.rows) <= winners or not result.counted:
        return {}
    at = np.searchsorted(cast.entries, [row.entry for row in rows])
    weights, squares = sums.weights.sum(axis=1)[at], sums.weight_squares[at]
    reach = scoring.reach_of(result.rule_version)
    half = [
        scoring.half_width(result.m, result.sigma2, weight, square, reach)
        for weight, square in zip(weights.tolist(), squares.tolist(), strict=True)
    ]
    level, width = np.array([row.score for row in rows], float), np.array(half) / 1.645
    chance = np.random.Generator(
        np.random.PCG64(int.from_bytes(sha256(b"odds" + seed).digest()[:8]))
    )
    times = np.zeros(len(rows), np.int64)
    for _ in range(0, DRAWS, _AT_ONCE):
        drawn = level + width * chance.standard_normal((_AT_ONCE, len(rows)))
        first = np.argpartition(-drawn, winners)[:, :winners]
        times += np.bincount(first.ravel(), minlength=len(rows))
    return {row.entry: n * 10_000 // DRAWS for row, n in zip(rows, times.tolist(), strict=True)}


def is_close(odds_bp: int | None) -> bool:
    """Whether it is too close to call if the entry is among the first."""
    return odds_bp is not None and CLOSE_FROM <= odds_bp <= CLOSE_TO


def checks(result: Result, sums: Sums, cast: Cast, winners: int) -> dict[str, Any]:
    """What other counts give, as ``Tally.checks`` keeps it: the first places by each, and how
    many of ours are not among them.
    """
    ours = [row.entry for row in result.rows[:winners]]
    return {"winners": winners} | {
        name: {"first": first, "differ": len(set(ours) - set(first))}
        for name, first in (
            ("raw", _by_raw_mean(result, len(ours))),
            ("ordinal", _by_levels(result, sums, cast, len(ours))),
        )
        if len(first) == len(ours)
    }


@dataclass(frozen=True)
class Disagreement:
    """Another count that has other winners: `differ` of the first `winners`."""

    way: str
    differ: int
    winners: int

    @property
    def is_worth_saying(self) -> bool:
        return self.differ >= (2 if self.winners >= MANY_WINNERS else 1)


def disagreements(tally: Tally) -> list[Disagreement]:
    """The other counts that differ enough to be told, ``raw`` before ``ordinal``."""
    found = [
        Disagreement(way, tally.checks[way]["differ"], tally.checks["winners"])
        for way in ("raw", "ordinal")
        if way in tally.checks
    ]
    return [one for one in found if one.is_worth_saying]


def _by_raw_mean(result: Result, most: int) -> list[int]:
    enough = [row for row in result.rows if row.counted >= FEW_VOTES and row.raw_mean is not None]
    first = nsmallest(most, enough, key=lambda row: (-(row.raw_mean or 0), row.rank))
    return [row.entry for row in first]


def _by_levels(result: Result, sums: Sums, cast: Cast, most: int) -> list[int]:
    entries = np.array([row.entry for row in result.rows], np.int64)
    level = levels(sums.weights / VOTE)[np.searchsorted(cast.entries, entries)]
    first: list[int] = entries[np.argsort(-level, kind="stable")[:most]].tolist()
    return first


def levels(histogram: _Floats) -> _Floats:
    """Each entry's level by the ordinal model, from votes (of any weight) for one to five stars."""
    if not histogram.any():
        return np.zeros(len(histogram))
    size = histogram.sum(axis=1)
    below = np.cumsum(histogram.sum(axis=0) + 0.5)[:4]  # half a vote each, so that none is empty
    share = below / (below[-1] + histogram[:, 4].sum() + 0.5)
    thresholds = np.log(share / (1 - share))
    goal = share * size.sum()
    # P(stars = k) is under_k - under_(k-1): a vote pulls at the thresholds on its either side.
    either = (histogram[:, :4] + histogram[:, 1:]).T.copy()
    least = size - histogram[:, 4]
    level, variance = np.zeros(len(histogram)), 1.0
    for _ in range(_ROUNDS):
        under, slope = _under(thresholds, level)
        push = (either * under).sum(axis=0) - least - level / variance
        hold = (either * slope).sum(axis=0) + 1 / variance
        before = level
        level = np.clip(level + push / hold, -12, 12)
        level -= (level * size).sum() / size.sum()
        variance = float(np.clip((level**2 + 1 / hold).mean(), 0.01, 4))
        under, slope = _under(thresholds, level)
        miss, steep = goal - under @ size, slope @ size
        thresholds = thresholds + np.clip(miss / np.maximum(steep, 1e-9), -1, 1)
        if np.abs(level - before).max() < _STILL:
            break
    return level


def _under(thresholds: _Floats, level: _Floats) -> tuple[_Floats, _Floats]:
    """P(stars <= k) of each entry for k from 1 to 4, and its slope."""
    under = 1 / (1 + np.exp(level - thresholds[:, None]))
    return under, under * (1 - under)
