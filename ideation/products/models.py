"""Products, their variants and pictures, runs and what is left of each variant."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.articles.models import Article
from ideation.core.db import Model, key_column
from ideation.selection.models import Agreement
from ideation.submissions.models import Submission


class Product(Model):
    """A winner, printed on an article and for sale."""

    __tablename__ = "products"

    id: Mapped[int] = key_column()
    slug: Mapped[str] = mapped_column(unique=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    name: Mapped[str]
    #: What the shop says of it; empty where the designer's own story is enough.
    words: Mapped[str] = mapped_column(default="")
    #: Keys of the article's colours it comes in, the designer's choice first.
    colours: Mapped[list[str]]
    #: Where the art stands in the print area, as ``Submission.placement``, frozen.
    placement: Mapped[dict[str, Any]]
    #: Members whose votes counted in the tally that it won by.
    chosen_by: Mapped[int]
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    #: When its page became public; None while it is being prepared.
    published_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
    agreement: Mapped[Agreement] = relationship()
    article: Mapped[Article] = relationship(lazy="joined", innerjoin=True)
    prices: Mapped[list["ProductPrice"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ProductPrice.currency"
    )
    variants: Mapped[list["Variant"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Variant.position"
    )
    pictures: Mapped[list["ProductPicture"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ProductPicture.id"
    )
    runs: Mapped[list["Run"]] = relationship(back_populates="product", order_by="Run.number")


class ProductPrice(Model):
    """What one unit costs in one currency."""

    __tablename__ = "product_prices"
    __table_args__ = (CheckConstraint("price_minor > 0", name="positive"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    price_minor: Mapped[int]


class Variant(Model):
    """A product in one size and colour."""

    __tablename__ = "variants"
    __table_args__ = (UniqueConstraint("product_id", "size", "colour"),)

    id: Mapped[int] = key_column()
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    sku: Mapped[str] = mapped_column(unique=True)
    size: Mapped[str]
    #: Key of one of the article's colours.
    colour: Mapped[str]
    position: Mapped[int]


class ProductPicture(Model):
    """The art on the article, drawn by a worker; one a colour, width and format."""

    __tablename__ = "product_pictures"
    __table_args__ = (UniqueConstraint("product_id", "colour", "kind", "format"),)

    id: Mapped[int] = key_column()
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    colour: Mapped[str]
    #: ``grid`` or ``large``, as renditions.
    kind: Mapped[str]
    format: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    made_at: Mapped[datetime]


class RunState(enum.StrEnum):
    """Where a run stands. Before ``opens_at`` an open run is upcoming by the clock."""

    OPEN = "open"
    CHARGING = "charging"
    GO = "go"
    FAILED = "failed"


class Run(Model):
    """One sale of a product."""

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        CheckConstraint("goal >= 1", name="some_goal"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("ships_by >= ships_from", name="ship_window"),
        Index(None, "state", "closes_at"),
    )

    id: Mapped[int] = key_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    number: Mapped[int]
    state: Mapped[RunState] = mapped_column(default=RunState.OPEN)
    #: Units to be collected before anything is printed.
    goal: Mapped[int] = mapped_column(default=50)
    opens_at: Mapped[datetime]
    #: When the rooms above were told that it can be pre-ordered: once, however often cron ticks.
    opened_at: Mapped[datetime | None]
    #: Half open; moved once by an extension.
    closes_at: Mapped[datetime]
    #: Said beforehand: so many days more, once, if this share of the goal is pledged at the end.
    extension_days: Mapped[int] = mapped_column(default=7)
    extension_percent: Mapped[int] = mapped_column(default=80)
    extended_at: Mapped[datetime | None]
    ships_from: Mapped[date]
    ships_by: Mapped[date]
    #: When production starts at the latest: until then a buyer changes and cancels freely.
    locks_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    #: When buyers were told that their cards will be charged in 48 hours.
    warned_at: Mapped[datetime | None]
    charging_at: Mapped[datetime | None]
    #: When it became a go, or failed.
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    product: Mapped[Product] = relationship(back_populates="runs")
    stock: Mapped[list["RunVariant"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="RunVariant.variant_id"
    )


class RunVariant(Model):
    """What a run has of one variant. Units are counted here, changed only by ``stock.py``."""

    __tablename__ = "run_variants"
    __table_args__ = (
        CheckConstraint("cap IS NULL OR taken <= cap", name="never_oversold"),
        CheckConstraint("taken >= 0 AND pledged >= 0 AND collected >= 0", name="counts"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    #: The most that may be sold; None for no limit.
    cap: Mapped[int | None]
    #: Held by any order that has not given them back, paid or not.
    taken: Mapped[int] = mapped_column(default=0)
    #: Of orders whose card is saved (and paid ones): what counts towards the goal while open.
    pledged: Mapped[int] = mapped_column(default=0)
    #: Of orders that are paid.
    collected: Mapped[int] = mapped_column(default=0)

    variant: Mapped[Variant] = relationship(lazy="joined", innerjoin=True)
