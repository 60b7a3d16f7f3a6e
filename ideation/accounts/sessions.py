"""Signed-in browsers: begun, listed, ended. Two weeks without a visit end one by itself."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts.models import DeviceUse, Member, SessionRow, Standing
from ideation.core import ids
from ideation.core.db import db, is_postgresql
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy

LIFETIME = timedelta(days=14)
#: ``seen_at`` is written this seldom, so that reading pages does not write.
SEEN_EVERY = timedelta(hours=1)


def begin(member: Member, *, at: datetime, user_agent: str, device: bytes) -> str:
    """Open a session for a member and return its secret token; only its hash is kept."""
    token = ids.token()
    db.session.add(
        SessionRow(
            token_hash=hashlib.sha256(token.encode()).digest(),
            member_id=member.id,
            user_agent=user_agent[:300],
            device=device,
            created_at=at,
            seen_at=at,
            expires_at=at + LIFETIME,
        )
    )
    _remember_device(member.id, device, at)
    db.session.flush()
    return token


def find_live(token_hash: bytes, at: datetime) -> SessionRow | None:
    """The session of a token, where it still lives and its member takes part."""
    row = db.session.scalar(
        select(SessionRow).where(
            SessionRow.token_hash == token_hash,
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > at,
        )
    )
    return row if row is not None and row.member.standing is Standing.ACTIVE else None


def get_by_token(token_hash: bytes) -> SessionRow:
    """The session row of a token's hash. Raises NotFound."""
    row = db.session.scalar(select(SessionRow).where(SessionRow.token_hash == token_hash))
    if row is None:
        raise NotFound(lazy("This session has ended. Sign in again."))
    return row


def is_stale(row: SessionRow, at: datetime) -> bool:
    """Whether ``touch`` is due."""
    return at - row.seen_at > SEEN_EVERY


def touch(session_id: int, at: datetime) -> None:
    """Note a visit and put the end off, where it still lives; of several at once, one writes."""
    db.session.execute(
        update(SessionRow)
        .where(
            SessionRow.id == session_id,
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > at,
            SessionRow.seen_at < at - SEEN_EVERY,
        )
        .values(seen_at=at, expires_at=at + LIFETIME)
    )


def list_live(member_id: int, at: datetime) -> list[SessionRow]:
    """The member's open sessions, last seen first."""
    query = (
        select(SessionRow)
        .where(
            SessionRow.member_id == member_id,
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > at,
        )
        .order_by(SessionRow.seen_at.desc())
    )
    return list(db.session.scalars(query))


def end(session_id: int, *, at: datetime) -> None:
    """Sign one browser out."""
    db.session.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_own(member_id: int, session_id: int, *, at: datetime) -> None:
    """Sign one of the member's own browsers out; another's session stays as it is."""
    db.session.execute(
        update(SessionRow)
        .where(
            SessionRow.id == session_id,
            SessionRow.member_id == member_id,
            SessionRow.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


def end_all(member_id: int, *, at: datetime, but: int | None = None) -> None:
    """Sign the member out everywhere, save the session ``but``."""
    query = update(SessionRow).where(
        SessionRow.member_id == member_id, SessionRow.ended_at.is_(None)
    )
    if but is not None:
        query = query.where(SessionRow.id != but)
    db.session.execute(query.values(ended_at=at))


def _remember_device(member_id: int, device: bytes, at: datetime) -> None:
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(
        insert(DeviceUse)
        .values(device=device, member_id=member_id, first_at=at, last_at=at)
        .on_conflict_do_update(index_elements=["device", "member_id"], set_={"last_at": at})
    )
