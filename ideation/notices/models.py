"""Notices, the one table of preferences, and when each member's last digest was written."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, and_, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, key_column
from ideation.notices.ways import Way

_FOR_A_DIGEST = "way = 'digest' AND mailed_at IS NULL AND read_at IS NULL"


class Notice(Model):
    """Something a member was told. Its words are made when shown, in the language of then."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(None, "member_id", "read_at"),
        Index(None, "member_id", "id"),
        Index(
            "ix_notices_for_a_digest",
            "member_id",
            sqlite_where=text(_FOR_A_DIGEST),
            postgresql_where=text(_FOR_A_DIGEST),
        ),
    )

    id: Mapped[int] = key_column()
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    #: Path within the instance to where the member can act.
    link: Mapped[str] = mapped_column(default="")
    #: The same key is told once, however often a job runs.
    key: Mapped[str | None] = mapped_column(unique=True)
    #: How it is told: settled when it happens, by the choice of then.
    way: Mapped[Way] = mapped_column(server_default=Way.HERE.value)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    #: When a mail with it was written: at once, or by the digest that took it.
    mailed_at: Mapped[datetime | None]


#: It waits for a digest. The word stands in the statement, as it does in the index's condition:
#: of a parameter a planner cannot tell that it fits.
WAITS_FOR_A_DIGEST = and_(
    Notice.way == literal_column("'digest'"),
    Notice.mailed_at.is_(None),
    Notice.read_at.is_(None),
)


class NoticePreference(Model):
    """A member's choice for one kind, where it differs from the kind's default."""

    __tablename__ = "notice_preferences"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[Way]


class Digest(Model):
    """When a member's last digest was written; whoever moves it on writes the next."""

    __tablename__ = "digests"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    written_at: Mapped[datetime]
