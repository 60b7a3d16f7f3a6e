"""The winners of contests that were announced, as first pages show them."""

from collections.abc import Collection

from sqlalchemy import and_, select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.selection.models import Decision, Outcome
from ideation.submissions import designers
from ideation.submissions.models import State, Submission
from ideation.voting.models import TallyRow
from ideation.voting.podium import Placed


def best(contest_ids: Collection[int], each: int) -> dict[int, list[Placed]]:
    """Contest → its first ``each`` winners by place; nothing of one not announced."""
    query = (
        select(Submission, TallyRow.rank, TallyRow.score)
        .join(Decision, Decision.submission_id == Submission.id)
        .join(Contest, Contest.id == Decision.contest_id)
        .join(
            TallyRow,
            and_(TallyRow.tally_id == Decision.tally_id, TallyRow.submission_id == Submission.id),
        )
        .where(
            Decision.contest_id.in_(contest_ids),
            Decision.outcome == Outcome.WINNER,
            Decision.place <= each,
            Contest.announced_at.is_not(None),
            Submission.state == State.APPROVED,
        )
        .order_by(Decision.place)
        .options(designers.loaded())
    )
    winners: dict[int, list[Placed]] = {}
    for submission, rank, score in db.session.execute(query):
        winners.setdefault(submission.contest_id, []).append(Placed(submission, rank, score))
    return winners
