"""Real raters as a contest: the entries with most ratings, and samples of who rated them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]


@dataclass(frozen=True)
class Crowd:
    """Ratings as columns; entries and raters are numbered from 0."""

    entry: Column
    rater: Column
    stars: Column

    @property
    def entries(self) -> int:
        return int(self.entry.max(initial=-1)) + 1

    @property
    def raters(self) -> int:
        return int(self.rater.max(initial=-1)) + 1

    def densest(self, entries: int) -> Crowd:
        """The contest of the entries with most ratings, and everybody who rated one of them."""
        many = np.bincount(self.entry)
        chosen = np.argsort(-many, kind="stable")[:entries]
        return self._where(np.isin(self.entry, chosen))

    def sample(self, rng: np.random.Generator, share: float) -> Crowd:
        """So large a share of the raters, each with all their ratings; every entry stays."""
        chosen = rng.random(self.raters) < share
        kept = chosen[self.rater]
        _, rater = np.unique(self.rater[kept], return_inverse=True)
        return Crowd(self.entry[kept], rater, self.stars[kept])

    def joined(self, entry: Column, rater: Column, stars: Column) -> Crowd:
        """With more ratings, by raters of their own, numbered after everybody here."""
        return Crowd(
            np.concatenate((self.entry, entry)),
            np.concatenate((self.rater, rater + self.raters)),
            np.concatenate((self.stars, stars)),
        )

    def _where(self, kept: NDArray[np.bool_]) -> Crowd:
        _, entry = np.unique(self.entry[kept], return_inverse=True)
        _, rater = np.unique(self.rater[kept], return_inverse=True)
        return Crowd(entry, rater, self.stars[kept])


def made_up(rng: np.random.Generator) -> Crowd:
    """2,000 raters who mark 10 to 40 of 400 entries, some of which are met far more often.

    Levels are half a star apart (normal), leanings 0.4, and a mark a star of chance off, to the
    nearest whole star.
    """
    levels, leanings = 3.2 + rng.normal(0, 0.5, 400), rng.normal(0, 0.4, 2_000)
    often = np.exp(rng.normal(0, 0.8, len(levels)))
    each = rng.integers(10, 41, len(leanings))
    chosen = [rng.choice(len(levels), many, False, often / often.sum()) for many in each]
    rater, entry = np.repeat(np.arange(len(leanings)), each), np.concatenate(chosen)
    marks = levels[entry] + leanings[rater] + rng.normal(0, 1, len(entry))
    return Crowd(entry, rater, np.clip(np.rint(marks), 1, 5).astype(np.int64))


def read(path: Path) -> Crowd:
    """A file of ``rater,entry,stars`` under a heading; one rating a rater and entry.

    Raises ValueError for stars outside 1 to 5.
    """
    rows = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float64, ndmin=2).astype(np.int64)
    rater, entry, stars = rows[:, :3].T
    if not 1 <= stars.min() <= stars.max() <= 5:
        raise ValueError(f"{path}: stars are one of 1 to 5")
    _, first = np.unique(np.stack((rater, entry)), axis=1, return_index=True)
    crowd = Crowd(entry[first], rater[first], stars[first])
    return crowd.densest(len(np.unique(crowd.entry)))
