"""Tables about contests."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.articles.models import Article
from ideation.core import guards
from ideation.core.db import Model, key_column


class Format(enum.StrEnum):
    """How a contest finds what is best; decides which windows it has (``formats.py``)."""

    DEALT = "dealt"
    OPEN = "open"
    JURY = "jury"
    SUPPORTED = "supported"


class PickRule(enum.StrEnum):
    """Who chooses the winners, declared before entry."""

    VOTES = "votes"
    HYBRID = "hybrid"
    EDITORS = "editors"


class Series(Model):
    """A weekly template. Times are wall time in the series' own zone."""

    __tablename__ = "series"

    id: Mapped[int] = key_column()
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    zone: Mapped[str]
    #: 0 is Monday.
    weekday: Mapped[int]
    #: Minutes after midnight at which entries open.
    minute_of_day: Mapped[int]
    entry_days: Mapped[int]
    scoring_days: Mapped[int]
    decision_days: Mapped[int]
    #: What its editions are, and the quorum of their juries; None without one.
    format: Mapped[Format] = mapped_column(default=Format.DEALT, server_default="dealt")
    quorum: Mapped[int | None]
    winners: Mapped[int] = mapped_column(default=6)
    pick_rule: Mapped[PickRule] = mapped_column(default=PickRule.HYBRID)
    #: Royalty in basis points of net receipts.
    rate_bp: Mapped[int] = mapped_column(default=1000)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    starts_on: Mapped[date]
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Briefs for the editions to come, taken in order; each is language → title, brief.
    themes: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]

    texts: Mapped[list["SeriesText"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    prizes: Mapped[list["SeriesPrize"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="SeriesPrize.currency"
    )


class SeriesText(Model):
    """Name, brief and rules of a series in one language."""

    __tablename__ = "series_texts"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    brief: Mapped[str]
    rules: Mapped[str]


class SeriesPrize(Model):
    """What each winner of an edition gets, in one currency."""

    __tablename__ = "series_prizes"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    cash_minor: Mapped[int]
    credit_minor: Mapped[int] = mapped_column(default=0)


class Contest(Model):
    """One edition of a series, or a contest of its own."""

    __tablename__ = "contests"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        CheckConstraint("winners >= 1", name="some_winners"),
        Index(None, "scoring_closes_at"),
    )

    id: Mapped[int] = key_column()
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    #: The ISO week in which an edition's scoring opens, set huge on its page; None if single.
    week: Mapped[int | None]
    #: Counts the editions of a series from 1.
    number: Mapped[int | None]
    format: Mapped[Format] = mapped_column(default=Format.DEALT)
    #: Windows, half open. Which of them a contest has is its format's to say.
    entry_opens_at: Mapped[datetime | None]
    entry_closes_at: Mapped[datetime | None]
    scoring_opens_at: Mapped[datetime | None]
    scoring_closes_at: Mapped[datetime | None]
    decision_due_at: Mapped[datetime | None]
    #: The zone its dates were set in, shown beside the viewer's.
    zone: Mapped[str]
    winners: Mapped[int]
    #: Jurors that each design needs before the jury may be closed; None without a jury.
    quorum: Mapped[int | None]
    pick_rule: Mapped[PickRule]
    rate_bp: Mapped[int]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    #: The version of brief and rules that stands; frozen when entries open.
    brief_version: Mapped[int] = mapped_column(default=1)
    briefs_frozen_at: Mapped[datetime | None]
    #: Secret until close; its SHA-256 is public from the start.
    tie_seed: Mapped[bytes]
    tie_seed_hash: Mapped[str]
    #: Secret: deals the ballots.
    deal_seed: Mapped[bytes]
    #: When the beginning of scoring was told to the rooms above: once, however often cron ticks.
    scoring_begun_at: Mapped[datetime | None]
    #: Set under the exclusive lock when scoring ends: no vote is accepted after it.
    closed_at: Mapped[datetime | None]
    #: When tally number 1 was frozen.
    tallied_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    #: False while the demo is still filling a past edition: cron and pages pass it by.
    is_whole: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    article: Mapped[Article] = relationship(lazy="joined", innerjoin=True)
    series: Mapped[Series | None] = relationship(lazy="select")
    prizes: Mapped[list["ContestPrize"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ContestPrize.currency"
    )
    briefs: Mapped[list["Brief"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Brief.version"
    )


class Brief(Model):
    """Title, brief and rules of a contest, in one version and language."""

    __tablename__ = "briefs"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    brief: Mapped[str]
    rules: Mapped[str]
    written_at: Mapped[datetime]


class ContestPrize(Model):
    """What each winner gets, in one currency."""

    __tablename__ = "contest_prizes"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    cash_minor: Mapped[int]
    credit_minor: Mapped[int] = mapped_column(default=0)


class ContestChange(Model):
    """A change after opening, with its reason; shown on the contest's page."""

    __tablename__ = "contest_changes"

    id: Mapped[int] = key_column()
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    member_id: Mapped[int | None]
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


guards.append_only("contest_changes")
