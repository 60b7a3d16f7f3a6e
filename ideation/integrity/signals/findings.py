"""What a signal says: who, about which entry, how sure, and on what grounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideation.integrity.signals.evidence import Evidence, Ints

MOST_LINKS = 600
MOST_SHARED = 24
MOST_NAMED = 500

Link = tuple[int, int, int, int]
"""Two voters, how many marks they agree on, and how many entries both marked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A group of voters that a signal put together.

    ``signal`` is a value of ``integrity.models.Signal``. ``key`` is the same for the same group in
    every look at one contest, and stays while the group grows. ``severity``, 0 to 100, sorts the
    review list and decides nothing. ``evidence`` is plain JSON: ``figures`` (name to number),
    ``links`` to draw the group by (`Link`, strongest first), ``shared`` (entry, its numbers of 1s
    to 5s within the group, the voters of the group who marked it, 500 at most), and ``timing``.
    """

    signal: str
    members: tuple[int, ...]
    entry: int | None
    key: str
    severity: int
    evidence: dict[str, Any]


def finding(
    evidence: Evidence,
    signal: str,
    members: Iterable[int],
    *,
    entry: int | None,
    key: str,
    severity: float,
    links: Iterable[Link] = (),
    **figures: float,
) -> Finding:
    """A finding with the evidence that every signal shows alike."""
    group = tuple(sorted(int(member) for member in members))
    mine = evidence.votes_of(group)
    return Finding(
        signal=signal,
        members=group,
        entry=entry,
        key=f"{signal}:{key}",
        severity=max(0, min(100, round(severity))),
        evidence={
            "figures": {"members": len(group), "votes": len(mine), **figures},
            "links": sorted(map(list, links), key=lambda link: (-link[2], link))[:MOST_LINKS],
            "shared": shared_marks(evidence, mine),
            "timing": timing(evidence.cast_at[mine]),
        },
    )


def shared_marks(evidence: Evidence, mine: Ints) -> list[list[Any]]:
    """The entries that most of a group marked: entry, 1s to 5s, who; most marked first.

    `mine` are the places of the group's votes, ascending, which is entry by entry.
    """
    cuts = np.flatnonzero(np.diff(evidence.entry[mine])) + 1
    several = [places for places in np.split(mine, cuts) if len(places) > 1]
    several.sort(key=lambda places: -len(places))
    shared = []
    for places in several[:MOST_SHARED]:
        stars = np.bincount(evidence.stars[places].astype(np.int64), minlength=6)[1:6]
        who = evidence.voter[places[:MOST_NAMED]]
        shared.append([int(evidence.entry[places[0]]), stars.tolist(), who.tolist()])
    return shared


def timing(cast_at: Ints) -> dict[str, Any]:
    """When a group voted: first and last instant, and how many votes in each 24th between."""
    if not len(cast_at):
        return {"first": 0, "last": 0, "parts": []}
    first, last = int(cast_at.min()), int(cast_at.max())
    parts, _ = np.histogram(cast_at, bins=24, range=(first, max(last, first + 1)))
    return {"first": first, "last": last, "parts": parts.tolist()}


def pushed(evidence: Evidence, members: Iterable[int]) -> int | None:
    """The entry that a group gives 5 most often against what others give it; None without a 5."""
    mine = evidence.votes_of(members)
    mine = mine[evidence.stars[mine] == 5]
    if not len(mine):
        return None
    entries, fives = np.unique(evidence.entry_code[mine], return_counts=True)
    counts = evidence.histograms[entries]
    usual = counts[:, 4] / counts.sum(axis=1)
    expected = usual * fives.sum() / usual.sum()
    return int(evidence.entries[entries[np.argmax(fives - expected)]])
