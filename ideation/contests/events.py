"""What happens to contests."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ContestOpened:
    """Entries opened; brief and rules are frozen."""

    contest_id: int
    at: datetime


@dataclass(frozen=True)
class ScoringOpened:
    """Scoring opened."""

    contest_id: int
    at: datetime


@dataclass(frozen=True)
class ContestClosed:
    """Scoring ended: ``closed_at`` is set and no vote can change any more."""

    contest_id: int
    at: datetime


@dataclass(frozen=True)
class DatesMoved:
    """The windows of a contest that had opened were moved, with a public reason."""

    contest_id: int
    at: datetime


@dataclass(frozen=True)
class ContestCancelled:
    """A contest was called off before it closed."""

    contest_id: int
    at: datetime
