"""Pace, skips and bursts: voting that nobody seems to have looked at, or that came all at once.

The thresholds are for a contest's own data to set: `usual_pace` says how fast its voters are, and
every finding of pace carries the median and the fastest twentieth of its contest beside its own.
"""

from __future__ import annotations

from math import lgamma, log
from typing import TYPE_CHECKING

import numpy as np

from ideation.integrity.signals.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ideation.integrity.signals.evidence import Evidence, Ints

MARKS = 10
SECONDS_A_MARK = 1.5
SKIPPED = 80
LEAST_SKIPS = 5
BURST_SECONDS = 3600
BURST_VOTES = 10
#: How unlikely a burst must be: once in a million contests of this size.
BURST_CHANCE = 1e-6


def find_all(evidence: Evidence) -> list[Finding]:
    """Voters who mark faster than one looks, voters who skip nearly all, bursts on one entry."""
    return [*_hurried(evidence), *_skippers(evidence), *_bursts(evidence)]


def usual_pace(evidence: Evidence) -> dict[str, float]:
    """Quantiles of the voters' fastest ten marks, in seconds a mark: what is usual here."""
    return _quantiles(list(_fastest(evidence)))


def _quantiles(found: list[tuple[int, float]]) -> dict[str, float]:
    fastest = np.array([pace for _, pace in found])
    names = {"p01": 0.01, "p05": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75}
    if not len(fastest):
        return {"voters": 0}
    quantiles = {name: round(float(np.quantile(fastest, q)), 2) for name, q in names.items()}
    return {"voters": len(fastest), **quantiles}


def _fastest(evidence: Evidence) -> Iterator[tuple[int, float]]:
    """Voters with ten marks or more, and the seconds a mark of their fastest ten in a row.

    Ten marks have nine gaps: how long the first was looked at nobody knows.
    """
    order = np.lexsort((evidence.cast_at, evidence.voter))
    voter, at = evidence.voter[order], evidence.cast_at[order]
    gaps = MARKS - 1
    if len(voter) <= gaps:
        return
    is_one = voter[gaps:] == voter[:-gaps]
    pace = (at[gaps:] - at[:-gaps])[is_one] / gaps
    who, first = np.unique(voter[gaps:][is_one], return_index=True)
    if len(who):
        yield from zip(who.tolist(), np.minimum.reduceat(pace, first).tolist(), strict=True)


def _hurried(evidence: Evidence) -> Iterator[Finding]:
    fastest = list(_fastest(evidence))
    usual = _quantiles(fastest)
    for voter, pace in fastest:
        if pace < SECONDS_A_MARK:
            yield finding(
                evidence,
                "pace",
                [voter],
                entry=None,
                key=str(voter),
                severity=10 + 20 * (1 - pace / SECONDS_A_MARK),
                marks=MARKS,
                seconds=round(pace, 2),
                usual=usual["median"],
                fast=usual["p05"],
            )


def _skippers(evidence: Evidence) -> Iterator[Finding]:
    votes = evidence.by_voter
    answered = dict(zip(votes.ids.tolist(), votes.counts.tolist(), strict=True))
    for voter, skips in sorted(evidence.skips.items()):
        dealt = skips + answered.get(voter, 0)
        # Who answered nothing moved nothing.
        if voter in answered and skips >= LEAST_SKIPS and 100 * skips > SKIPPED * dealt:
            yield finding(
                evidence,
                "skips",
                [voter],
                entry=None,
                key=str(voter),
                severity=10,
                skips=skips,
                share=round(skips / dealt, 3),
            )


def _bursts(evidence: Evidence) -> Iterator[Finding]:
    """An hour in which one entry got more 5s, or 1s, than its other votes explain.

    Dealing decides how many votes an entry gets in an hour, not which; so the mark is what tells.
    The chance is a binomial tail, times the number of hours looked at.
    """
    looked_at = max(1, evidence.size * 2)
    for place, entry in enumerate(evidence.entries.tolist()):
        span = slice(int(evidence.starts[place]), int(evidence.starts[place + 1]))
        order = np.argsort(evidence.cast_at[span], kind="stable")
        at, stars = evidence.cast_at[span][order], evidence.stars[span][order]
        for mark in (5, 1):
            best = _densest(at, stars == mark)
            if best is None:
                continue
            start, stop, usual = best
            inside = stars[start:stop] == mark
            chance = looked_at * _tail(int(inside.sum()), stop - start, usual)
            if chance < BURST_CHANCE:
                yield finding(
                    evidence,
                    "burst",
                    evidence.voter[span][order][start:stop][inside].tolist(),
                    entry=entry,
                    key=f"{entry}:{mark}",
                    severity=10 + int(inside.sum()) / 2,
                    stars=mark,
                    seconds=int(at[stop - 1] - at[start]),
                    here=round(float(inside.mean()), 3),
                    usual_share=round(usual, 3),
                )


def _densest(at: Ints, is_mark: Ints) -> tuple[int, int, float] | None:
    """The hour with the most of a mark above expectation, and the mark's share outside it.

    None where no hour has votes enough. Outside, one vote of each kind is added.
    """
    stops = np.searchsorted(at, at + BURST_SECONDS, side="left")
    starts = np.arange(len(at))
    marks = np.concatenate(([0], np.cumsum(is_mark)))
    inside, many = marks[stops] - marks[starts], stops - starts
    outside = (marks[-1] - inside + 1) / (len(at) - many + 2)
    above = np.where(inside >= BURST_VOTES, inside - many * outside, -np.inf)
    best = int(np.argmax(above)) if len(above) else 0
    if not len(above) or above[best] <= 0:
        return None
    return best, int(stops[best]), float(outside[best])


def _tail(k: int, n: int, p: float) -> float:
    """The chance of k or more of n at p each."""

    def term(i: int) -> float:
        ways = lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1)
        return ways + i * log(p) + (n - i) * log(1 - p)

    return float(np.exp([term(i) for i in range(k, n + 1)]).sum())
