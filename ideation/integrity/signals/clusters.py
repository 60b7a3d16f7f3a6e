"""Clusters: accounts on one device or network that mark the same entries.

That more than two votes from a cluster share the weight of two on an entry is the score's own
rule (`voting.weighing`). Here a person is asked to look where four accounts of a cluster or more
each marked three or more entries that at least four of them marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ideation.integrity.signals.evidence import UNKNOWN
from ideation.integrity.signals.findings import Finding, Link, finding, pushed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ideation.integrity.signals.evidence import Evidence, Ints

ACCOUNTS = 4
ENTRIES = 3
MOST_DRAWN = 60


def find_all(evidence: Evidence) -> list[Finding]:
    """The device clusters, then the network clusters, that share entries."""
    return [*_of("device", evidence, evidence.device), *_of("network", evidence, evidence.network)]


def _of(signal: str, evidence: Evidence, label: Ints) -> Iterator[Finding]:
    known = np.flatnonzero(label != UNKNOWN)
    known = known[np.argsort(label[known], kind="stable")]
    cuts = np.flatnonzero(np.diff(label[known])) + 1
    for places in np.split(known, cuts):
        core = _core(evidence, places)
        if not len(core):
            continue
        members = np.unique(evidence.voter[core])
        yield finding(
            evidence,
            signal,
            members.tolist(),
            entry=pushed(evidence, members.tolist()),
            key=str(members[0]),
            severity=20 + 2 * len(members),
            links=_links(evidence, core, members),
            accounts=len(members),
            entries=len(np.unique(evidence.entry[core])),
        )


def _core(evidence: Evidence, places: Ints) -> Ints:
    """The votes of accounts with enough entries, for entries with enough of those accounts."""
    while len(places) >= ACCOUNTS * ENTRIES:
        _, entry, accounts = np.unique(
            evidence.entry[places], return_inverse=True, return_counts=True
        )
        _, voter, entries = np.unique(
            evidence.voter[places], return_inverse=True, return_counts=True
        )
        kept = places[(accounts[entry] >= ACCOUNTS) & (entries[voter] >= ENTRIES)]
        if len(kept) == len(places):
            return places
        places = kept
    return places[:0]


def _links(evidence: Evidence, core: Ints, members: Ints) -> list[Link]:
    """Who marked the same entries, and how many of them alike, for as many as can be drawn."""
    drawn = members[:MOST_DRAWN]
    entries = np.unique(evidence.entry[core])
    stars = np.zeros((len(drawn), len(entries)), dtype=np.int64)
    core = core[np.isin(evidence.voter[core], drawn)]
    row = np.searchsorted(drawn, evidence.voter[core])
    stars[row, np.searchsorted(entries, evidence.entry[core])] = evidence.stars[core]
    links = []
    for a in range(len(drawn)):
        for b in range(a + 1, len(drawn)):
            both = (stars[a] > 0) & (stars[b] > 0)
            if both.sum() >= ENTRIES:
                same = int((both & (stars[a] == stars[b])).sum())
                links.append((int(drawn[a]), int(drawn[b]), same, int(both.sum())))
    return links
