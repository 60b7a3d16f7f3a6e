"""Questions about notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from ideation.core.db import db
from ideation.core.errors import Words
from ideation.core.paging import Page, paginate
from ideation.notices import kinds, naming
from ideation.notices.kinds import Kind
from ideation.notices.models import Notice, NoticePreference


@dataclass(frozen=True)
class Told:
    """A notice in words, for a page."""

    title: Words
    text: Words
    action: Words
    link: str
    created_at: datetime
    is_unread: bool


def count_unread(member_id: int) -> int:
    """How many notices the member has not read."""
    query = select(func.count()).where(Notice.member_id == member_id, Notice.read_at.is_(None))
    return db.session.scalar(query) or 0


def list_for(member_id: int, page: int) -> Page[Notice]:
    """The member's notices, newest first."""
    query = (
        select(Notice)
        .where(Notice.member_id == member_id)
        .order_by(Notice.created_at.desc(), Notice.id.desc())
    )
    return paginate(query, page)


def in_words(notices: Sequence[Notice]) -> list[Told]:
    """The notices in the language in force, with the names of today."""
    said = naming.named([notice.params for notice in notices])
    return [_told(notice, params) for notice, params in zip(notices, said, strict=True)]


def _told(notice: Notice, params: Mapping[str, Any]) -> Told:
    kind = kinds.get(notice.kind)
    return Told(
        title=kind.title(params),
        text=kind.text(params),
        action=kind.action,
        link=notice.link,
        created_at=notice.created_at,
        is_unread=notice.read_at is None,
    )


def preferences(member_id: int) -> list[tuple[Kind, bool, bool]]:
    """Every kind with the member's choices: (kind, in the product, by mail)."""
    rows = db.session.scalars(
        select(NoticePreference).where(NoticePreference.member_id == member_id)
    )
    chosen: Mapping[str, NoticePreference] = {row.kind: row for row in rows}
    return [
        (kind, chosen[kind.name].in_app, chosen[kind.name].by_mail)
        if kind.name in chosen
        else (kind, True, kind.by_mail)
        for kind in kinds.all_kinds()
    ]


def mark_read(member_id: int, at: datetime) -> None:
    """The member has seen all there is."""
    db.session.execute(
        update(Notice)
        .where(Notice.member_id == member_id, Notice.read_at.is_(None))
        .values(read_at=at)
    )
