"""What voting that is arranged can move: ``python -m benchmarks attacks --ratings FILE``.

FILE holds ``rater,entry,stars`` under a heading. Its most rated entries are a contest; each run
draws four raters of five, and adds accounts, a hundredth, a twentieth and a tenth of the raters,
who lift the entry that ranks thirtieth (`plans.ATTACKS` says how). We count with the product's
own score, weights, dealing and ring rule; the floor is the plain mean of a contest where accounts
choose what they rate. Ranks gained, and the chance of the top six, are each count's own, from its
own rank thirty; ± one standard error. First of all: the real raters, with nobody added, whom the
ring rule would quarantine. Without a file, only what the ring rule costs on a large contest.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmarks.attackers import crowds, plans, ranking
from benchmarks.attackers.crowds import Column, Crowd
from benchmarks.figures import Figure
from ideation.integrity.signals import Evidence, newcomers, rings

SHARES = (0.01, 0.05, 0.10)
CROWD = 0.8
VOTES, VOTERS, ENTRIES = 10_000_000, 400_000, 20_000
TOP = 6
#: The ring rule without some of its conditions: how many honest raters that would flag.
WITHOUT = {
    "chance": rings.Rule(is_chance_asked=False),
    "partners, chance": rings.Rule(common_partners=0, is_chance_asked=False),
    "those, opposition": rings.Rule(
        common_partners=0, is_opposition_a_bar=False, is_chance_asked=False
    ),
}


def measure(options: Sequence[str]) -> Iterable[Figure]:
    """Every figure of one set of ratings; without a set, the ring rule's time."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks attacks", description=__doc__)
    parser.add_argument("--ratings", type=Path, help="rater,entry,stars")
    parser.add_argument("--entries", type=int, default=200, help="the contest's size")
    parser.add_argument("--target", type=int, default=30, help="the rank that is lifted")
    parser.add_argument("--fillers", type=int, default=10, help="where accounts choose")
    parser.add_argument("--runs", type=int, default=40)
    chosen = parser.parse_args(options)
    if chosen.ratings is None:
        yield _cost()
        return
    everything = crowds.read(chosen.ratings)
    contest = everything.densest(chosen.entries)
    name = chosen.ratings.stem
    yield from _honest(f"{name}", everything)
    yield from _honest(f"{name} {contest.entries}", contest)
    seed = crc32(name.encode())
    stages = [_stage(contest, np.random.default_rng([seed, run])) for run in range(chosen.runs)]
    for number, (share, attack) in enumerate(product(SHARES, plans.ATTACKS)):
        runs = [
            _run(stage, attack, share, chosen, np.random.default_rng([seed, run, number]))
            for run, stage in enumerate(stages)
        ]
        yield from _figures(f"{share:.0%} {attack.name}", np.array(runs))


def _honest(name: str, crowd: Crowd) -> Iterator[Figure]:
    size = f"{crowd.entries} entries, {crowd.raters} raters, {len(crowd.entry)} ratings"
    caught = ranking.in_rings(crowd, crowd.entries)
    yield _share(f"{name}: ring", len(caught) / crowd.raters, 0.005, f"the most we allow; {size}")
    for what, rule in WITHOUT.items():
        caught = ranking.in_rings(crowd, crowd.entries, rule)
        text = "the most we allow; for comparison only"
        yield _share(f"  without {what}", len(caught) / crowd.raters, 0.005, text)
    late = Evidence.of(
        crowd.entry,
        crowd.rater,
        crowd.stars,
        registered_at=dict.fromkeys(range(crowd.raters), 1),
    )
    extreme = len(newcomers.extreme(late)) / crowd.raters
    yield _share("  if all were newcomers", extreme, 0, "asks for a look, acts on nothing")


@dataclass(frozen=True)
class _Stage:
    """The raters of a run, and how everything ranks before anybody is added."""

    crowd: Crowd
    entries: int
    ours: Column
    plain: Column


def _stage(contest: Crowd, rng: np.random.Generator) -> _Stage:
    crowd, entries = contest.sample(rng, CROWD), contest.entries
    ours = ranking.by_product(crowd, entries, ranking.in_rings(crowd, entries))
    return _Stage(crowd, entries, ours, ranking.by_mean(crowd, entries))


def _run(
    stage: _Stage,
    attack: plans.Attack,
    share: float,
    chosen: argparse.Namespace,
    rng: np.random.Generator,
) -> list[float]:
    """Ranks gained and whether in the top six, ours and the mean's; accounts and honest caught."""
    crowd, entries = stage.crowd, stage.entries
    accounts = max(1, round(share * crowd.raters))

    def scene(ranks: Column) -> plans.Scene:
        best = np.argsort(ranks)
        target = int(best[chosen.target - 1])
        rivals = best[best != target][:10]
        return plans.Scene(crowd, entries, target, rivals, accounts, chosen.fillers, rng)

    before, plain = scene(stage.ours), scene(stage.plain)
    votes = attack.ours(before)
    attacked = crowd.joined(*votes)
    caught = np.array(sorted(ranking.in_rings(attacked, entries)), dtype=np.int64)
    after = ranking.by_product(attacked, entries, caught.tolist())[before.target]
    there = ranking.by_mean(crowd.joined(*attack.chosen(plain)), entries)[plain.target]
    fakes = caught >= crowd.raters
    return [
        chosen.target - after,
        after <= TOP,
        chosen.target - there,
        there <= TOP,
        fakes.sum() / accounts,
        (~fakes).sum() / crowd.raters,
        (votes[0] == before.target).sum() / accounts,
    ]


def _figures(name: str, runs: NDArray[np.float64]) -> Iterator[Figure]:
    mean, error = runs.mean(axis=0), runs.std(axis=0) / np.sqrt(max(1, len(runs) - 1))
    met = f"{mean[6]:.0%} of the accounts met the target"
    plain = "the plain mean, freely chosen"
    text = f"{plain}; ± {error[0]:.2f} and {error[2]:.2f}; {met}"
    yield Figure(f"{name}: ranks", mean[0], mean[2], text, "rk")
    text = f"{plain}; ± {error[1]:.3f} and {error[3]:.3f}"
    yield Figure(f"{name}: top6", mean[1], mean[3], text, "ch")
    text = f"all of the accounts; ± {error[4]:.3f}; honest raters with them: {mean[5]:.2%}"
    yield Figure(f"{name}: caught", mean[4], 1.0, text, "sh")


def _cost() -> Figure:
    """The ring rule on ten million votes, four of five of them on the entries in the running."""
    rng = np.random.default_rng(0)
    rounds = [ENTRIES >> halved for halved in range(11)]
    running = rng.choice(rounds, VOTES)
    entry = np.sort((rng.random(VOTES) * running).astype(np.int64))
    voter = rng.integers(0, VOTERS, VOTES)
    marks = rng.normal(4 - entry / ENTRIES, 1.0) + rng.normal(0, 0.5, VOTERS)[voter]
    stars = np.clip(np.rint(marks), 1, 5).astype(np.int8)
    evidence = Evidence.of(entry, voter, stars)
    began = time.perf_counter()
    np.bincount(evidence.entry * 5 + evidence.stars, minlength=5 * ENTRIES + 6)
    least = time.perf_counter() - began
    began = time.perf_counter()
    rings.find(evidence)
    text = "counting the stars of each entry; 10 M votes, 400,000 voters, 20,000 entries"
    return Figure("ring rule, 10 M votes", time.perf_counter() - began, least, text, "s")


def _share(name: str, share: float, most: float, text: str) -> Figure:
    return Figure(name, 100 * share, 100 * most, text, "%")
