"""What shows that people want a design and is no vote: favourites and marks, beside the score.

For those who decide, after the close. Whoever follows a link was sent, so none of it says how a
design stands among the others; it says how far its friends went.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ideation.contests.models import Contest
from ideation.voting import favourites, marks


@dataclass(frozen=True)
class Demand:
    """One design's: how many members keep it, and its marks of one to five stars."""

    favourites: int
    marks: tuple[int, ...]

    @property
    def marked(self) -> int:
        """How many members gave it a mark."""
        return sum(self.marks)

    @property
    def mean(self) -> int | None:
        """Mean of its marks in 1/10,000 star; None without any."""
        total = sum(stars * count for stars, count in enumerate(self.marks, start=1))
        return total * 10_000 // self.marked if self.marked else None


def beside(contest: Contest, submission_ids: Collection[int]) -> dict[int, Demand]:
    """Submission → its demand, for every one asked about; empty before the close."""
    if contest.closed_at is None:
        return {}
    kept = favourites.counts(contest, submission_ids)
    given = marks.summaries(submission_ids)
    return {
        one: Demand(kept.get(one, 0), given.get(one, (0, 0, 0, 0, 0))) for one in submission_ids
    }
