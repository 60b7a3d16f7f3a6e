"""Who may vote for what, in readable predicates.

``ballots.cast`` decides the same inside its one statement, for speed; a test holds both to the
same answer over every combination. Templates and routes ask here.
"""

import enum
from datetime import datetime

from ideation.accounts import policies as accounts
from ideation.accounts.models import Member, Standing
from ideation.contests.models import Contest, Format
from ideation.contests.phases import Phase, phase
from ideation.core.errors import Conflict, DomainError, NotAllowed, NotFound, Words
from ideation.core.i18n import lazy
from ideation.submissions.models import State, Submission


class Refusal(enum.StrEnum):
    """Why a ballot is not taken. In the order in which it is looked at."""

    SIGNED_OUT = "signed_out"
    NOT_YOURS = "not_yours"
    SUSPENDED = "suspended"
    INSIDER = "insider"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    GONE = "gone"
    OWN = "own"


def refusal(voter: Member | None, submission: Submission, at: datetime) -> Refusal | None:
    """Why this member may not vote for the submission at this instant; None where they may."""
    return voter_refusal(voter, submission.contest, at) or _design_refusal(voter, submission)


def may_vote(voter: Member | None, submission: Submission, at: datetime) -> bool:
    """Whether the member may vote for the submission, given a ballot that was dealt to them."""
    return refusal(voter, submission, at) is None


def voter_refusal(voter: Member | None, contest: Contest, at: datetime) -> Refusal | None:
    """Why the member may not vote in the contest at all at this instant; None where they may.

    A confirmed address is not asked for: the votes wait for it until close.
    """
    if voter is None:
        return Refusal.SIGNED_OUT
    if voter.standing is not Standing.ACTIVE:
        return Refusal.SUSPENDED
    if accounts.sees_live_scores(voter):
        return Refusal.INSIDER
    now = phase(contest, at)
    if now in {Phase.UPCOMING, Phase.ENTRY}:
        return Refusal.NOT_OPEN
    return None if now is Phase.SCORING else Refusal.CLOSED


def may_say_demand(member: Member | None, submission: Submission, at: datetime) -> bool:
    """Whether the member may mark the design or say that they would buy it: until close."""
    return (
        member is not None
        and accounts.may_take_part(member)
        and takes_demand(submission.contest, at)
        and _design_refusal(member, submission) is None
    )


def takes_demand(contest: Contest, at: datetime) -> bool:
    """Whether marks and intents are still taken; both are counted, and so frozen, at close."""
    return phase(contest, at) in {Phase.ENTRY, Phase.SCORING}


def has_deck(contest: Contest) -> bool:
    """Whether the contest deals ballots at all."""
    return contest.format is Format.DEALT


def designed(member: Member, submission: Submission) -> bool:
    """Whether the design is the member's own, alone or with others."""
    return submission.member_id == member.id or any(
        designer.member_id == member.id for designer in submission.designers
    )


def error_for(why: Refusal) -> DomainError:
    """The refusal as the edge says it: the rule, and what to do."""
    return _ERRORS[why][0](_ERRORS[why][1], code=why.value)


def _design_refusal(voter: Member | None, submission: Submission) -> Refusal | None:
    if submission.state is not State.APPROVED:
        return Refusal.GONE
    return Refusal.OWN if voter is not None and designed(voter, submission) else None


class _SignInNeeded(NotAllowed):
    status = 401


_ERRORS: dict[Refusal, tuple[type[DomainError], Words]] = {
    Refusal.SIGNED_OUT: (_SignInNeeded, lazy("You have been signed out. Sign in to go on.")),
    Refusal.NOT_YOURS: (NotAllowed, lazy("This ballot was dealt to somebody else.")),
    Refusal.SUSPENDED: (NotAllowed, lazy("Your account is suspended, so it takes no part.")),
    Refusal.INSIDER: (
        NotAllowed,
        lazy("You can see the scores before close, so you neither vote nor enter."),
    ),
    Refusal.NOT_OPEN: (Conflict, lazy("Scoring has not begun yet.")),
    Refusal.CLOSED: (Conflict, lazy("Scoring is over, so this vote was not counted.")),
    Refusal.GONE: (NotFound, lazy("This design has left the contest.")),
    Refusal.OWN: (NotAllowed, lazy("Your own design is scored by the others.")),
}
