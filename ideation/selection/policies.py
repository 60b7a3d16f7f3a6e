"""Who may choose winners, and who may read what came of it."""

from datetime import datetime

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core.errors import Conflict, NotAllowed, NotFound
from ideation.core.i18n import lazy
from ideation.selection.models import Agreement
from ideation.submissions import policies as submissions
from ideation.submissions.models import Submission

#: The key of no space: only a role for the whole instance reaches it.
_NO_SPACE = -1


def may_decide(member: Member, space_id: int | None = None) -> bool:
    """Whether the member chooses the winners of the space's contests."""
    return holds(member, Permission.DECIDE, space_id)


def decided_spaces(member: Member) -> frozenset[int] | None:
    """The spaces whose winners the member chooses; None for all of them."""
    if may_decide(member, _NO_SPACE):
        return None
    scopes = {grant.scope for grant in member.grants if grant.scope}
    return frozenset(scope for scope in scopes if may_decide(member, scope))


def may_see_ranking(member: Member, contest: Contest, at: datetime) -> bool:
    """Whether the member sees scores now: everyone once they are counted, before it a few."""
    if contest.tallied_at is not None and phase(contest, at) is not Phase.CANCELLED:
        return True
    return holds(member, Permission.SEE_LIVE_SCORES, contest.space_id)


def may_read_receipt(member: Member | None, submission: Submission) -> bool:
    """A receipt is for the entry's designers and for those who decide."""
    if member is None:
        return False
    return submissions.is_designer(submission, member) or may_decide(
        member, submission.contest.space_id
    )


def is_party(agreement: Agreement, member: Member | None) -> bool:
    """Whether the agreement is offered to the member."""
    return member is not None and any(one.member_id == member.id for one in agreement.parties)


def check_is_party(agreement: Agreement, member: Member) -> None:
    """Raise NotFound for anybody whom the agreement does not name."""
    if not is_party(agreement, member):
        raise NotFound(lazy("There is no such agreement."))


def check_may_decide(actor: Member | None, space_id: int) -> None:
    """Raise NotAllowed unless the actor decides in the space; None is the system itself."""
    if actor is not None and not may_decide(actor, space_id):
        raise NotAllowed(lazy("You choose the winners of another space, not of this one."))


def check_open(contest: Contest, at: datetime) -> None:
    """Raise Conflict unless a result stands that has not been announced."""
    if contest.announced_at is not None:
        raise Conflict(lazy("The winners were announced: nothing about them changes any more."))
    if phase(contest, at) not in {Phase.DECISION, Phase.RESULTS}:
        raise Conflict(lazy("There is no result to choose from yet."))
