"""Telling a member something."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.accounts.models import Member, Standing
from ideation.core.db import db
from ideation.notices import postcards, preferences
from ideation.notices.kinds import Kind
from ideation.notices.models import Notice
from ideation.notices.ways import MAILED, Way


def tell(
    member_id: int,
    kind: Kind,
    *,
    at: datetime,
    params: dict[str, Any] | None = None,
    link: str = "",
    key: str | None = None,
) -> str:
    """Tell the member, in the open transaction, the way they chose; once for each ``key``.

    ``params`` is JSON: plain strings and numbers that the kind's words are made from; a member is
    in it as ``about``, see ``naming``. ``link`` is a path within the instance. Returns the address
    that a mail was written to; empty where none was, or where the next digest may tell it.
    """
    member = db.session.get(Member, member_id)
    if member is None or member.standing is Standing.ERASED:
        return ""
    if key is not None and db.session.scalar(select(Notice.id).where(Notice.key == key)):
        return ""
    way = preferences.way_of(member_id, kind)
    if way in MAILED and not (member.email and member.email_confirmed_at):
        way = Way.HERE
    notice = Notice(
        member_id=member_id,
        kind=kind.name,
        params=params or {},
        link=link,
        key=key,
        way=way,
        created_at=at,
        read_at=at if way is Way.NONE else None,
        mailed_at=at if way is Way.MAIL else None,
    )
    db.session.add(notice)
    db.session.flush()
    return postcards.send(member, notice, at=at).to if way is Way.MAIL else ""
