"""What happens to members."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MemberRegistered:
    """Somebody joined; ``referrer_id`` is the member whose link brought them."""

    member_id: int
    referrer_id: int | None
    at: datetime


@dataclass(frozen=True)
class AddressConfirmed:
    """The member's address is known to be theirs: their votes count from now on."""

    member_id: int
    at: datetime


@dataclass(frozen=True)
class AccountErased:
    """The member asked to be forgotten; each domain empties what it holds of them."""

    member_id: int
    at: datetime
