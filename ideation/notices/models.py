"""Notices and the one table of preferences."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, key_column


class Notice(Model):
    """Something a member was told. Its words are made when shown, in the language of then."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "member_id", "read_at"), Index(None, "member_id", "id"))

    id: Mapped[int] = key_column()
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    #: Path within the instance to where the member can act.
    link: Mapped[str] = mapped_column(default="")
    #: The same key is told once, however often a job runs.
    key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class NoticePreference(Model):
    """A member's choice for one kind, where it differs from the kind's default."""

    __tablename__ = "notice_preferences"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    in_app: Mapped[bool]
    by_mail: Mapped[bool]
