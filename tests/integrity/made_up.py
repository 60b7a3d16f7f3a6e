"""Made-up contests: an honest crowd with tastes, and accounts that act together."""

from collections.abc import Iterable, Sequence

import numpy as np

from ideation.integrity.signals import Rating


def crowd(
    seed: int, voters: int = 150, entries: int = 60, each: int = 25, taste: float = 0.0
) -> list[Rating]:
    """Voters who mark some entries by quality, by how strict they are, by taste, and by mood.

    At a `taste` of 1 there are four camps, each fond of designs that others dislike.
    """
    rng = np.random.default_rng(seed)
    quality = rng.normal(3.2, 0.6, entries)
    liked = rng.normal(0, taste, (entries, 4))
    rows = []
    for voter in range(1, voters + 1):
        strict, camp = rng.normal(0, 0.5), int(rng.integers(4))
        for entry in rng.choice(entries, each, replace=False).tolist():
            mark = quality[entry] - strict + liked[entry, camp] + rng.normal(0, 0.8)
            rows.append(Rating(entry + 1, voter, int(np.clip(round(mark), 1, 5))))
    return rows


def best(rows: Iterable[Rating], places: int) -> list[int]:
    """The entries with the highest mean, best first."""
    marks: dict[int, list[int]] = {}
    for row in rows:
        marks.setdefault(row.entry, []).append(row.stars)
    means = {entry: sum(stars) / len(stars) for entry, stars in marks.items()}
    return sorted(means, key=lambda entry: (-means[entry], entry))[:places]


def ring(members: Sequence[int], target: int, rivals: Sequence[int]) -> list[Rating]:
    """Accounts that give one entry 5 and some others 1, and mark nothing else."""
    return [
        row
        for voter in members
        for row in (Rating(target, voter, 5), *(Rating(rival, voter, 1) for rival in rivals))
    ]
