"""Taking a design back, and throwing a draft away."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import events
from ideation.core.db import db, is_postgresql
from ideation.core.errors import Conflict, NotAllowed
from ideation.core.i18n import lazy
from ideation.moderation import queue
from ideation.submissions import artwork, drafting, leftovers, policies
from ideation.submissions.events import SubmissionWithdrawn
from ideation.submissions.models import State, Submission


def withdraw(member: Member, submission: Submission, *, at: datetime) -> None:
    """Take a design out of its contest for good; its votes stop counting.

    Raises NotAllowed for anybody but its designer, Conflict once scoring has closed.
    """
    if not policies.is_owner(submission, member):
        raise NotAllowed(lazy("Only the member who handed this design in can withdraw it."))
    hold_open([submission.contest_id])
    if not policies.may_withdraw(submission, member, at):
        raise Conflict(
            lazy("Scoring has closed and this design is part of the result. It stays there.")
        )
    take_out(submission, at=at)


def take_out(submission: Submission, *, at: datetime) -> None:
    """The same without asking, for whoever has asked already."""
    submission.state = State.WITHDRAWN
    submission.withdrawn_at = submission.updated_at = at
    submission.move_asked_at = None
    queue.withdraw(drafting.SUBJECT, submission.id, at)
    db.session.flush()
    events.publish(SubmissionWithdrawn(submission.id, submission.contest_id, at))


def discard(member: Member, submission: Submission, *, at: datetime) -> None:
    """Throw a draft away with its pictures.

    Raises NotAllowed for anybody but its designer, Conflict for what was handed in before.
    """
    if not policies.is_owner(submission, member):
        raise NotAllowed(lazy("Only the member who began this design can throw it away."))
    if not policies.may_discard(submission, member):
        raise Conflict(lazy("This design was handed in. You can withdraw it instead."))
    delete(submission, at=at)


def delete(submission: Submission, *, at: datetime) -> None:
    """Delete a draft and, once that is committed, its files."""
    keys = [key for one in submission.artworks for key in artwork.keys_of(one)]
    leftovers.clear(keys, at=at)
    db.session.delete(submission)
    db.session.flush()


def hold_open(contest_ids: Collection[int]) -> None:
    """Keep contests from closing until this is committed, as a vote does.

    Otherwise a design could leave between the close and its tally.
    """
    query = (
        select(Contest)
        .where(Contest.id.in_(contest_ids))
        .order_by(Contest.id)
        .execution_options(populate_existing=True)
    )
    if is_postgresql():
        query = query.with_for_update(read=True, of=Contest)
    db.session.scalars(query).all()
