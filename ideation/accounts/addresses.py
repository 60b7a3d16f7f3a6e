"""Mail addresses: what one looks like, and that each belongs to one member."""

import re

from ideation.accounts import queries
from ideation.core.errors import Invalid
from ideation.core.i18n import lazy
from ideation.core.text import clean_line

LONGEST = 254
#: Loose on purpose: only a mail that arrives proves an address.
_SHAPE = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@.<>()\[\],;:\\\"]+(\.[^\s@.<>()\[\],;:\\\"]+)+"
)


def parse(typed: str) -> str:
    """An address as its owner writes it. Raises Invalid where it cannot be one."""
    email = clean_line(typed)
    if len(email) > LONGEST or not _SHAPE.fullmatch(email):
        raise Invalid(lazy("Write an address such as you@example.org."))
    return email


def refuse_taken(email: str) -> None:
    """Raise Invalid where the address is already somebody's.

    Joining with an address that is taken cannot look like joining, since who joins is signed in
    at once; how often one may ask is limited instead.
    """
    if queries.find_by_email(email) is not None:
        raise Invalid(
            fields={"email": lazy("This address has an account. Sign in, or reset its password.")}
        )
