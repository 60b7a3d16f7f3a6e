"""What was changed about a contest after its opening: public, with the reason, for ever."""

from datetime import datetime

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest, ContestChange
from ideation.core.db import db
from ideation.core.errors import Words
from ideation.core.i18n import lazy

LEAST_REASON = 8
MOST_REASON = 500


def wrong_reason(reason: str) -> dict[str, Words]:
    """The field ``reason`` and what to do about it, where it says too little or too much."""
    if not LEAST_REASON <= len(reason.strip()) <= MOST_REASON:
        return {"reason": lazy("Say why, in a sentence: everybody can read it on the page.")}
    return {}


def record(
    actor: Member | None,
    contest: Contest,
    field: str,
    *,
    before: str,
    after: str,
    reason: str,
    at: datetime,
) -> None:
    """Append one change. Instants are written as ISO 8601."""
    db.session.add(
        ContestChange(
            contest_id=contest.id,
            member_id=actor.id if actor else None,
            field=field,
            before=before,
            after=after,
            reason=reason.strip(),
            at=at,
        )
    )
    db.session.flush()


def list_changes(contest_id: int) -> list[ContestChange]:
    """A contest's changes, the latest first."""
    query = (
        select(ContestChange)
        .where(ContestChange.contest_id == contest_id)
        .order_by(ContestChange.id.desc())
    )
    return list(db.session.scalars(query))


def instants(change: ContestChange) -> tuple[datetime | None, datetime | None]:
    """The dates before and after, where the change is about a date; else (None, None)."""
    if not change.field.endswith("_at"):
        return None, None
    return _instant(change.before), _instant(change.after)


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
