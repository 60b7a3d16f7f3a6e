"""One-time links, and the six-digit codes that go with them.

A link is looked at by GET and used by POST, since mail programs open links before people do. The
code is derived from the link's hash and the instance's key, so that the database alone does not
give it away; five wrong guesses end it, the link stays good.
"""

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, func, select, update

from ideation.accounts.models import Token, TokenPurpose
from ideation.core import ids, keyed
from ideation.core.db import db
from ideation.core.errors import Conflict, NotFound, TooMany
from ideation.core.i18n import lazy

GUESSES = 5
LIFETIMES = {
    TokenPurpose.CONFIRM: timedelta(days=1),
    TokenPurpose.CHANGE_EMAIL: timedelta(days=1),
    TokenPurpose.RESET: timedelta(hours=1),
    TokenPurpose.SETUP: timedelta(days=7),
    TokenPurpose.INVITE: timedelta(days=14),
}
#: Five codes an hour with five guesses each leave one chance in 40,000 an hour.
MOST_AN_HOUR = 5


def issue(
    purpose: TokenPurpose,
    *,
    at: datetime,
    member_id: int | None = None,
    payload: dict[str, Any] | None = None,
) -> tuple[Token, str]:
    """A fresh link's row and its secret, which is stored nowhere; older ones of its kind end.

    Raises TooMany after five for one member within an hour.
    """
    if member_id is not None and is_too_often(purpose, member_id, at=at):
        raise TooMany(
            lazy("That is enough for one hour. Look in your mail, or try again later."),
            retry_after=3600,
        )
    end_all(member_id, {purpose}, at=at)
    secret = ids.token()
    token = Token(
        purpose=purpose,
        token_hash=_hash(secret),
        member_id=member_id,
        payload=payload or {},
        created_at=at,
        expires_at=at + LIFETIMES[purpose],
    )
    db.session.add(token)
    db.session.flush()
    return token, secret


def get_live(secret: str, purposes: Collection[TokenPurpose], *, at: datetime) -> Token:
    """The link of a secret, not yet used; looking does not use it. Raises NotFound."""
    token = db.session.scalar(
        select(Token).where(
            Token.token_hash == _hash(secret),
            Token.purpose.in_(purposes),
            Token.used_at.is_(None),
            Token.expires_at > at,
        )
    )
    if token is None:
        raise NotFound(lazy("This link has been used or is too old. Ask for a new one."))
    return token


def find_latest(member_id: int, purpose: TokenPurpose, *, at: datetime) -> Token | None:
    """The member's open link of this kind, where there is one."""
    return db.session.scalar(
        select(Token)
        .where(
            Token.member_id == member_id,
            Token.purpose == purpose,
            Token.used_at.is_(None),
            Token.expires_at > at,
        )
        .order_by(Token.id.desc())
        .limit(1)
    )


def use(token: Token, *, at: datetime) -> None:
    """Use the link up; of two at once, one. Raises Conflict for the other."""
    used = _execute(
        update(Token).where(Token.id == token.id, Token.used_at.is_(None)).values(used_at=at)
    )
    if used.rowcount != 1:
        raise Conflict(lazy("This link has been used. Ask for a new one."))


def guess(token: Token, typed: str, *, at: datetime) -> bool:
    """Whether ``typed`` is the link's code. Every call counts, also many at the same moment.

    Returns rather than raises when wrong, because the count must be committed.
    """
    counted = _execute(
        update(Token)
        .where(
            Token.id == token.id,
            Token.guesses < GUESSES,
            Token.used_at.is_(None),
            Token.expires_at > at,
        )
        .values(guesses=Token.guesses + 1)
    )
    if counted.rowcount != 1:
        return False
    digits = "".join(typed.split())
    return hmac.compare_digest(digits.encode(), code_of(token).encode())


def may_guess(token: Token) -> bool:
    """Whether guesses are left."""
    return token.guesses < GUESSES


def code_of(token: Token) -> str:
    """Six digits that say the same as the link."""
    digest = keyed.digest("code", token.token_hash)
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def is_too_often(purpose: TokenPurpose, member_id: int, *, at: datetime) -> bool:
    """Whether the member has had all the links of this kind that an hour holds."""
    recent = db.session.scalar(
        select(func.count()).where(
            Token.member_id == member_id,
            Token.purpose == purpose,
            Token.created_at > at - timedelta(hours=1),
        )
    )
    return (recent or 0) >= MOST_AN_HOUR


def end_all(member_id: int | None, purposes: Collection[TokenPurpose], *, at: datetime) -> None:
    """End every open link of these kinds: the member's, or those that belong to nobody."""
    owner = Token.member_id == member_id if member_id else Token.member_id.is_(None)
    db.session.execute(
        update(Token)
        .where(owner, Token.purpose.in_(purposes), Token.used_at.is_(None))
        .values(used_at=at)
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _execute(statement: Any) -> CursorResult[Any]:
    result = db.session.execute(statement)
    assert isinstance(result, CursorResult)
    return result
