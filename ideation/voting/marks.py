"""Marks: ratings given without a dealt ballot. Demand, and labelled so; never a vote.

Who follows a link may like a design as much as they please. Since somebody sent them there, their
stars say how far the link went, not how the design stands among the others; the deck still deals
them the design.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts.models import Member
from ideation.core.db import db, is_postgresql
from ideation.submissions.models import Submission
from ideation.voting import intents
from ideation.voting.models import Mark, MarkSource


def give(
    member: Member, submission: Submission, stars: int, source: MarkSource, *, at: datetime
) -> None:
    """Give or change a mark. Call inside ``transaction()``.

    Raises NotAllowed, Conflict after close, ValueError for other than 1 to 5.
    """
    if not 1 <= stars <= 5:
        raise ValueError("1 to 5 stars")
    intents.check_may(member, submission, at)
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    values = {"stars": stars, "source": source, "at": at}
    db.session.execute(
        insert(Mark)
        .values(submission_id=submission.id, member_id=member.id, **values)
        .on_conflict_do_update(index_elements=["submission_id", "member_id"], set_=values)
    )


def find(member_id: int, submission_id: int) -> Mark | None:
    """The member's mark for the design."""
    return db.session.get(Mark, (submission_id, member_id))


def summaries(submission_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Submission → how many marks of one to five stars it has. The caller asks only after close."""
    query = (
        select(Mark.submission_id, Mark.stars, func.count())
        .where(Mark.submission_id.in_(submission_ids))
        .group_by(Mark.submission_id, Mark.stars)
    )
    found: dict[int, list[int]] = {}
    for submission_id, stars, count in db.session.execute(query):
        found.setdefault(submission_id, [0] * 5)[stars - 1] = count
    return {submission_id: tuple(counts) for submission_id, counts in found.items()}
