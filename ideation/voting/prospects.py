"""Prospects: who is likely to be among the best six, as far as the marks so far tell.

What few people have marked may still be anything between the contest's worst and best; what many
have marked is what it is. An entry's true level lies around the mean of its marks, drawn towards
the contest's, with an error that shrinks as votes come in:

    n      =  (Σ w)² / Σ w²                     so many whole votes would say as much (Kish)
    level  =  (m C + n · Σ w x / Σ w) / (m + n)
    error² =  σ² / (m + n)

The sixth best lies where the chances of all entries to be above it add up to six: the bar. At
first it is far above every entry, and it is the prior that says so; in the end it lies between
the leaders. Prospects are how many errors an entry lies above the bar, or below it.

A vote weighs a third more than in the score, and one at most: nobody's ballots more than forty.
Were it one for everybody, a few accounts that answer the whole of a small deck could push rivals
out of the running. Voters' leanings are left out: estimated from a few marks each, they bring about
as much noise as they take away, which the final score, of many marks on the same entries, can
afford and choosing cannot.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ideation.voting import fast_scoring
from ideation.voting.columns import Cast
from ideation.voting.fast_weighing import Weights
from ideation.voting.scoring import STAR
from ideation.voting.weighing import VOTE

#: How many are promised to be found.
BEST = 6
#: Whole numbers come out of it: so many to one error.
PARTS = 1_000_000
#: What a vote weighs here, by what it weighs in the score.
_WORTH = np.minimum(np.arange(VOTE + 1) * 4 // 3, VOTE).astype(np.uint8)
_HALVINGS = 40
_STARS = np.arange(1, 6)
#: The normal distribution, at steps that are finer than any use of it.
_REACH = np.linspace(-8, 8, 2049)
_BELOW = np.array([NormalDist().cdf(each) for each in _REACH.tolist()])

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


def of(cast: Cast, weight: Weights, m: int, sigma2: int) -> _Ints:
    """The prospects of each entry that stands, in the order of ``cast``, in ``PARTS`` of an error.

    ``weight`` is what each vote weighs in the score; ``m`` the prior's votes; ``sigma2`` the
    variance of marks within an entry, in 1/10,000 of a square star.
    """
    if not cast.is_ranked.any():
        return np.zeros(0, dtype=np.int64)
    sums = fast_scoring.add_up(cast, _WORTH[weight])
    by_stars, squares = sums.weights[cast.is_ranked], sums.weight_squares[cast.is_ranked]
    weights, marks = by_stars.sum(axis=1), (by_stars * _STARS).sum(axis=1) * STAR
    mean = marks.sum() / max(1, weights.sum())
    votes = weights**2 / np.maximum(1, squares)
    levels = (m * mean + votes * marks / np.maximum(1, weights)) / (m + votes)
    errors = np.sqrt(STAR * max(1, sigma2) / (m + votes))
    prospects: _Ints = np.rint(PARTS * (levels - bar(levels, errors)) / errors).astype(np.int64)
    return prospects


def bar(levels: _Floats, errors: _Floats, best: int = BEST) -> float:
    """Where the chances of all entries to lie above add up to ``best``, by halving."""
    low, high = levels.min() - 8 * errors.max(), levels.max() + 8 * errors.max()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = np.interp((levels - middle) / errors, _REACH, _BELOW).sum()
        low, high = (middle, high) if above > best else (low, middle)
    return float(low + high) / 2
