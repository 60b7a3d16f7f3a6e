"""Whether dealing finds the best: real contests played again, at twenty votes an entry.

``python -m benchmarks dealing --contest FILE …``. Two questions to each way of dealing: how many
of the truly best six come first (precision@6), and how many are among the first 24 (recall); the
ranks are the product's fair score, but for lil'UCB as it was deployed, which has its own mean.
Every way meets the same crowds; the floor of each line is lil'UCB at its best, tuned as ours was,
in the same run.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure
from benchmarks.replay import contests, crowd, dealers
from benchmarks.replay.box import Box
from benchmarks.replay.contests import BEST, Contest

SHORTLIST = 24
SHARE = ""
#: Columns of what a replay is judged by.
PRECISION, RECALL, LEAST = range(3)

#: How wide the marks lie apart, in stars: R of lil'UCB as it was deployed.
WIDTH = 4.0
#: R at which lil'UCB did best on contests 540 and 636, on which our parameters were chosen too.
TUNED = 0.5

WAYS: dict[str, Callable[[np.random.Generator], dealers.Dealer]] = {
    "ours": dealers.Planned,
    "balanced": partial(dealers.Planned, balanced=True),
    "uniform": dealers.Uniform,
    "newest": dealers.Newest,
    "best_first": partial(dealers.Greedy, promise=dealers.best_first),
    "lil_ucb": partial(dealers.Greedy, promise=dealers.lil_ucb(WIDTH)),
    "lil_ucb_tuned": partial(dealers.Greedy, promise=dealers.lil_ucb(TUNED)),
}
#: Ranked by the plain mean, as it was deployed, not by the fair score.
BY_MEAN = "lil_ucb"
FLOOR = "lil_ucb_tuned"
#: The raw replay decides nothing, so one run of four is enough.
RAW_PART = 4


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    files: tuple[Path, ...]
    runs: int
    average: int
    ways: tuple[str, ...]


def measure(options: Sequence[str]) -> Iterable[Figure]:
    """Figures of each contest and of their mean; nothing without a file."""
    asked = _parse(options)
    if not asked.files:
        return
    yield from _compare(asked, raw=False)
    if {"ours", FLOOR} <= set(asked.ways):
        yield from _compare(asked, raw=True)


def _parse(options: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks dealing", description=__doc__)
    parser.add_argument("--contest", nargs="+", action="extend", type=Path, default=[])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--average", type=int, default=20, help="votes an entry")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    asked = parser.parse_args(options)
    return Options(tuple(asked.contest), asked.runs, asked.average, tuple(asked.ways))


def _compare(asked: Options, *, raw: bool) -> Iterator[Figure]:
    """Every way in every contest, then the mean of the contests, which decides."""
    ways = [way for way in asked.ways if not raw or way in ("ours", FLOOR)]
    runs = max(2, asked.runs // RAW_PART) if raw else asked.runs
    found: dict[str, list[NDArray[np.float64]]] = {way: [] for way in ways}
    for file in asked.files:
        contest = contests.read(file, raw=raw)
        for way in ways:
            found[way].append(
                np.array([replay(contest, way, run, asked.average) for run in range(runs)])
            )
        yield from _figures(contest.name, {way: found[way][-1:] for way in ways}, raw)
    if len(asked.files) > 1:
        yield from _figures("mean", found, raw)


def _figures(name: str, found: dict[str, list[NDArray[np.float64]]], raw: bool) -> Iterator[Figure]:
    of = {way: np.mean([runs.mean(axis=0) for runs in each], axis=0) for way, each in found.items()}
    least = of.get(FLOOR)
    for way, each in found.items():
        error = _standard_error(each)
        for column, what in ((PRECISION, "p6"), (RECALL, "r24"), (LEAST, "least")):
            words = f"{'raw, ' if raw else ''}lil'UCB, tuned; standard error {error[column]:.3f}"
            yield Figure(
                f"{'raw.' if raw else ''}{name}.{way}.{what}",
                float(of[way][column]),
                float(least[column]) if least is not None else 0.0,
                words,
                unit=SHARE,
            )


def _standard_error(each: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Of the mean over contests, from the runs within each."""
    squares = [runs.var(axis=0, ddof=1) / len(runs) for runs in each if len(runs) > 1]
    error: NDArray[np.float64] = np.sqrt(np.sum(squares, axis=0)) / len(each)
    return error if squares else np.zeros(3)


def replay(contest: Contest, way: str, run: int, average: int) -> tuple[float, float, float]:
    """(precision@6, recall in the shortlist, fewest votes of an entry) of one contest played."""
    crowds, dice = (np.random.default_rng([run, part]) for part in (0, 1))
    visits = crowd.gather(average * contest.size, crowds)
    box = Box(contest, visits.voters, average * contest.size, dice)
    dealer = WAYS[way](dice)
    for slot, voters, ballots in visits.by_slot():
        dealer.deal(slot, voters, ballots, box)
    worth = box.stars / np.maximum(1, box.counts) if way == BY_MEAN else box.score()
    ranked = np.lexsort((dice.random(contest.size), -worth))
    best = contest.best
    first, listed = ranked[:BEST], ranked[:SHORTLIST]
    return (
        np.isin(best, first).sum() / BEST,
        np.isin(best, listed).sum() / BEST,
        float(box.counts.min()),
    )
