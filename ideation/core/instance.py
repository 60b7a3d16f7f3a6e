"""Facts about this instance that are not settings: whether it is a demo, whether it is set up."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, db, lock_row


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
IDENTITY = "identity"  # name, logo and colours, as ``core.identity`` reads them

#: What every page asks for, and where a session keeps the answer.
_ON_EVERY_PAGE = (DEMO, DEMO_WHOLE, IDENTITY)
_KNOWN = "ideation_known_facts"


def find(name: str) -> str | None:
    """The fact's value, or None where it is not true."""
    fact = db.session.get(InstanceFact, name)
    return fact.value if fact else None


def find_many(names: Collection[str]) -> dict[str, str]:
    """The batch twin of ``find``: those of the facts that are true, with their values."""
    query = select(InstanceFact.name, InstanceFact.value).where(InstanceFact.name.in_(names))
    return {row.name: row.value for row in db.session.execute(query)}


def known(name: str) -> str | None:
    """As ``find``, of a fact that every page asks for: all of those in one query.

    Kept for as long as the database transaction that read them, so never older than its rows.
    """
    session = db.session()
    read_in, facts = session.info.get(_KNOWN, (None, {}))
    if read_in is None or read_in is not session.get_transaction():
        facts = find_many(_ON_EVERY_PAGE)
        session.info[_KNOWN] = (session.get_transaction(), facts)
    value: str | None = facts.get(name)
    return value


def lock(name: str) -> None:
    """Hold the fact until the open transaction ends, and read it anew from here on."""
    db.session.execute(lock_row(select(InstanceFact.at).where(InstanceFact.name == name)))
    db.session().info.pop(_KNOWN, None)


def establish(name: str, at: datetime, value: str = "") -> None:
    """Make a fact true (or change its value), in the open transaction."""
    fact = db.session.get(InstanceFact, name)
    if fact is None:
        db.session.add(InstanceFact(name=name, value=value, at=at))
    else:
        fact.value = value
        fact.at = at
    db.session.flush()
    db.session().info.pop(_KNOWN, None)
