"""Who may see a submission and what they may do with it; pages ask the same questions."""

from datetime import datetime

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds, may_take_part
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase, takes_entries
from ideation.submissions import bars
from ideation.submissions.models import State, Submission

_IN_PLAY = frozenset({State.DRAFT, State.SUBMITTED, State.APPROVED, State.DECLINED})


def is_owner(submission: Submission, member: Member | None) -> bool:
    """Whether the member handed it in (or will) and so answers for it."""
    return member is not None and member.id == submission.member_id


def is_designer(submission: Submission, member: Member | None) -> bool:
    """Whether the member has a share in it, agreed or not."""
    return member is not None and any(
        designer.member_id == member.id for designer in submission.designers
    )


def is_public(submission: Submission) -> bool:
    """Whether everyone may see it."""
    return submission.state is State.APPROVED and submission.contest.is_whole


def may_see(submission: Submission, viewer: Member | None) -> bool:
    """Approved designs: everyone. Anything else: its designers; handed in: moderators too."""
    if is_public(submission) or is_designer(submission, viewer):
        return True
    return submission.state is not State.DRAFT and may_moderate(submission, viewer)


def may_moderate(submission: Submission, viewer: Member | None) -> bool:
    """Whether the viewer moderates in the submission's space."""
    space_id = submission.contest.space_id
    return viewer is not None and holds(viewer, Permission.MODERATE, space_id)


def may_begin(contest: Contest, member: Member, at: datetime) -> bool:
    """Whether the member may begin a draft in the contest now.

    Nobody finds a contest that is not whole yet, save the demo that fills it.
    """
    return may_take_part(member) and takes_entries(contest, at)


def is_invited(viewer: Member | None, contest: Contest, at: datetime) -> bool:
    """Whether pages ask the viewer to enter: entries are open, and nothing bars them for good.

    Whoever is signed out is asked too, and signs in on the way.
    """
    return takes_entries(contest, at) and (viewer is None or not bars.find(viewer.id, contest))


def is_waiting_to_move(submission: Submission) -> bool:
    """Whether it was approved after its contest's deadline, so that its designer must choose."""
    return submission.state is State.SUBMITTED and submission.decided_at is not None


def may_edit(submission: Submission, member: Member | None, at: datetime) -> bool:
    """Whether the member may change it now: their own, until entries close."""
    return (
        member is not None
        and is_owner(submission, member)
        and submission.state in _IN_PLAY
        and may_take_part(member)
        and takes_entries(submission.contest, at)
    )


def may_discard(submission: Submission, member: Member | None) -> bool:
    """Whether the member may throw it away: their own, as long as it was never handed in."""
    return is_owner(submission, member) and submission.state is State.DRAFT


def may_withdraw(submission: Submission, member: Member | None, at: datetime) -> bool:
    """Whether the member may take it back: their own, handed in, until scoring closes."""
    if not is_owner(submission, member):
        return False
    if submission.state in {State.SUBMITTED, State.DECLINED}:
        return True
    return submission.state is State.APPROVED and not is_in_result(submission, at)


def is_in_result(submission: Submission, at: datetime) -> bool:
    """Whether it takes a place in a result, or will once that is counted, and so has to stay."""
    return submission.state is State.APPROVED and phase(submission.contest, at) in {
        Phase.TALLYING,
        Phase.DECISION,
        Phase.RESULTS,
    }
