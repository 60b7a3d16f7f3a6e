"""People with passwords, as they come through the door."""

from ideation.accounts import credentials, registration
from ideation.accounts.attribution import Touch
from ideation.accounts.models import Member
from ideation.core import clock
from ideation.core.db import db, transaction

PASSWORD = "seven quiet otters"


def newcomer(
    name: str, password: str = PASSWORD, touch: Touch | None = None
) -> registration.Newcomer:
    """Somebody at the door; their address is made from their name."""
    return registration.Newcomer(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@example.org",
        password_hash=credentials.hashed(password),
        language="en",
        zone="Europe/Lisbon",
        touch=touch,
    )


def joined(name: str = "Ada Lind", *, password: str = PASSWORD, confirmed: bool = True) -> Member:
    """A member who joined by the rules, with a password, committed."""
    with transaction():
        member = registration.join(newcomer(name, password), at=clock.now())
        if confirmed:
            member.email_confirmed_at = clock.now()
    db.session.refresh(member)
    return member
