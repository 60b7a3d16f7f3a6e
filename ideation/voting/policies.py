"""Who may vote for what, in readable predicates.

``ballots.cast`` decides the same inside its one statement, for speed; a test holds both to the
same answer over every combination. Templates and routes ask here.
"""

import enum
from datetime import datetime

from ideation.accounts import policies as accounts
from ideation.accounts.models import Member, Standing
from ideation.contests import formats
from ideation.contests.models import Contest, Format
from ideation.contests.phases import Phase, phase
from ideation.core.errors import Conflict, DomainError, NotAllowed, NotFound, Words
from ideation.core.i18n import lazy
from ideation.submissions.models import State, Submission
from ideation.voting import jury


class Refusal(enum.StrEnum):
    """Why a ballot is not taken. In the order in which it is looked at."""

    SIGNED_OUT = "signed_out"
    NOT_YOURS = "not_yours"
    SUSPENDED = "suspended"
    INSIDER = "insider"
    NO_JUROR = "no_juror"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    GONE = "gone"
    OWN = "own"
    RECUSED = "recused"
    NOT_DEALT = "not_dealt"


def refusal(
    voter: Member | None, submission: Submission, at: datetime, *, is_chosen: bool = False
) -> Refusal | None:
    """Why this member may not vote for the submission at this instant; None where they may.

    ``is_chosen``: the voter chose the design on its own page or in the gallery, no deck dealt it.
    """
    return (
        voter_refusal(voter, submission.contest, at)
        or _design_refusal(voter, submission)
        or _ballot_refusal(voter, submission, is_chosen)
    )


def may_vote(
    voter: Member | None, submission: Submission, at: datetime, *, is_chosen: bool = False
) -> bool:
    """Whether the member may vote for the submission, given a ballot of theirs for it."""
    return refusal(voter, submission, at, is_chosen=is_chosen) is None


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
    if formats.has_jury(contest) and not judges(voter, contest):
        return Refusal.NO_JUROR
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


def judges(member: Member | None, contest: Contest) -> bool:
    """Whether the member is on the contest's jury."""
    return member is not None and formats.has_jury(contest) and jury.is_juror(contest.id, member.id)


def is_eligible(member: Member, submission: Submission) -> bool:
    """Whether the design is on the wall and not the member's own."""
    return _design_refusal(member, submission) is None


def takes_chosen_votes(contest: Contest, at: datetime) -> bool:
    """Whether pages and the gallery offer a vote for designs of one's own choice now."""
    return formats.is_open(contest) and phase(contest, at) is Phase.SCORING


def has_deck(contest: Contest) -> bool:
    """Whether the contest deals ballots at all: to its members, or to its jury."""
    return contest.format in {Format.DEALT, Format.OPEN, Format.JURY}


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


def _ballot_refusal(
    voter: Member | None, submission: Submission, is_chosen: bool
) -> Refusal | None:
    contest = submission.contest
    is_judged = voter is not None and formats.has_jury(contest)
    if is_judged and voter is not None and jury.has_recused(voter.id, submission.id):
        return Refusal.RECUSED
    if is_chosen and not formats.is_open(contest):
        return Refusal.NOT_DEALT
    return None


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
    Refusal.NO_JUROR: (NotAllowed, lazy("A jury scores this contest; its members alone vote.")),
    Refusal.NOT_OPEN: (Conflict, lazy("Scoring has not begun yet.")),
    Refusal.CLOSED: (Conflict, lazy("Scoring is over, so this vote was not counted.")),
    Refusal.GONE: (NotFound, lazy("This design has left the contest.")),
    Refusal.OWN: (NotAllowed, lazy("Your own design is scored by the others.")),
    Refusal.RECUSED: (
        NotAllowed,
        lazy("You said that you will not judge this design. Take that back first."),
    ),
    Refusal.NOT_DEALT: (
        NotAllowed,
        lazy("In this contest only what the deck deals is a vote."),
    ),
}
