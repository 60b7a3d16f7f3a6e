"""Who may look at cases and judge them, and until when a judgement can change a count."""

from datetime import datetime, timedelta

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.contests.models import Contest
from ideation.core.errors import Conflict, NotAllowed
from ideation.core.i18n import lazy
from ideation.integrity import cases
from ideation.integrity.models import Case, Judgement

#: How long after the close votes can be set aside or restored. After it the hashes of browsers
#: and networks are gone, so that a new count would differ for other reasons than the decision.
WINDOW = timedelta(days=30)

_E, _K, _R, _A = Judgement.EXCLUDE, Judgement.KEEP, Judgement.RESTORE, Judgement.ASK


def may_judge(member: Member | None, contest: Contest) -> bool:
    """Whether the member judges voting in the contest's space."""
    return member is not None and holds(member, Permission.JUDGE_INTEGRITY, contest.space_id)


def is_party(case: Case, member: Member) -> bool:
    """Whether the case is about the member."""
    return any(one.member_id == member.id for one in case.members)


def choices(case: Case, contest: Contest) -> list[Judgement]:
    """What can be decided about the case as it stands, in the order in which it is offered.

    What a rule excluded a person can confirm; that a signal failed they can only take note of.
    Nobody is asked before the close: until then no member learns what is looked at.
    """
    if cases.is_failure(case):
        return [_K] if case.judgement is None else []
    if case.judgement is _E:
        found = [_R] if case.judged_by_id else [_E, _R]
    elif case.judgement is None:
        found = [_E, _K]
    else:
        found = [_E]
    return [*found, _A] if contest.closed_at is not None else found


def restorable(case: Case) -> bool:
    """Whether the whole case is excluded, by a person or by a rule."""
    return case.judgement is _E


def is_over(contest: Contest, at: datetime) -> bool:
    """Whether counts of the contest cannot be made anew any more."""
    return contest.closed_at is not None and at >= contest.closed_at + WINDOW


def check_may_judge(actor: Member, contest: Contest, case: Case | None = None) -> None:
    """Raise NotAllowed unless the actor judges here, and is not what the case is about."""
    if not may_judge(actor, contest):
        raise NotAllowed(lazy("You judge the voting of another space, not of this one."))
    if case is not None and is_party(case, actor):
        raise NotAllowed(lazy("This case is about you as well: somebody else has to decide."))


def check_open(contest: Contest, at: datetime) -> None:
    """Raise Conflict while the stars are being counted, and once no new count can be made."""
    if contest.cancelled_at is not None:
        raise Conflict(lazy("This contest was called off: nothing is counted."))
    if contest.closed_at is not None and contest.tallied_at is None:
        raise Conflict(
            lazy("The stars are being counted this minute. Decide once the tally stands.")
        )
    if is_over(contest, at):
        raise Conflict(
            lazy(
                "Scoring closed more than thirty days ago. The traces of shared browsers are gone, "
                "so a new count would differ for other reasons than your decision."
            )
        )
