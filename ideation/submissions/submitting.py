"""Handing a design in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ideation.accounts import consents
from ideation.accounts.models import ConsentKind, Member
from ideation.accounts.policies import is_confirmed
from ideation.core import events, idempotency
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.i18n import lazy
from ideation.submissions import drafting, readiness
from ideation.submissions.drafting import require_editable
from ideation.submissions.events import SubmissionSubmitted
from ideation.submissions.models import State, Submission


@dataclass(frozen=True)
class Declarations:
    """What the designer ticked, in the language in which they read it."""

    is_original: bool
    grants_display: bool
    language: str


def submit(
    member: Member,
    submission: Submission,
    declared: Declarations,
    *,
    at: datetime,
    key: str,
) -> None:
    """Hand the design in: it waits for a moderator and belongs to the contest if approved in time.

    A design that was declined may be handed in again while entries are open. Pictures may still
    be processing; co-designers may still have to agree. The same ``key`` hands it in once.

    Raises NotAllowed (not theirs, not confirmed), Conflict (entries closed, already in), Invalid
    with everything that is missing.
    """

    def act() -> dict[str, Any]:
        _submit(member, submission, declared, at)
        return {"submission": submission.id}

    request = {"submission": submission.id}
    idempotency.once(f"submissions.submit:{member.id}", key, request, act, at)


def _submit(member: Member, submission: Submission, declared: Declarations, at: datetime) -> None:
    require_editable(member, submission, at)
    if submission.state not in {State.DRAFT, State.DECLINED}:
        raise Conflict(lazy("This design is already handed in."))
    if not is_confirmed(member):
        raise NotAllowed(
            lazy("Confirm your mail address first: open the mail we sent you. Your draft is kept."),
            code="unconfirmed",
        )
    lacking = readiness.missing(submission)
    if not declared.is_original:
        lacking["original"] = lazy("Only your own work can enter. Tick this if it is.")
    if not declared.grants_display:
        lacking["licence"] = lazy("Without this we may not show your design to anybody.")
    if lacking:
        raise Invalid(fields=lacking)
    submission.state = State.SUBMITTED
    submission.submitted_at = submission.updated_at = at
    submission.declared_original_at = at
    submission.decided_at = None
    for kind in (ConsentKind.ORIGINALITY, ConsentKind.DISPLAY_LICENCE):
        consents.record(
            member.id,
            kind,
            language=declared.language,
            at=at,
            context=f"submission:{submission.id}",
        )
    drafting.open_case(submission, at)
    events.publish(SubmissionSubmitted(submission.id, submission.contest_id, at))
