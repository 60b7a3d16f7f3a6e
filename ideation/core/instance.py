"""Facts about this instance that are not settings: whether it is a demo, whether it is set up."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, db


class InstanceFact(Model):
    """A named fact with the time it became true."""

    __tablename__ = "instance_facts"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


DEMO = "demo"
#: Where the addresses of the demo's people end; nobody can have one.
DEMO_DOMAIN = "demo.example"
DEMO_WHOLE = "demo_whole"  # filling it came to its end
NO_DEMO = "no_demo"  # a demo was removed, or setup was begun for real: never fill by itself


def find(name: str) -> str | None:
    """The fact's value, or None where it is not true."""
    fact = db.session.get(InstanceFact, name)
    return fact.value if fact else None


def find_many(names: Collection[str]) -> dict[str, str]:
    """The batch twin of ``find``: those of the facts that are true, with their values."""
    query = select(InstanceFact.name, InstanceFact.value).where(InstanceFact.name.in_(names))
    return {row.name: row.value for row in db.session.execute(query)}


def establish(name: str, at: datetime, value: str = "") -> None:
    """Make a fact true (or change its value), in the open transaction."""
    fact = db.session.get(InstanceFact, name)
    if fact is None:
        db.session.add(InstanceFact(name=name, value=value, at=at))
    else:
        fact.value = value
        fact.at = at
    db.session.flush()
