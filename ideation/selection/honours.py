"""The winners of contests that were announced, as first pages show them."""

from collections.abc import Collection

from sqlalchemy import and_, select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.paging import Page, paginate
from ideation.selection.models import Decision, Outcome
from ideation.submissions import designers
from ideation.submissions.models import State, Submission
from ideation.voting.models import TallyRow
from ideation.voting.podium import Placed

#: Editions on a page of the hall of fame.
EDITIONS = 6


def page_of_editions(number: int) -> Page[Contest]:
    """Contests that were announced and have a winner, the latest announcement first."""
    has_winner = (
        select(Decision.submission_id)
        .where(Decision.contest_id == Contest.id, Decision.outcome == Outcome.WINNER)
        .exists()
    )
    query = (
        select(Contest)
        .where(Contest.is_whole, Contest.announced_at.is_not(None), has_winner)
        .order_by(Contest.announced_at.desc(), Contest.id.desc())
    )
    return paginate(query, number, EDITIONS)


def won(submission_ids: Collection[int]) -> dict[int, Decision]:
    """Submission → the decision by which it won, once announced; one statement."""
    query = (
        select(Decision)
        .join(Contest, Contest.id == Decision.contest_id)
        .where(
            Decision.submission_id.in_(submission_ids),
            Decision.outcome == Outcome.WINNER,
            Contest.announced_at.is_not(None),
        )
    )
    return {decision.submission_id: decision for decision in db.session.scalars(query)}


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
