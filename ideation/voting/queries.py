"""Results and votes, as pages ask for them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload, selectinload

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.submissions.models import Submission
from ideation.voting.models import Tally, TallyRow, Vote

RESULTS_SIZE = 60
VOTES_SIZE = 120


def find_tally(contest_id: int) -> Tally | None:
    """The contest's latest tally."""
    query = (
        select(Tally).where(Tally.contest_id == contest_id).order_by(Tally.number.desc()).limit(1)
    )
    return db.session.scalar(query)


def get_tally(contest_id: int, number: int) -> Tally:
    """A tally by its number. Raises NotFound."""
    query = select(Tally).where(Tally.contest_id == contest_id, Tally.number == number)
    tally = db.session.scalar(query)
    if tally is None:
        raise NotFound(lazy("There is no tally of this number."))
    return tally


def list_tallies(contest_id: int) -> list[Tally]:
    """All tallies of a contest, the first first."""
    query = select(Tally).where(Tally.contest_id == contest_id).order_by(Tally.number)
    return list(db.session.scalars(query))


def count_stars(member_id: int, contest_id: int) -> list[int]:
    """How often the member gave one to five stars in the contest."""
    query = (
        select(Vote.stars, func.count())
        .where(Vote.contest_id == contest_id, Vote.member_id == member_id)
        .group_by(Vote.stars)
    )
    given = {row[0]: row[1] for row in db.session.execute(query)}
    return [given.get(stars, 0) for stars in range(1, 6)]


def page_of_rows(tally: Tally, number: int, size: int = RESULTS_SIZE) -> Page[TallyRow]:
    """One page of a tally's rows, by rank."""
    query = select(TallyRow).where(TallyRow.tally_id == tally.id).order_by(TallyRow.rank)
    return paginate(query, number, size)


def all_rows(tally: Tally) -> list[TallyRow]:
    """Every row of a tally, by rank, for those who choose from it."""
    query = select(TallyRow).where(TallyRow.tally_id == tally.id).order_by(TallyRow.rank)
    return list(db.session.scalars(query))


def rows_by_id(tally: Tally, submission_ids: Collection[int]) -> dict[int, TallyRow]:
    """Submission → its row, of those that the tally ranks."""
    query = select(TallyRow).where(
        TallyRow.tally_id == tally.id, TallyRow.submission_id.in_(submission_ids)
    )
    return {row.submission_id: row for row in db.session.scalars(query)}


def list_leading(tally: Tally, limit: int) -> list[TallyRow]:
    """The best ranked rows."""
    query = select(TallyRow).where(TallyRow.tally_id == tally.id).order_by(TallyRow.rank)
    return list(db.session.scalars(query.limit(limit)))


def ranking(contest_id: int) -> list[int]:
    """Keys of the designs in the latest tally, the best first; empty before there is one."""
    latest = (
        select(Tally.id)
        .where(Tally.contest_id == contest_id)
        .order_by(Tally.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(TallyRow.submission_id).where(TallyRow.tally_id == latest)
    return list(db.session.scalars(query.order_by(TallyRow.rank)))


def submissions_by_id(submission_ids: Collection[int]) -> dict[int, Submission]:
    """Submissions with their pictures, by id."""
    query = (
        select(Submission)
        .where(Submission.id.in_(submission_ids))
        .options(selectinload(Submission.contest))
    )
    return {each.id: each for each in db.session.scalars(query)}


def pictures_by_id(submission_ids: Collection[int]) -> dict[int, Submission]:
    """Submissions with their pictures and nothing else: the deck names no designer."""
    query = (
        select(Submission)
        .where(Submission.id.in_(submission_ids))
        .options(lazyload(Submission.member), lazyload(Submission.designers))
    )
    return {each.id: each for each in db.session.scalars(query)}


def votes_of(member_id: int, submission_ids: Collection[int]) -> dict[int, int]:
    """Submission → the stars that the member gave it."""
    query = select(Vote.submission_id, Vote.stars).where(
        Vote.member_id == member_id, Vote.submission_id.in_(submission_ids)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def has_voted_since(member_id: int, at: datetime) -> bool:
    """Whether the member has a vote in any contest whose scoring went on after an instant."""
    query = (
        select(Vote.submission_id)
        .join(Contest, Contest.id == Vote.contest_id)
        .where(Vote.member_id == member_id, Contest.scoring_closes_at > at)
        .limit(1)
    )
    return db.session.scalar(query) is not None


def page_of_votes(member_id: int, contest_id: int, number: int) -> Page[Vote]:
    """One page of the member's own votes in a contest, the latest first."""
    query = (
        select(Vote)
        .where(Vote.contest_id == contest_id, Vote.member_id == member_id)
        .order_by(Vote.cast_at.desc(), Vote.submission_id)
    )
    return paginate(query, number, VOTES_SIZE)
