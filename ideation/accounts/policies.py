"""Questions about a member's rights, asked by rules, routes and templates alike."""

from ideation.accounts.grants import GRANTS, SEES_LIVE_SCORES, Permission
from ideation.accounts.models import Member, Standing


def holds(member: Member, permission: Permission, space_id: int | None = None) -> bool:
    """Whether one of the member's roles includes the permission.

    A steward's role counts only for its own space; without ``space_id`` (a door, not an object)
    a scoped role counts too.
    """
    if member.standing is not Standing.ACTIVE:
        return False
    return any(
        permission in GRANTS[grant.role]
        and (grant.scope == 0 or space_id is None or grant.scope == space_id)
        for grant in member.grants
    )


def is_confirmed(member: Member) -> bool:
    """Whether the member's address is known to be theirs."""
    return member.email_confirmed_at is not None


def sees_live_scores(member: Member) -> bool:
    """Whether the member can look at scores before close, and so may neither vote nor enter."""
    return any(grant.role in SEES_LIVE_SCORES for grant in member.grants)


def may_take_part(member: Member) -> bool:
    """Whether the member may enter or vote at all."""
    return member.standing is Standing.ACTIVE and not sees_live_scores(member)
