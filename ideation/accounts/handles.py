"""Handles: the name in a member's address on the site, made once from their name."""

import secrets

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.core import text
from ideation.core.db import db

LONGEST = 24
#: What an erased member is called; nobody else may begin so.
ERASED_PREFIX = "erased-"
_RESERVED = {
    "admin",
    "administrator",
    "ideation",
    "me",
    "moderator",
    "operator",
    "staff",
    "support",
}


def free_handle(name: str) -> str:
    """``Inês Prata`` → ``inês-prata``, 林小雨 → 林小雨; with a number where that is taken.

    Of two people of one name at the same moment the unique index refuses one; the edge tries
    once more, and then the name is seen to be taken.
    """
    base = text.slugify(name, LONGEST) or "member"
    if base in _RESERVED or base.startswith(ERASED_PREFIX):
        base = f"{base[: LONGEST - 7]}-member"
    taken = set(
        db.session.scalars(
            select(Member.handle).where(Member.handle.startswith(base, autoescape=True))
        )
    )
    if base not in taken:
        return base
    numbered = (f"{base}-{number}" for number in range(2, 100))
    return next((one for one in numbered if one not in taken), f"{base}-{secrets.token_hex(4)}")


def erased_handle() -> str:
    """A handle that says nothing about whose it was."""
    return ERASED_PREFIX + secrets.token_hex(6)
