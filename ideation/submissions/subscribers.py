"""What submissions do when something happens elsewhere."""

from sqlalchemy import select, update

from ideation.accounts.events import AccountErased
from ideation.contests.events import ContestCancelled, DatesMoved
from ideation.contests.models import Contest
from ideation.contests.phases import approval_deadline
from ideation.core import events
from ideation.core.db import db
from ideation.moderation.events import CaseDecided
from ideation.moderation.models import Case, Verdict
from ideation.submissions import erasure, outcomes, queries
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import Submission


@events.subscribe(CaseDecided)
def follow_decision(event: CaseDecided) -> None:
    """A moderator decided on a design."""
    if event.subject_kind != SUBJECT:
        return
    submission = queries.get_locked(event.subject_id)
    if event.verdict is Verdict.APPROVED:
        outcomes.approve(submission, event.moderator_id, at=event.at)
    else:
        assert event.rule is not None  # decide() asks for one
        outcomes.decline(submission, event.moderator_id, event.rule, event.reason, at=event.at)


@events.subscribe(DatesMoved)
def follow_dates(event: DatesMoved) -> None:
    """The deadline for approvals moved with the scoring window."""
    contest = db.session.get_one(Contest, event.contest_id)
    _update_cases(event.contest_id, due_at=approval_deadline(contest), alarmed_at=None)


@events.subscribe(ContestCancelled)
def follow_cancelling(event: ContestCancelled) -> None:
    """Nothing is left to decide about a contest that was called off."""
    _update_cases(event.contest_id, closed_at=event.at)


@events.subscribe(AccountErased)
def follow_erasure(event: AccountErased) -> None:
    """A member left."""
    erasure.forget(event.member_id, at=event.at)


def _update_cases(contest_id: int, **values: object) -> None:
    inside = select(Submission.id).where(Submission.contest_id == contest_id)
    db.session.execute(
        update(Case)
        .where(
            Case.subject_kind == SUBJECT,
            Case.subject_id.in_(inside),
            Case.closed_at.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
