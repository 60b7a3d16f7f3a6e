"""Who moderates where."""

from ideation.accounts.grants import GRANTS, Permission
from ideation.accounts.models import Member, Standing


def moderated_spaces(member: Member) -> frozenset[int] | None:
    """The spaces whose cases the member decides; None for all of them."""
    if member.standing is not Standing.ACTIVE:
        return frozenset()
    scopes = {grant.scope for grant in member.grants if Permission.MODERATE in GRANTS[grant.role]}
    return None if 0 in scopes else frozenset(scopes)
