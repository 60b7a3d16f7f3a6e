"""Tables about submissions."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core.db import Model, key_column


class State(enum.StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    #: Taken out of a result that stood; see ``selection.disqualifying``.
    DISQUALIFIED = "disqualified"


class Submission(Model):
    """A design proposed in a contest."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index(None, "contest_id", "state"),
        Index(None, "contest_id", "updated_at"),
        Index(None, "contest_id", "decided_at"),
        Index(None, "member_id", "created_at"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    title: Mapped[str] = mapped_column(default="")
    story: Mapped[str] = mapped_column(default="")
    tags: Mapped[list[str]] = mapped_column(default=list)
    #: Key of a colour of the contest's article.
    colour: Mapped[str] = mapped_column(default="")
    #: Where the art stands in the article's print area, in thousandths of it: ``{"x": centre,
    #: "y": upper edge, "width": width}``; empty for the article's usual place.
    placement: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: Where material that is not the designer's own comes from, with its licence.
    sources: Mapped[str] = mapped_column(default="")
    declared_original_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    #: When it became part of its contest, or was declined.
    decided_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    #: The contest it was first submitted to, where it moved to a later edition.
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"))
    #: When its designer was asked to let it move: approved after its own contest's deadline
    #: (``submitted`` with ``decided_at``); cleared by their answer.
    move_asked_at: Mapped[datetime | None]

    contest: Mapped[Contest] = relationship(foreign_keys=[contest_id])
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    artworks: Mapped[list["Artwork"]] = relationship(
        back_populates="submission",
        lazy="selectin",
        cascade="all, delete-orphan",
        order_by="Artwork.position",
    )
    designers: Mapped[list["Designer"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Designer.position"
    )


class Designer(Model):
    """A member's share in a submission, in basis points; a submission's shares sum to 10,000."""

    __tablename__ = "designers"
    __table_args__ = (CheckConstraint("share_bp > 0 AND share_bp <= 10000", name="share"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    position: Mapped[int]
    share_bp: Mapped[int]
    #: When a co-designer agreed to be named; the submitting member's own is the submission.
    agreed_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class ArtworkState(enum.StrEnum):
    """What the worker made of an uploaded file."""

    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Artwork(Model):
    """An uploaded picture. The original stays private; its renditions are what people see."""

    __tablename__ = "artworks"
    __table_args__ = (Index(None, "submission_id", "position"),)

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    position: Mapped[int]
    state: Mapped[ArtworkState] = mapped_column(default=ArtworkState.PROCESSING)
    #: Code of ``core.images.inspect.Refusal``; empty unless failed.
    failure: Mapped[str] = mapped_column(default="")
    alt_text: Mapped[str] = mapped_column(default="")
    original_key: Mapped[str]
    content_type: Mapped[str]
    byte_count: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    #: A few dozen pixels as a data URI, shown until the picture is there.
    placeholder: Mapped[str] = mapped_column(default="")
    #: ``#rrggbb``, the picture's dominant colour.
    colour: Mapped[str] = mapped_column(default="")
    has_alpha: Mapped[bool] = mapped_column(default=False)
    uploaded_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(back_populates="artworks")
    renditions: Mapped[list["Rendition"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan"
    )


class Rendition(Model):
    """A picture derived from an artwork: re-encoded, upright, in sRGB, without metadata."""

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("artwork_id", "kind", "format"),)

    id: Mapped[int] = key_column()
    artwork_id: Mapped[int] = mapped_column(ForeignKey("artworks.id"))
    #: ``small``, ``grid`` or ``large``.
    kind: Mapped[str]
    #: ``webp``; the small one's lighter ``avif``; the others' fallback, ``jpeg`` or ``png``.
    format: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    byte_count: Mapped[int]
    sha256: Mapped[str]
