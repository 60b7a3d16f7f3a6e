"""Who may manage contests, and what may still be changed about one."""

from datetime import datetime

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core.errors import Conflict, NotAllowed
from ideation.core.i18n import lazy

#: The key of no space: only a role for the whole instance reaches it.
_NO_SPACE = -1
_BEFORE_CLOSE = frozenset({Phase.UPCOMING, Phase.ENTRY, Phase.SCORING})


def may_manage(member: Member, space_id: int | None = None) -> bool:
    """Whether the member may make and change contests of the space; a steward only its own."""
    return holds(member, Permission.MANAGE_CONTESTS, space_id)


def managed_spaces(member: Member) -> frozenset[int] | None:
    """The spaces whose contests the member manages; None for all of them."""
    if may_manage(member, _NO_SPACE):
        return None
    scopes = {grant.scope for grant in member.grants if grant.scope}
    return frozenset(scope for scope in scopes if may_manage(member, scope))


def may_change_freely(contest: Contest, at: datetime) -> bool:
    """Whether everything about the contest is still open: its entries have not begun."""
    return phase(contest, at) is Phase.UPCOMING


def may_move_dates(contest: Contest, at: datetime) -> bool:
    """Whether the contest has opened and not closed, so that dates move with a reason only."""
    return phase(contest, at) in {Phase.ENTRY, Phase.SCORING}


def may_cancel(contest: Contest, at: datetime) -> bool:
    """Whether the contest can still be called off: until it closes."""
    return phase(contest, at) in _BEFORE_CLOSE


def check_may_manage(actor: Member | None, space_id: int) -> None:
    """Raise NotAllowed unless the actor manages the space; None is the operator's own shell."""
    if actor is not None and not may_manage(actor, space_id):
        raise NotAllowed(lazy("You manage contests of another space, not of this one."))


def check_changes_freely(contest: Contest, at: datetime) -> None:
    """Raise Conflict where entries have opened, or the contest was called off."""
    if not may_change_freely(contest, at):
        raise Conflict(lazy("Entries have opened: from now on only dates can move, with a reason."))


def check_moves_dates(contest: Contest, at: datetime) -> None:
    """Raise Conflict where the contest has closed or was called off: nothing moves after that."""
    if not may_move_dates(contest, at):
        raise Conflict(lazy("This contest is over. Nothing about it changes after its close."))
