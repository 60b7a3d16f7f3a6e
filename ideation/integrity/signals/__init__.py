"""Signals: what draws attention to a group of voters. Columns in, findings out, no database.

Only the ring rule acts by itself (`ACTS`); every other signal asks for a look. Each was tried on
real ratings, because a detector tuned on simulation alone once flagged four of five honest
raters: `python -m benchmarks attacks` shows how many honest raters each one flags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideation.integrity.signals import clusters, newcomers, overlap, pace, rings
from ideation.integrity.signals.evidence import UNKNOWN, Evidence, Rating
from ideation.integrity.signals.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["ACTS", "SIGNALS", "UNKNOWN", "Evidence", "Finding", "Rating", "find_all"]

ACTS = frozenset({"ring"})
"""The signals whose groups are quarantined by rule."""


SIGNALS: dict[str, Callable[[Evidence], Sequence[Finding]]] = {
    "ring": rings.find_all,
    "device": clusters.find_all,
    "newcomers": newcomers.find_all,
    "pace": pace.find_all,
}
"""Each signal under its name, or under the first of its names."""

OVERLAP = "overlap"


def find_all(
    evidence: Evidence, *, instead: Callable[[str, Exception], Finding] | None = None
) -> list[Finding]:
    """Everything the signals say of one contest, what acts first, then by severity.

    ``instead`` is what a signal that stops with an error says: it gets the signal's name and the
    error, and the other signals are heard all the same. Without it the error is raised.
    """
    findings: list[Finding] = []
    failures: list[Finding] = []
    for name, find in SIGNALS.items():
        try:
            findings.extend(find(evidence))
        except Exception as error:  # one signal's alone, whatever it is
            if instead is None:
                raise
            failures.append(instead(name, error))
    try:
        findings = list(overlap.weigh(evidence, findings))
    except Exception as error:
        if instead is None:
            raise
        failures.append(instead(OVERLAP, error))
    return sorted([*findings, *failures], key=lambda f: (f.signal not in ACTS, -f.severity, f.key))
