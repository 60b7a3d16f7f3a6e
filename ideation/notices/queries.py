"""Questions about notices, and marking them as read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from ideation.core.db import db
from ideation.core.errors import NotFound, Words
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.notices import kinds, naming
from ideation.notices.kinds import Topic
from ideation.notices.models import Notice
from ideation.notices.ways import Way

#: The bell counts no further: what stands there is "99+".
COUNTED = 100


@dataclass(frozen=True)
class Told:
    """A notice in words, for a page."""

    id: int
    topic: Topic
    title: Words
    text: Words
    action: Words
    link: str
    created_at: datetime
    is_unread: bool


def count_unread(member_id: int) -> int:
    """How many notices the member has not read; no more than ``COUNTED`` are looked at."""
    unread = (
        select(Notice.id)
        .where(Notice.member_id == member_id, Notice.read_at.is_(None))
        .limit(COUNTED)
    )
    return db.session.scalar(select(func.count()).select_from(unread.subquery())) or 0


def list_for(
    member_id: int, page: int, *, only_unread: bool = False, topic: Topic | None = None
) -> Page[Notice]:
    """The member's notices, newest first: all, or those unread, or those of a topic."""
    query = _shown_to(member_id)
    if only_unread:
        query = query.where(Notice.read_at.is_(None))
    if topic is not None:
        query = query.where(Notice.kind.in_(kinds.names_of(topic)))
    return paginate(query.order_by(Notice.created_at.desc(), Notice.id.desc()), page)


def latest_of(member_id: int, limit: int) -> Sequence[Notice]:
    """The member's latest notices."""
    query = _shown_to(member_id).order_by(Notice.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def topics_of(member_id: int) -> list[Topic]:
    """What the member was ever told about."""
    query = _shown_to(member_id).with_only_columns(Notice.kind).distinct()
    found = {kind.topic for name in db.session.scalars(query) if (kind := kinds.find(name))}
    return [topic for topic in Topic if topic in found]


def in_words(notices: Sequence[Notice]) -> list[Told]:
    """The notices in the language in force, with the names of today."""
    said = naming.named([notice.params for notice in notices])
    return [_told(notice, params) for notice, params in zip(notices, said, strict=True)]


def mark_read(member_id: int, at: datetime, *, up_to: int) -> None:
    """The member has seen all up to this one; what came since stays unread."""
    db.session.execute(
        update(Notice)
        .where(Notice.member_id == member_id, Notice.id <= up_to, Notice.read_at.is_(None))
        .values(read_at=at)
    )


def open_one(member_id: int, notice_id: int, *, at: datetime) -> str:
    """The member reads this one; returns the path that it leads to. Raises NotFound."""
    notice = db.session.scalar(_shown_to(member_id).where(Notice.id == notice_id))
    if notice is None:
        raise NotFound(lazy("There is no such notice."))
    db.session.execute(
        update(Notice).where(Notice.id == notice_id, Notice.read_at.is_(None)).values(read_at=at)
    )
    return notice.link


def _shown_to(member_id: int) -> Select[Notice]:
    return select(Notice).where(Notice.member_id == member_id, Notice.way != Way.NONE)


def _told(notice: Notice, params: Mapping[str, Any]) -> Told:
    kind = kinds.get(notice.kind)
    return Told(
        id=notice.id,
        topic=kind.topic,
        title=kind.title(params),
        text=kind.text(params),
        action=kind.action,
        link=notice.link,
        created_at=notice.created_at,
        is_unread=notice.read_at is None,
    )
