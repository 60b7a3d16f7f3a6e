"""Tables about sharing."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, key_column


class Kind(enum.StrEnum):
    """What has a card and can be shared by a tracked link."""

    CONTEST = "contest"
    DESIGN = "design"
    PRODUCT = "product"


class ShareCard(Model):
    """The picture that other sites show of a page, in one of the languages it is read in."""

    __tablename__ = "share_cards"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "language"),
        Index(None, "asked_at"),
    )

    id: Mapped[int] = key_column()
    kind: Mapped[Kind]
    subject_id: Mapped[int]
    language: Mapped[str]
    #: Where it is stored; empty where none could be drawn.
    key: Mapped[str] = mapped_column(index=True)
    drawn_at: Mapped[datetime]
    #: Since when it may show what is no longer so; None while it is as drawn.
    asked_at: Mapped[datetime | None]


class ShareVisit(Model):
    """How many came for the first time by a member's link to something, on a day."""

    __tablename__ = "share_visits"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    visits: Mapped[int]
