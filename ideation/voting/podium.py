"""The best of contests whose scores are public: for first pages and the archive."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from ideation.core.db import db
from ideation.submissions import designers
from ideation.submissions.models import State, Submission
from ideation.voting.models import Tally, TallyRow


@dataclass(frozen=True)
class Placed:
    """A design with its rank and score (1/10,000 star) in the tally that stands."""

    submission: Submission
    rank: int
    score: int


def best(contest_ids: Collection[int], each: int) -> dict[int, list[Placed]]:
    """Contest → its first ``each`` designs by the latest tally; the caller asks only after close.

    Designs taken down since are left out, without moving anybody's rank.
    """
    latest = (
        select(func.max(Tally.id))
        .where(Tally.contest_id.in_(contest_ids))
        .group_by(Tally.contest_id)
    )
    query = (
        select(Submission, TallyRow.rank, TallyRow.score)
        .join(TallyRow, TallyRow.submission_id == Submission.id)
        .where(
            TallyRow.tally_id.in_(latest),
            TallyRow.rank <= each,
            Submission.state == State.APPROVED,
        )
        .order_by(TallyRow.rank)
        .options(designers.loaded())
    )
    podium: dict[int, list[Placed]] = {contest_id: [] for contest_id in contest_ids}
    for submission, rank, score in db.session.execute(query):
        podium[submission.contest_id].append(Placed(submission, rank, score))
    return podium
