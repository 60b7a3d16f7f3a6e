"""Does the 90 % interval hold, and does the score foretell: ``… coverage --ratings FILE``.

FILE holds ``rater,entry,stars`` under a heading; without one a crowd is made up. Raters are split
in halves, never votes: one half makes the contest, thirty marks each at most, as in a contest
where a deck is put away after some time; the other is asked what it thinks of every entry with 5
votes here and 20 marks there. 40 splits, fixed seeds, ± one standard error.

**Coverage.** The interval should hold nine times in ten what all others would say. Those asked are
a sample of them: the mean of their marks, less their own leanings, as the score takes them, errs
by an amount that its number of marks tells, and that is no fault of the interval's. It is added to
the reach. The same by votes an entry, few and many. "Taken as sure" is what is covered without,
and its floor what a right interval would cover then, less than 90.

**Asked by many.** Where that hardly matters: one rater in ten votes, the others are asked, and of
the entries looked at they know six times as much as the score does (its votes and five). Nothing
is added to the reach; the floor is again what a right interval would cover.

**Foretelling.** Kendall's tau of the score with the other half's plain mean, times 1,000; the
floor is the plain mean of the same votes.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from benchmarks.attackers import crowds
from benchmarks.attackers.crowds import Crowd
from benchmarks.figures import Figure
from ideation.voting import fast_scoring, fast_weighing
from ideation.voting.columns import ALONE, Cast
from ideation.voting.scoring import LEAST_PRIOR, STAR, Row

RUNS = 40
BALLOTS = 30
LEAST_HERE, LEAST_THERE = 5, 20
#: Of the second look: raters that vote, and how many times what they tell the others must know.
FEW, TIMES = 0.1, 6
#: An entry has few votes below, many from.
FEW_VOTES, MANY_VOTES = 20, 40
_Z = 1.645

_Floats = NDArray[np.float64]
_Bools = NDArray[np.bool_]


def measure(options: Sequence[str]) -> Iterator[Figure]:
    """Per cent covered, and tau."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks coverage", description=__doc__)
    parser.add_argument("--ratings", type=Path, help="rater,entry,stars")
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args(options)
    if chosen.ratings is None:
        crowd, name = crowds.made_up(np.random.default_rng(41)), "made up"
    else:
        crowd, name = crowds.read(chosen.ratings), chosen.ratings.stem
    halves = [_split(crowd, np.random.default_rng([41, run]), 0.5) for run in range(chosen.runs)]
    looks = [_look(voting, others) for voting, others in halves]
    yield _covered(f"coverage {name}", looks, lambda look: look.holds)
    few = f"coverage {name}, {LEAST_HERE} to {FEW_VOTES - 1} votes"
    yield _covered(few, looks, lambda look: look.holds[look.votes < FEW_VOTES])
    many = f"coverage {name}, {MANY_VOTES} votes or more"
    yield _covered(many, looks, lambda look: look.holds[look.votes >= MANY_VOTES])
    yield _sure(f"coverage {name}, taken as sure", looks)
    tenths = [_split(crowd, np.random.default_rng([42, run]), FEW) for run in range(chosen.runs)]
    known = [_look_where_known(voting, others) for voting, others in tenths]
    yield _sure(f"coverage {name}, asked by many", known)
    taus = np.array([_taus(voting, others) for voting, others in halves])
    score, mean = taus.mean(axis=0)
    gain = taus[:, 0] - taus[:, 1]
    yield Figure(
        f"tau {name}", score, mean, f"the plain mean; {gain.mean():+.1f} {_error(gain)}", "‰"
    )


def _covered(name: str, looks: list["_Look"], of: Callable[["_Look"], _Bools]) -> Figure:
    held = [of(look) for look in looks]
    shares = np.array([100 * each.mean() for each in held if each.size])
    if not shares.size:
        return Figure(name, 0, 90, "no entries to look at", "%")
    entries = round(sum(each.size for each in held) / len(held))
    return Figure(
        name, shares.mean(), 90, f"what it says; {_error(shares)}, {entries} entries", "%"
    )


def _sure(name: str, looks: list["_Look"]) -> Figure:
    found = _covered(name, looks, lambda look: look.holds_if_sure)
    expected = np.concatenate([look.expected_if_sure for look in looks])
    return replace(found, least=100 * float(expected.mean()) if expected.size else 90)


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


def _split(crowd: Crowd, chance: np.random.Generator, share: float) -> tuple[_Half, _Half]:
    votes = (chance.random(crowd.raters) < share)[crowd.rater]
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


@dataclass(frozen=True)
class _Look:
    """Of each entry looked at: its votes, and whether its interval holds what the others say."""

    votes: NDArray[np.int64]
    holds: _Bools
    #: As if the others' mean were what all would say.
    holds_if_sure: _Bools
    #: How probable the latter is where the interval is right.
    expected_if_sure: _Floats


def _look(voting: _Half, others: _Half) -> _Look:
    return _look_at(voting, others, _known(voting, others))


def _look_where_known(voting: _Half, others: _Half) -> _Look:
    enough = TIMES * (voting.size + LEAST_PRIOR)
    return _look_at(
        voting, others, np.flatnonzero((voting.size >= LEAST_HERE) & (others.size >= enough))
    )


def _known(voting: _Half, others: _Half) -> NDArray[np.int64]:
    return np.flatnonzero((voting.size >= LEAST_HERE) & (others.size >= LEAST_THERE))


def _look_at(voting: _Half, others: _Half, looked: NDArray[np.int64]) -> _Look:
    rows = [voting.rows[int(entry)] for entry in looked]
    # An end may be cut off where the scale ends; the longer side is the half width.
    half = np.array([max(row.high - row.score, row.score - row.low) for row in rows]) / STAR
    away = np.abs(np.array([row.score for row in rows]) / STAR - others.fair_mean()[looked])
    sampling = _Z**2 * others.sigma2 / others.size[looked]
    reach = np.sqrt(half**2 + sampling)
    within = [2 * NormalDist().cdf(_Z * share) - 1 for share in (half / reach).tolist()]
    return _Look(voting.size[looked], away <= reach, away <= half, np.array(within))


def _taus(voting: _Half, others: _Half) -> tuple[float, float]:
    looked = _known(voting, others)
    score = np.array([voting.rows[int(entry)].score for entry in looked], float)
    truth = others.mean[looked]
    return 1000 * _tau(score, truth), 1000 * _tau(voting.mean[looked], truth)


def _tau(one: _Floats, other: _Floats) -> float:
    """Kendall's tau-b (M. G. Kendall, *Rank Correlation Methods*, 1948, chapter 3)."""
    first, second = (np.sign(each[:, None] - each[None, :]) for each in (one, other))
    return float((first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum()))
