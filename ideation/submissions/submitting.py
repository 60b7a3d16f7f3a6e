"""Handing a design in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ideation.accounts import consents
from ideation.accounts.models import ConsentKind, Member
from ideation.accounts.policies import is_confirmed
from ideation.core import events, idempotency
from ideation.core.errors import Conflict, Invalid, NotAllowed, Words
from ideation.core.i18n import lazy
from ideation.submissions import drafting
from ideation.submissions.drafting import require_editable
from ideation.submissions.events import SubmissionSubmitted
from ideation.submissions.models import ArtworkState, State, Submission


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


def missing(submission: Submission) -> dict[str, Words]:
    """What a draft still lacks, by field; empty when it could be handed in."""
    lacking: dict[str, Words] = {}
    usable = [one for one in submission.artworks if one.state is not ArtworkState.FAILED]
    if len(usable) < len(submission.artworks):
        lacking["pictures"] = lazy("One picture cannot be used. Remove it.")
    elif not usable:
        lacking["pictures"] = lazy("Add at least one picture.")
    for artwork in usable:
        if not artwork.alt_text:
            lacking[f"alt_{artwork.public_id}"] = lazy(
                "Say in a few words what this picture shows."
            )
    if not submission.title:
        lacking["title"] = lazy("Give your design a title.")
    if not submission.colour and submission.contest.article.colours:
        lacking["colour"] = lazy("Choose the colour it is printed on.")
    return lacking


def _submit(member: Member, submission: Submission, declared: Declarations, at: datetime) -> None:
    require_editable(member, submission, at)
    if submission.state not in {State.DRAFT, State.DECLINED}:
        raise Conflict(lazy("This design is already handed in."))
    if not is_confirmed(member):
        raise NotAllowed(
            lazy("Confirm your mail address first: open the mail we sent you. Your draft is kept."),
            code="unconfirmed",
        )
    lacking = missing(submission)
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
