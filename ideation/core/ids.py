"""Identifiers that may be shown: random, short, without look-alikes."""

import secrets

#: Crockford's base 32 in lower case: no i, l, o, u.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def public_id(length: int = 10) -> str:
    """A random id for a URL: 50 bits at the default length; a unique index catches the rest."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def token() -> str:
    """A secret of 256 bits for links and sessions; only its hash is stored."""
    return secrets.token_urlsafe(32)
