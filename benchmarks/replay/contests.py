"""Real contests as dice: how likely each entry is to be given each mark, and who is best."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ideation.voting import scoring

#: Entries with fewer marks are too little known to be judged by.
LEAST_MARKS = 60
#: The promised winners.
BEST = 6
STARS = np.arange(1, 6)
#: How the marks of a shorter scale are spread over five stars.
_SPREAD = {3: (1, 3, 5), 5: (1, 2, 3, 4, 5)}


@dataclass(frozen=True, eq=False)
class Contest:
    """Entries as chances of 1 to 5 stars, a row each."""

    name: str
    chances: NDArray[np.float64]
    #: Prior votes by which the histograms were shrunk, estimated from all of them; 0 for none.
    prior: int

    @property
    def size(self) -> int:
        return len(self.chances)

    @property
    def best(self) -> NDArray[np.intp]:
        """The truly best six: by the mean of the chances."""
        return np.argsort(-(self.chances @ STARS), kind="stable")[:BEST]


def read(path: Path, *, raw: bool = False) -> Contest:
    """A contest from a file of histograms: a heading, then ``entry,count,count,…``, 3 or 5 marks.

    The histograms are shrunk to the contest's own by its own prior, as the score shrinks: the
    best of thousands by what a hundred people said are for the most part lucky, and a replay of
    the ``raw`` ones would pay for finding the lucky. Raises ValueError for another number of
    marks, or too few entries.
    """
    with path.open(newline="") as lines:
        rows = [[int(cell) for cell in row[1:]] for row in list(csv.reader(lines))[1:] if row]
    scale = len(rows[0]) if rows else 0
    if scale not in _SPREAD or any(len(row) != scale for row in rows):
        raise ValueError(f"{path}: an entry's row has a name and 3 or 5 counts")
    counts = np.zeros((len(rows), 5), dtype=np.int64)
    counts[:, np.array(_SPREAD[scale]) - 1] = rows
    counts = counts[counts.sum(axis=1) >= LEAST_MARKS]
    if len(counts) < 2 * BEST:
        raise ValueError(f"{path}: too few entries with {LEAST_MARKS} marks")
    marks = counts.sum(axis=1, keepdims=True)
    prior = 0 if raw else scoring.estimate_prior(counts.tolist())
    chances = (counts + prior * counts.sum(axis=0) / counts.sum()) / (marks + prior)
    return Contest(path.stem, chances, prior)
