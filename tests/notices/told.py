"""Notices to test with, of two kinds that leave a choice and one that leaves none."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.core.db import db, transaction
from ideation.core.mail.models import Mail
from ideation.notices import digests, preferences, telling
from ideation.notices.kinds import Kind
from ideation.notices.ways import Way
from ideation.royalties.notices import BOUNCED, PRIZE
from ideation.submissions.notices import DECLINED

__all__ = ["BOUNCED", "DECLINED", "PRIZE"]

_PARAMS: dict[str, dict[str, Any]] = {
    DECLINED.name: {"title": "Night Bus", "rule": "quality", "reason": "Too small to print."},
    PRIZE.name: {"minor": 50000, "currency": "EUR"},
    BOUNCED.name: {"minor": 12500, "currency": "EUR", "reason": "Account closed."},
}


def tell(member: Member, kind: Kind, *, at: datetime, key: str | None = None) -> str:
    """Tell the member something of the kind, committed."""
    with transaction():
        return telling.tell(
            member.id, kind, at=at, params=_PARAMS[kind.name], link="/my/earnings", key=key
        )


def choose(member: Member, way: Way, *kinds: Kind) -> None:
    """The member's choice for these kinds; for all where none is named."""
    with transaction():
        if kinds:
            preferences.choose(member.id, {kind.name: way for kind in kinds})
        else:
            preferences.choose_for_all(member.id, way)


def write_due(at: datetime) -> int:
    """What the job does: a digest for everyone who is due; returns how many were written."""
    written = 0
    for member_id in digests.due(at):
        with transaction():
            written += digests.write(member_id, at=at) is not None
    return written


def mails_to(member: Member) -> list[Mail]:
    """What was written to the member, the oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(Mail).where(Mail.to == member.email).order_by(Mail.id)))
