"""What a moderator's decision does to a design."""

from datetime import datetime

from ideation.contests.models import Contest
from ideation.contests.phases import approval_deadline
from ideation.core import events
from ideation.core.db import db
from ideation.core.errors import Conflict, NotAllowed
from ideation.core.i18n import lazy
from ideation.moderation.models import Rule
from ideation.notices import telling
from ideation.submissions import artwork, designers, moving, notices, policies
from ideation.submissions.events import SubmissionApproved
from ideation.submissions.models import ArtworkState, State, Submission


def approve(submission: Submission, moderator_id: int, *, at: datetime) -> None:
    """It joins its contest if this is before the deadline for approval, else it may move on.

    Raises NotAllowed for a moderator's own design, Conflict where it no longer waits or its
    pictures are not ready.
    """
    _require_waiting(submission, moderator_id)
    pictures = {one.state for one in submission.artworks}
    if ArtworkState.PROCESSING in pictures or ArtworkState.READY not in pictures:
        raise Conflict(lazy("Its pictures are not ready yet. Come back in a moment."))
    artwork.put_failed_last(submission)
    submission.decided_at = at
    if not is_in_time(submission.contest, at):
        moving.ask(submission, at=at)
        return
    submission.state = State.APPROVED
    db.session.flush()
    names = notices.contest_names(submission.contest)
    for member in designers.shown(submission):
        telling.tell(
            member.id,
            notices.APPROVED,
            at=at,
            params={"title": submission.title, "contest": names},
            link=notices.link(submission),
        )
    events.publish(SubmissionApproved(submission.id, submission.contest_id, at))


def decline(
    submission: Submission, moderator_id: int, rule: Rule, reason: str, *, at: datetime
) -> None:
    """It stays out; its designer is told why, and may correct it while entries are open.

    Raises NotAllowed for a moderator's own design, Conflict where it no longer waits.
    """
    _require_waiting(submission, moderator_id)
    submission.state = State.DECLINED
    submission.decided_at = at
    db.session.flush()
    telling.tell(
        submission.member_id,
        notices.DECLINED,
        at=at,
        params={"title": submission.title, "rule": rule.value, "reason": reason},
        link=notices.link(submission),
    )


def require_unchanged(submission: Submission, seen_at: datetime) -> None:
    """Raise Conflict where it was edited after the moderator loaded it: look, then decide."""
    if submission.updated_at != seen_at:
        raise Conflict(lazy("The designer changed this while you looked at it. Look again."))


def is_in_time(contest: Contest, at: datetime) -> bool:
    """Whether what is approved now still joins the contest it was handed in to."""
    deadline = approval_deadline(contest)
    if contest.cancelled_at is not None or contest.closed_at is not None:
        return False
    return deadline is None or at < deadline


def _require_waiting(submission: Submission, moderator_id: int) -> None:
    if any(designer.member_id == moderator_id for designer in submission.designers):
        raise NotAllowed(lazy("This is your own design: somebody else has to decide."))
    is_decided = policies.is_waiting_to_move(submission)
    if submission.state is not State.SUBMITTED or is_decided:
        raise Conflict(lazy("This design no longer waits for a decision."))
