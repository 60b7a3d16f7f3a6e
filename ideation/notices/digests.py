"""One mail a day with what happened, in the member's own morning.

A notice that waits is taken by one digest or by none: taking it, writing the mail and moving the
member's day on are one transaction, in which a conditional upsert lets one of two workers go on.
What was read on the site before is left out, and where nothing is left there is no mail.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts.models import Member, Standing
from ideation.core import i18n, jobs
from ideation.core.db import db, is_postgresql
from ideation.core.mail.models import Mail
from ideation.notices import postcards
from ideation.notices.models import WAITS_FOR_A_DIGEST, Digest, Notice

WRITE = jobs.declare("notices.write_digests")

#: The hours of the member's day between which it is written; what missed them waits a day.
MORNING, NOON = 8, 12
#: However a member changes their zone, two digests are this far apart.
APART = timedelta(hours=12)


def due(at: datetime) -> list[int]:
    """Members whose morning it is and for whom something waits."""
    query = (
        select(Notice.member_id, Member.zone, func.min(Notice.created_at), Digest.written_at)
        .join(Member, Member.id == Notice.member_id)
        .outerjoin(Digest, Digest.member_id == Notice.member_id)
        .where(WAITS_FOR_A_DIGEST, Member.standing != Standing.ERASED)
        .group_by(Notice.member_id, Member.zone, Digest.written_at)
        .order_by(Notice.member_id)
    )
    return [
        member_id
        for member_id, zone, first_at, written_at in db.session.execute(query)
        if (began := morning_of(zone, at)) is not None
        and first_at < began
        and (written_at is None or written_at < _before(began, at))
    ]


def write(member_id: int, *, at: datetime) -> Mail | None:
    """Write the member's digest of this morning; None where it is written, or empty.

    It tells what happened before the morning began, so that every digest is of a day.
    """
    member = db.session.get(Member, member_id)
    if member is None or not (member.email and member.email_confirmed_at):
        return None
    began = morning_of(member.zone, at)
    if began is None or not _is_ours(member_id, began, at):
        return None
    taken = db.session.scalars(
        update(Notice)
        .where(Notice.member_id == member_id, WAITS_FOR_A_DIGEST, Notice.created_at < began)
        .values(mailed_at=at)
        .returning(Notice)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        return None  # read on the site meanwhile
    latest_first = sorted(taken, key=lambda one: (one.created_at, one.id), reverse=True)
    return postcards.send_digest(member, latest_first, at=at)


def morning_of(zone: str, at: datetime) -> datetime | None:
    """When the morning began that it is at ``at`` in the zone; None at any other time of day."""
    local = at.astimezone(i18n.zone_named(zone))
    if not MORNING <= local.hour < NOON:
        return None
    return local.replace(hour=MORNING, minute=0, second=0, microsecond=0).astimezone(UTC)


def _is_ours(member_id: int, began: datetime, at: datetime) -> bool:
    """Move the member's day on; of two workers one does."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    moved = db.session.scalar(
        insert(Digest)
        .values(member_id=member_id, written_at=at)
        .on_conflict_do_update(
            index_elements=[Digest.member_id],
            set_={"written_at": at},
            where=Digest.written_at < _before(began, at),
        )
        .returning(Digest.member_id)
    )
    return moved is not None


def _before(began: datetime, at: datetime) -> datetime:
    """The last digest must have been written before this."""
    return min(began, at - APART)
