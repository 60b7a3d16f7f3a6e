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
    from collections.abc import Sequence

__all__ = ["ACTS", "UNKNOWN", "Evidence", "Finding", "Rating", "find_all"]

ACTS = frozenset({"ring"})
"""The signals whose groups are quarantined by rule."""


def find_all(evidence: Evidence) -> list[Finding]:
    """Everything the signals say of one contest, what acts first, then by severity."""
    findings: Sequence[Finding] = [
        *rings.find_all(evidence),
        *clusters.find_all(evidence),
        *newcomers.find_all(evidence),
        *pace.find_all(evidence),
    ]
    findings = overlap.weigh(evidence, findings)
    return sorted(findings, key=lambda f: (f.signal not in ACTS, -f.severity, f.key))
