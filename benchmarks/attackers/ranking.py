"""How an entry ranks: by the plain mean, and as the product counts."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from benchmarks.attackers.crowds import Column, Crowd
from ideation.integrity.signals import Evidence, rings
from ideation.voting import fast_scoring, fast_weighing
from ideation.voting.columns import ALONE, Cast
from ideation.voting.scoring import Result

TIE_SEED = b"attacks"


def by_mean(crowd: Crowd, entries: int) -> Column:
    """Each entry's rank, from 1, by the mean of its ratings; equal ones as they come."""
    votes = np.bincount(crowd.entry, minlength=entries)
    mean = np.bincount(crowd.entry, crowd.stars, minlength=entries) / np.maximum(votes, 1)
    return _ranks(np.argsort(-mean, kind="stable"))


def by_product(crowd: Crowd, entries: int, quarantined: Collection[int] = ()) -> Column:
    """Each entry's rank by the fair score with the product's own weights."""
    return _ranks(np.array([row.entry for row in count(crowd, entries, quarantined).rows]))


def count(crowd: Crowd, entries: int, quarantined: Collection[int] = ()) -> Result:
    """The product's own tally of a crowd."""
    cast = Cast(
        entries=np.arange(entries),
        is_ranked=np.ones(entries, dtype=np.bool_),
        voters=np.arange(crowd.raters),
        entry=crowd.entry.astype(np.int32),
        voter=crowd.rater.astype(np.int32),
        stars=crowd.stars.astype(np.int8),
        network=np.full(len(crowd.entry), ALONE, dtype=np.int32),
        cluster=np.full(crowd.raters, ALONE, dtype=np.int32),
        ground=np.zeros(crowd.raters, dtype=np.int8),
        own=np.zeros(0, dtype=np.int64),
    ).quarantining(sorted(quarantined))
    return fast_scoring.tally(cast, fast_weighing.weigh(cast).weight, TIE_SEED)


def in_rings(crowd: Crowd, entries: int, rule: rings.Rule = rings.RULE) -> set[int]:
    """The raters whom the ring rule quarantines, with scores as the product has them."""
    scores = {row.entry: row.score for row in count(crowd, entries).rows}
    evidence = Evidence.of(crowd.entry, crowd.rater, crowd.stars, scores=scores)
    return {member for group in rings.find(evidence, rule) for member in group.members}


def _ranks(best_first: Column) -> Column:
    ranks = np.empty(len(best_first), dtype=np.int64)
    ranks[best_first] = np.arange(1, len(best_first) + 1)
    return ranks
