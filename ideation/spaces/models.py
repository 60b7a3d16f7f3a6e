"""The space."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, key_column


class Space(Model):
    """A community of the instance."""

    __tablename__ = "spaces"

    id: Mapped[int] = key_column()
    slug: Mapped[str] = mapped_column(unique=True)
    #: Language tag → name.
    names: Mapped[dict[str, str]]
    created_at: Mapped[datetime]
