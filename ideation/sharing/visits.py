"""Who came by whose link: counted, by the day, without a word about who it was.

A visit counts once a browser, when it is the first that ever brought it here.
"""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.accounts.models import Member
from ideation.contests.phases import shows_results
from ideation.core.db import db, is_postgresql
from ideation.sharing.models import Kind, ShareVisit
from ideation.submissions.models import Submission


def count(member: Member, kind: Kind, subject_id: int, *, at: datetime) -> None:
    """One more first visit by the member's link."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    key = [ShareVisit.member_id, ShareVisit.kind, ShareVisit.subject_id, ShareVisit.on]
    db.session.execute(
        insert(ShareVisit)
        .values(member_id=member.id, kind=kind, subject_id=subject_id, on=at.date(), visits=1)
        .on_conflict_do_update(index_elements=key, set_={"visits": ShareVisit.visits + 1})
    )


def total(member: Member, kind: Kind, subject_id: int) -> int:
    """How many the member's link to it has brought."""
    query = select(func.sum(ShareVisit.visits)).where(
        ShareVisit.member_id == member.id,
        ShareVisit.kind == kind,
        ShareVisit.subject_id == subject_id,
    )
    return int(db.session.scalar(query) or 0)


def may_tell(subject: object, at: datetime) -> bool:
    """Whether the count may be shown: of a design it would tell how it is liked, so after close."""
    return not isinstance(subject, Submission) or shows_results(subject.contest, at)


def forget(member_id: int) -> None:
    """Drop what is kept of a member's links."""
    db.session.execute(delete(ShareVisit).where(ShareVisit.member_id == member_id))
