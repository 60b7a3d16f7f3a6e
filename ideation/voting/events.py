"""What happens to tallies."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TallyFrozen:
    """A numbered result of a contest stands."""

    contest_id: int
    number: int
    at: datetime
