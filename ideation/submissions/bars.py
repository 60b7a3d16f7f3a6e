"""Who may not enter a contest, for reasons that belong to the domains above.

``submissions`` knows no juries. Whoever does registers a check at import; its sentence says why.
"""

from collections.abc import Callable
from typing import TypeAlias

from ideation.contests.models import Contest
from ideation.core.errors import Words

Check: TypeAlias = Callable[[int, Contest], Words | None]

_checks: list[Check] = []


def declare(check: Check) -> Check:
    """Decorate a function that says what bars a member, by id, from a contest; None if nothing."""
    if check not in _checks:
        _checks.append(check)
    return check


def find(member_id: int, contest: Contest) -> Words | None:
    """The first reason why the member may not be a designer in the contest; None where they may."""
    return next((words for check in _checks if (words := check(member_id, contest))), None)
