"""What happens to submissions."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SubmissionSubmitted:
    """A designer handed a design in; it waits for a moderator."""

    submission_id: int
    contest_id: int
    at: datetime


@dataclass(frozen=True)
class SubmissionApproved:
    """A design became part of a contest, by approval or by moving to a later edition."""

    submission_id: int
    contest_id: int
    at: datetime


@dataclass(frozen=True)
class SubmissionReturned:
    """An approved design was changed by its designer and waits for a moderator again."""

    submission_id: int
    contest_id: int
    at: datetime


@dataclass(frozen=True)
class SubmissionWithdrawn:
    """A design left its contest by its designer's wish."""

    submission_id: int
    contest_id: int
    at: datetime
