"""What stays of a member's designs when they leave.

Drafts go, with their files. Designs in contests still being scored are withdrawn and emptied.
What is part of a result, counted or about to be, stays under the pseudonym, since taking it out
would change everybody else's place. A share in somebody else's unfinished design falls back to
them.
"""

from datetime import datetime

from sqlalchemy import select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.submissions import artwork, leftovers, policies, withdrawal
from ideation.submissions.models import Designer, State, Submission


def forget(member_id: int, *, at: datetime) -> None:
    """Do all of it, in the open transaction."""
    contests = select(Submission.contest_id).where(Submission.member_id == member_id).distinct()
    withdrawal.hold_open(db.session.scalars(contests).all())
    query = select(Submission).where(Submission.member_id == member_id)
    for submission in db.session.scalars(query).all():
        if submission.state is State.DRAFT:
            withdrawal.delete(submission, at=at)
        elif not policies.is_in_result(submission, at):
            if submission.state is not State.WITHDRAWN:
                withdrawal.take_out(submission, at=at)
            _empty(submission, at)
    _give_shares_back(member_id)


def _empty(submission: Submission, at: datetime) -> None:
    keys = [key for one in submission.artworks for key in artwork.keys_of(one)]
    leftovers.clear(keys, at=at)
    submission.artworks.clear()
    submission.title = submission.story = submission.sources = ""
    submission.tags = []
    db.session.flush()


def _give_shares_back(member_id: int) -> None:
    query = (
        select(Designer, Submission)
        .join(Submission, Submission.id == Designer.submission_id)
        .join(Contest, Contest.id == Submission.contest_id)
        .where(
            Designer.member_id == member_id,
            Submission.member_id != member_id,
            Contest.closed_at.is_(None),
        )
    )
    for designer, submission in db.session.execute(query).all():
        for other in submission.designers:
            if other.member_id == submission.member_id:
                other.share_bp += designer.share_bp
        submission.designers.remove(designer)
    db.session.flush()
