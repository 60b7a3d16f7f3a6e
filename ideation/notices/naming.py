"""Whom a notice is about: kept by number, named when it is read.

Names change, and go when an account is erased; a notice that held one would keep it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ideation.accounts import queries
from ideation.core.i18n import lazy

#: The param that holds the member's id; ``name`` stands beside it when words are made.
ABOUT = "about"


def named(params: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The params of several notices with the names of whom they are about, in one statement."""
    members = queries.by_ids({one[ABOUT] for one in params if ABOUT in one})
    names = {key: member.name for key, member in members.items()}
    return [
        {**one, "name": names.get(one[ABOUT]) or lazy("Erased member")} if ABOUT in one else one
        for one in params
    ]
