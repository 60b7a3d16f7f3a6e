"""Members."""

import itertools
import secrets
from datetime import datetime, timedelta

from ideation.accounts.grants import Role
from ideation.accounts.models import Grant, Member, Standing
from ideation.core import clock
from ideation.core.db import db, transaction

_numbers = itertools.count(1)


def member(
    name: str = "",
    *,
    roles: tuple[Role, ...] = (),
    confirmed: bool = True,
    standing: Standing = Standing.ACTIVE,
    registered_at: datetime | None = None,
    **values: object,
) -> Member:
    """A member, committed; without a password, since tests sign in by ``Browser(member)``."""
    number = next(_numbers)
    name = name or f"Member {number}"
    at = registered_at or clock.now() - timedelta(days=30)
    handle = f"{name.lower().replace(' ', '-')}-{number}"
    with transaction():
        person = Member(
            handle=handle,
            name=name,
            email=f"{handle}@example.org",
            email_key=f"{handle}@example.org",
            standing=standing,
            suspended_at=at if standing is Standing.SUSPENDED else None,
            registered_at=at,
            email_confirmed_at=at if confirmed else None,
            pseudonym_secret=secrets.token_bytes(32),
            grants=[Grant(role=role, scope=0, granted_at=at) for role in roles],
            **values,
        )
        db.session.add(person)
    return person
