"""Overlap: how often two voters give the same entries the same marks, beyond what strangers do.

It only sorts the review list: a hundredth of honest pairs is, by definition, in the top
hundredth. A group's overlap is the share of its pairs that lies in the top hundredth of pairs of
voters drawn from the whole contest; of a group put together at random that is about .01.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from ideation.integrity.signals.evidence import Evidence, Ints
    from ideation.integrity.signals.findings import Finding

TOP = 0.01
COMMON = 3
#: At full overlap a finding moves up the list by so much.
WEIGHT = 20
_STRANGERS = 200


def weigh(evidence: Evidence, findings: Iterable[Finding]) -> list[Finding]:
    """The findings with their overlap among the figures, and moved up the list by it."""
    findings = list(findings)
    if not findings:
        return []
    bar = _bar(evidence)
    return [_weighed(each, share_above(evidence, each.members, bar)) for each in findings]


def share_above(evidence: Evidence, members: Iterable[int], bar: float) -> float:
    """The share of a group's pairs whose overlap is above the bar, 0 without comparable pairs."""
    pairs = _overlaps(evidence, np.array(sorted(members))[:_STRANGERS])
    return float((pairs > bar).mean()) if len(pairs) else 0.0


def _bar(evidence: Evidence) -> float:
    """What the top hundredth of pairs of strangers lies above; the same strangers every time."""
    votes = evidence.by_voter
    able = votes.ids[votes.counts >= COMMON]
    if len(able) > _STRANGERS:
        able = np.sort(np.random.default_rng(0).choice(able, _STRANGERS, replace=False))
    pairs = _overlaps(evidence, able)
    return float(np.quantile(pairs, 1 - TOP)) if len(pairs) else np.inf


def _overlaps(evidence: Evidence, voters: Ints) -> npt.NDArray[np.float64]:
    """For every two voters with common entries enough, how many standard errors above chance."""
    everything = evidence.histograms.sum(axis=0)
    usual = float(((everything / max(1, everything.sum())) ** 2).sum())
    mine = evidence.votes_of(voters.tolist())
    row = np.searchsorted(voters, evidence.voter[mine])
    entries, column = np.unique(evidence.entry[mine], return_inverse=True)
    same = np.zeros((len(voters), len(voters)), dtype=np.float32)
    both = np.zeros_like(same)
    for stars in range(6):
        chosen = evidence.stars[mine] == stars if stars else np.ones(len(mine), dtype=bool)
        marks = np.zeros((len(voters), len(entries)), dtype=np.float32)
        marks[row[chosen], column[chosen]] = 1
        if stars:
            same += marks @ marks.T
        else:
            both = marks @ marks.T
    upper = np.triu(both >= COMMON, k=1)
    n = both[upper].astype(np.float64)
    error = np.sqrt(np.maximum(n * usual * (1 - usual), 1e-9))
    overlaps: npt.NDArray[np.float64] = (same[upper] - n * usual) / error
    return overlaps


def _weighed(each: Finding, share: float) -> Finding:
    figures = {**each.evidence["figures"], "overlap": round(share, 3)}
    return replace(
        each,
        severity=min(100, each.severity + round(WEIGHT * share)),
        evidence={**each.evidence, "figures": figures},
    )
