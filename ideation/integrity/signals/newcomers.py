"""Newcomers: accounts that registered after a contest opened and give only 5s and 1s.

Honest newcomers exist, many of them friends of an entrant, so this only asks for a look. The
accounts are put together by the entry that most of them gave 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ideation.integrity.signals.findings import Finding, finding

if TYPE_CHECKING:
    from ideation.integrity.signals.evidence import Evidence, Ints

SIGNAL = "newcomers"
VOTES = 3
#: More than this share of 5s and 1s, in hundredths.
EXTREME = 95


def find_all(evidence: Evidence) -> list[Finding]:
    """Extreme newcomers, a finding for each entry they lift; those who gave no 5 come together."""
    left = extreme(evidence)
    found = []
    while len(left):
        mine = evidence.votes_of(left.tolist())
        fives = mine[evidence.stars[mine] == 5]
        if len(fives):
            entries, many = np.unique(evidence.entry[fives], return_counts=True)
            entry = int(entries[np.argmax(many)])
            group = evidence.voter[fives[evidence.entry[fives] == entry]]
        else:
            entry, group = None, left
        late = [evidence.registered_at[voter] - evidence.opened_at for voter in group.tolist()]
        found.append(
            finding(
                evidence,
                SIGNAL,
                group.tolist(),
                entry=entry,
                key="none" if entry is None else str(entry),
                severity=5 + 3 * len(group),
                first_registered=int(min(late)),
                last_registered=int(max(late)),
            )
        )
        left = left[~np.isin(left, group)]
    return found


def extreme(evidence: Evidence) -> Ints:
    """The accounts, ascending, that registered after opening and mark in extremes alone."""
    votes = evidence.by_voter
    is_extreme = (evidence.stars == 1) | (evidence.stars == 5)
    extremes = votes.sums(is_extreme.astype(np.int64))
    chosen = votes.ids[(votes.counts >= VOTES) & (100 * extremes > EXTREME * votes.counts)]
    late = [
        voter
        for voter in chosen.tolist()
        if evidence.registered_at.get(voter, evidence.opened_at) > evidence.opened_at
    ]
    return np.array(late, dtype=np.int64)
