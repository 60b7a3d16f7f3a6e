"""What is to be settled before an account can be erased: money owed, parcels under way.

``accounts`` knows of no money. Each domain above registers a check at import; its sentences say
what is open and what the member can do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from ideation.core.errors import Words


@dataclass(frozen=True)
class Hindrance:
    """One thing that stands in the way: why, what to do, and where (a path; may be empty)."""

    words: Words
    link: str = ""
    action: Words = ""


Check: TypeAlias = Callable[[int, datetime], list[Hindrance]]

_checks: list[Check] = []


def declare(check: Check) -> Check:
    """Decorate a function that says what hinders erasing a member, by id, at an instant."""
    if check not in _checks:
        _checks.append(check)
    return check


def list_for(member_id: int, at: datetime) -> list[Hindrance]:
    """Everything that is to be settled first; empty where the account may go."""
    return [hindrance for check in _checks for hindrance in check(member_id, at)]
