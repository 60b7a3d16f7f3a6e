"""Favourites: designs that a member keeps for themselves. Demand, never a vote.

Nobody but the member sees them before the close, no count either. Afterwards those kept while
the contest took demand are counted beside the score, for whoever decides.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts.models import Member
from ideation.accounts.policies import may_take_part
from ideation.contests.models import Contest
from ideation.core.db import db, is_postgresql
from ideation.core.errors import NotAllowed
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.submissions.models import State, Submission
from ideation.voting import policies
from ideation.voting.models import Favourite

PAGE_SIZE = 40


def may_keep(member: Member, submission: Submission) -> bool:
    """Whether the member may keep the design: one on a wall that is not their own. At any time."""
    return may_take_part(member) and policies.is_eligible(member, submission)


def keep(member: Member, submission: Submission, *, at: datetime) -> None:
    """Keep the design; keeping it twice changes nothing. Call inside ``transaction()``.

    Raises NotAllowed for one's own design, one that is not on a wall, or who takes no part.
    """
    if not may_keep(member, submission):
        raise NotAllowed(
            lazy("You cannot keep your own design as a favourite, nor one that is not on the wall.")
        )
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(
        insert(Favourite)
        .values(submission_id=submission.id, member_id=member.id, at=at)
        .on_conflict_do_nothing()
    )


def drop(member: Member, submission: Submission) -> None:
    """Keep it no longer, whatever has become of it. Call inside ``transaction()``."""
    db.session.execute(
        delete(Favourite).where(
            Favourite.submission_id == submission.id, Favourite.member_id == member.id
        )
    )


def is_kept(member_id: int, submission_id: int) -> bool:
    """Whether the member keeps the design."""
    return db.session.get(Favourite, (submission_id, member_id)) is not None


def page_of(member_id: int, number: int) -> Page[Submission]:
    """One page of what the member keeps, the latest first; designs that left their wall are out."""
    query = (
        select(Submission)
        .join(Favourite, Favourite.submission_id == Submission.id)
        .join(Contest, Contest.id == Submission.contest_id)
        .where(
            Favourite.member_id == member_id,
            Submission.state == State.APPROVED,
            Contest.is_whole.is_(True),
        )
        .order_by(Favourite.at.desc(), Submission.id.desc())
    )
    return paginate(query, number, PAGE_SIZE)


def counts(contest: Contest, submission_ids: Collection[int]) -> dict[int, int]:
    """Submission → how many members kept it before the close. The caller asks only after it."""
    query = (
        select(Favourite.submission_id, func.count())
        .where(
            Favourite.submission_id.in_(submission_ids),
            Favourite.at <= contest.closed_at,
        )
        .group_by(Favourite.submission_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
