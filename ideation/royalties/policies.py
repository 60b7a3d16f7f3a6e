"""Who may move designers' money."""

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.core.errors import NotAllowed
from ideation.core.i18n import lazy


def may_pay_out(member: Member) -> bool:
    """Whether the member may draft, approve, export and settle payouts."""
    return holds(member, Permission.PAY_OUT)


def check_may_pay_out(member: Member) -> None:
    """Raise NotAllowed for anybody else."""
    if not may_pay_out(member):
        raise NotAllowed(lazy("Your roles do not include paying out."))
