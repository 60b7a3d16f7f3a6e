"""Telling a member something."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideation.accounts.models import Member, Standing
from ideation.core import config, i18n
from ideation.core.db import db
from ideation.core.mail import compose
from ideation.notices import naming
from ideation.notices.kinds import Kind
from ideation.notices.models import Notice, NoticePreference


def tell(
    member_id: int,
    kind: Kind,
    *,
    at: datetime,
    params: dict[str, Any] | None = None,
    link: str = "",
    key: str | None = None,
) -> str:
    """Tell the member, in the open transaction, by the ways they chose; once for each ``key``.

    ``params`` is JSON: plain strings and numbers that the kind's words are made from; a member is
    in it as ``about``, see ``naming``. ``link`` is a path within the instance. Returns the address
    that a mail was written to; empty where none was.
    """
    member = db.session.get(Member, member_id)
    if member is None or member.standing is Standing.ERASED:
        return ""
    if key is not None and db.session.scalar(select(Notice.id).where(Notice.key == key)):
        return ""
    params = params or {}
    in_app, by_mail = choice(member_id, kind)
    db.session.add(
        Notice(
            member_id=member_id,
            kind=kind.name,
            params=params,
            link=link,
            key=key,
            created_at=at,
            read_at=None if in_app else at,
        )
    )
    db.session.flush()
    if not (by_mail and member.email and member.email_confirmed_at):
        return ""
    with i18n.speaking(member.language, member.zone):
        (said,) = naming.named([params])
        title, text = str(kind.title(said)), str(kind.text(said))
        action = str(kind.action)
    compose.send(
        "notice",
        compose.Reader(member.email, member.language, member.zone),
        at=at,
        title=title,
        body=text,
        action=action,
        url=f"{config.current().base_url}{link}",
        preferences_url=f"{config.current().base_url}/settings/notices",
        name=member.name,
    )
    return member.email


def choice(member_id: int, kind: Kind) -> tuple[bool, bool]:
    """(in the product, by mail): the member's own choice, else the kind's default."""
    preference = db.session.get(NoticePreference, (member_id, kind.name))
    if preference is None:
        return True, kind.by_mail
    return preference.in_app, preference.by_mail
