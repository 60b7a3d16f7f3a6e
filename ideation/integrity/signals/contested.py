"""The entries that arranged voting is about: those near the top, and those voters differ over.

Accounts that act together lift one entry and hold its rivals down, so it is enough to look at the
24 best by score, the 24 best by the mean of the upper half of their marks (a design that was
pushed down keeps its upper half) and the 24 with the widest spread. Few votes say little of a
mean or a spread, so both are taken together with some marks of the contest's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ideation.integrity.signals.evidence import Evidence, Ints

EACH = 24
PRIOR = 20
_STARS = np.arange(1, 6)


def contested(evidence: Evidence, each: int = EACH) -> Ints:
    """Places in `evidence.entries` of the contested entries, ascending; at most three times each.

    Equal entries are told apart by their id, the lower first.
    """
    counts = evidence.histograms
    if not len(counts):
        return np.zeros(0, dtype=np.int64)
    everything = counts.sum(axis=0, keepdims=True)
    votes = counts.sum(axis=1)
    centre = _mean(everything)
    score = (PRIOR * centre + votes * _mean(counts)) / (PRIOR + votes)
    if evidence.scores:
        score = np.array(
            [
                evidence.scores.get(entry, low)
                for entry, low in zip(evidence.entries.tolist(), score.tolist(), strict=True)
            ]
        )
    upper = (PRIOR * _upper(everything) + votes * _upper(counts)) / (PRIOR + votes)
    spread = (PRIOR * _variance(everything) + votes * _variance(counts)) / (PRIOR + votes)
    best = [np.argsort(-column, kind="stable")[:each] for column in (score, upper, spread)]
    return np.unique(np.concatenate(best))


def _mean(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    mean: npt.NDArray[np.float64] = (counts @ _STARS) / counts.sum(axis=1)
    return mean


def _variance(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    variance: npt.NDArray[np.float64] = (counts @ _STARS**2) / counts.sum(axis=1)
    return variance - _mean(counts) ** 2


def _upper(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The mean of the better half of the marks; of an odd number, half the middle one counts."""
    half = counts.sum(axis=1, keepdims=True) / 2
    better = np.zeros(counts.shape)
    left = half[:, 0]
    for star in (4, 3, 2, 1, 0):
        better[:, star] = np.minimum(left, counts[:, star])
        left = left - better[:, star]
    mean: npt.NDArray[np.float64] = (better @ _STARS) / half[:, 0]
    return mean
