"""The article and its prices."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideation.core.db import Model, key_column


class Article(Model):
    """A thing to print on."""

    __tablename__ = "articles"

    id: Mapped[int] = key_column()
    slug: Mapped[str] = mapped_column(unique=True)
    #: Language tag → name.
    names: Mapped[dict[str, str]]
    #: In the order a shop shows them; one entry for what comes in one size.
    sizes: Mapped[list[str]]
    #: ``{"key": "black", "hex": "#1B1A17", "names": {language: name}}``, in order.
    colours: Mapped[list[Any]]
    #: ``{"width_mm": 300, "height_mm": 400}``.
    print_area: Mapped[dict[str, Any]]
    is_active: Mapped[bool] = mapped_column(default=True)

    prices: Mapped[list["ArticlePrice"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ArticlePrice.currency"
    )


class ArticlePrice(Model):
    """What one piece costs, from, in one currency."""

    __tablename__ = "article_prices"
    __table_args__ = (CheckConstraint("price_minor > 0", name="positive"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    price_minor: Mapped[int]
