"""Signed letters: ``t=1700000000,v1=5257a8…``, an HMAC-SHA256 over the time, a dot and the bytes.

The time is signed as well, so that a letter that somebody caught cannot be sent again later.
Several ``v1`` may stand side by side while a secret is being changed.
"""

import hmac
from datetime import UTC, datetime, timedelta

from ideation.core.i18n import lazy
from ideation.payments.providers.base import Forged, Stale

TOLERANCE = timedelta(minutes=5)
_LONGEST_HEADER = 1000


def sign(secret: bytes, body: bytes, at: datetime) -> str:
    """The header's value for a letter that is sent now."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_mac(secret, seconds, body)}"


def check(secret: bytes, header: str, body: bytes, at: datetime) -> datetime:
    """When the letter was signed. Raises Forged, or Stale beyond five minutes either way."""
    parts = [part.strip().partition("=") for part in header[:_LONGEST_HEADER].split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or len(times[0]) > 12:
        raise Forged(lazy("This letter is not signed."))
    seconds = int(times[0])
    right = _mac(secret, seconds, body).encode()
    given = [value.encode() for name, _, value in parts if name == "v1"]
    if not any(hmac.compare_digest(right, value) for value in given):
        raise Forged(lazy("This letter is not from the payment provider."))
    if abs(at.timestamp() - seconds) > TOLERANCE.total_seconds():
        raise Stale(lazy("This letter is too old."))
    return datetime.fromtimestamp(seconds, UTC)


def _mac(secret: bytes, seconds: int, body: bytes) -> str:
    return hmac.digest(secret, f"{seconds}.".encode() + body, "sha256").hex()
