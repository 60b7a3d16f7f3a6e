"""Does the 90 % interval hold, and does the score foretell: ``… coverage --ratings FILE``.

FILE holds ``rater,entry,stars`` under a heading. Raters are split in halves, never votes: one half
makes the contest, thirty marks each at most, as in a contest where a deck is put away after some
time; the other is asked what it thinks of every entry with 5 votes here and 20 marks there. 40
splits, fixed seeds, ± one standard error.

**Coverage.** The interval should hold what the others say nine times in ten: the mean of their
marks, less their own leanings, as the score takes them. That mean errs too, by an amount that its
number of marks tells and that is no fault of the interval's, so it is added to the reach; what is
covered without that is printed as well. The floor is the nominal interval, without the 1.2.

**Foretelling.** Kendall's tau of the score with the other half's plain mean, times 1,000; the
floor is the plain mean of the same votes.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.attackers import crowds
from benchmarks.attackers.crowds import Crowd
from benchmarks.figures import Figure
from ideation.voting import fast_scoring, fast_weighing
from ideation.voting.columns import ALONE, Cast
from ideation.voting.scoring import STAR, Row

RUNS = 40
BALLOTS = 30
LEAST_HERE, LEAST_THERE = 5, 20
#: The interval's half width in standard errors, as the rule has it, and as textbooks have it.
WIDE, NOMINAL = 1.2 * 1.645, 1.645

_Floats = NDArray[np.float64]


def measure(options: Sequence[str]) -> Iterator[Figure]:
    """Per cent covered, and tau; none without a set of ratings."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks coverage", description=__doc__)
    parser.add_argument("--ratings", type=Path, help="rater,entry,stars")
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args(options)
    if chosen.ratings is None:
        return
    crowd, name = crowds.read(chosen.ratings), chosen.ratings.stem
    chances = [np.random.default_rng([41, run]) for run in range(chosen.runs)]
    found = np.array([_measured(*_split(crowd, one)) for one in chances])
    ours, nominal, bare, score, mean = found.mean(axis=0)
    yield Figure(f"coverage {name}", ours, nominal, f"without the 1.2; {_error(found[:, 0])}", "%")
    yield Figure(f"coverage bare {name}", bare, nominal, f"the same; {_error(found[:, 2])}", "%")
    gain = found[:, 3] - found[:, 4]
    yield Figure(
        f"tau {name}", score, mean, f"the plain mean; {gain.mean():+.1f} {_error(gain)}", "‰"
    )


def _measured(voting: "_Half", others: "_Half") -> tuple[float, ...]:
    looked = np.flatnonzero((voting.size >= LEAST_HERE) & (others.size >= LEAST_THERE))
    return (*_coverage(voting, others, looked), *_taus(voting, others, looked))


def _error(values: _Floats) -> str:
    return f"± {values.std(ddof=1) / len(values) ** 0.5:.1f}"


@dataclass(frozen=True)
class _Half:
    """Ratings of some raters, counted."""

    crowd: Crowd
    rows: dict[int, Row]
    sigma2: float

    @property
    def mean(self) -> _Floats:
        """Each entry's plain mean, in stars; nan where there is none."""
        return self._mean(self.crowd.stars.astype(float))

    @property
    def size(self) -> NDArray[np.int64]:
        return np.bincount(self.crowd.entry, minlength=len(self.rows))

    def fair_mean(self) -> _Floats:
        """Each entry's mean of marks less their raters' leanings, drawn to no average."""
        levels = np.array([self.rows[entry].score / STAR for entry in range(len(self.rows))])
        off = self.crowd.stars - levels[self.crowd.entry]
        raters = self.crowd.raters
        many = np.bincount(self.crowd.rater, minlength=raters)
        lean = np.clip(np.bincount(self.crowd.rater, off, raters) / (6 + many), -1, 1)
        return self._mean(self.crowd.stars - lean[self.crowd.rater])

    def _mean(self, marks: _Floats) -> _Floats:
        with np.errstate(invalid="ignore"):
            return np.bincount(self.crowd.entry, marks, len(self.rows)) / self.size


def _split(crowd: Crowd, chance: np.random.Generator) -> tuple[_Half, _Half]:
    votes = (chance.random(crowd.raters) < 0.5)[crowd.rater]
    # Each rater's marks in a random order, numbered: the first thirty are cast.
    order = np.lexsort((chance.random(len(crowd.rater)), crowd.rater))
    many = np.bincount(crowd.rater, minlength=crowd.raters)
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order)) - np.repeat(np.cumsum(many) - many, many)
    return _counted(crowd, votes & (number < BALLOTS)), _counted(crowd, ~votes)


def _counted(crowd: Crowd, kept: NDArray[np.bool_]) -> _Half:
    voters, voter = np.unique(crowd.rater[kept], return_inverse=True)
    half = Crowd(crowd.entry[kept], voter, crowd.stars[kept])
    cast = Cast(
        entries=np.arange(crowd.entries),
        is_ranked=np.ones(crowd.entries, np.bool_),
        voters=voters,
        entry=half.entry.astype(np.int32),
        voter=voter.astype(np.int32),
        stars=half.stars.astype(np.int8),
        network=np.full(len(voter), ALONE, np.int32),
        cluster=np.full(len(voters), ALONE, np.int32),
        ground=np.zeros(len(voters), np.int8),
        own=np.zeros(0, np.int64),
    )
    result = fast_scoring.tally(cast, fast_weighing.weigh(cast).weight, b"coverage")
    return _Half(half, {row.entry: row for row in result.rows}, result.sigma2 / STAR)


def _coverage(voting: _Half, others: _Half, looked: NDArray[np.int64]) -> tuple[float, ...]:
    """Per cent of entries whose interval holds what the others say: as drawn, nominal, and as
    drawn but as if the others were sure.
    """
    rows = [voting.rows[int(entry)] for entry in looked]
    # An end may be cut off where the scale ends; the longer side is the half width.
    half = np.array([max(row.high - row.score, row.score - row.low) for row in rows]) / STAR
    away = np.abs(np.array([row.score for row in rows]) / STAR - others.fair_mean()[looked])
    sampling = NOMINAL**2 * others.sigma2 / others.size[looked]
    reaches = (
        np.sqrt(half**2 + sampling),
        np.sqrt((half * NOMINAL / WIDE) ** 2 + sampling),
        half,
    )
    return tuple(100 * float((away <= reach).mean()) for reach in reaches)


def _taus(voting: _Half, others: _Half, looked: NDArray[np.int64]) -> tuple[float, float]:
    score = np.array([voting.rows[int(entry)].score for entry in looked], float)
    truth = others.mean[looked]
    return 1000 * _tau(score, truth), 1000 * _tau(voting.mean[looked], truth)


def _tau(one: _Floats, other: _Floats) -> float:
    """Kendall's tau-b (M. G. Kendall, *Rank Correlation Methods*, 1948, chapter 3)."""
    first, second = (np.sign(each[:, None] - each[None, :]) for each in (one, other))
    return float((first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum()))
