"""The tie seed: settled before anybody enters, so that nobody can choose how ties fall.

Its SHA-256 is public from the contest's first day, the seed itself only once scoring is over;
anyone can then check that the one is the hash of the other (SHA-256 over the raw 32 bytes).
"""

import hashlib
import secrets
from datetime import datetime

from ideation.contests.models import Contest

SEED_BYTES = 32


def fresh_seed() -> bytes:
    """A secret seed of 256 bits."""
    return secrets.token_bytes(SEED_BYTES)


def commit_to(seed: bytes) -> str:
    """The hex digest that is published in the seed's place."""
    return hashlib.sha256(seed).hexdigest()


def revealed_seed(contest: Contest, at: datetime) -> str | None:
    """The tie seed in hex, once no vote can change any more; None before."""
    is_closed = contest.closed_at is not None and contest.closed_at <= at
    return contest.tie_seed.hex() if is_closed else None
