"""A provider's letter, from the bytes that came in to what came of them."""

from collections.abc import Mapping
from datetime import datetime

from ideation.payments import hearing
from ideation.payments.hearing import Outcome
from ideation.payments.providers import in_force


def receive(
    provider_name: str, headers: Mapping[str, str], body: bytes, *, at: datetime
) -> Outcome:
    """Check who signed the letter, keep it once, apply it; in the open transaction.

    Raises NotFound for a provider that we do not have, and Forged, Stale or Unreadable, after
    which nothing is kept.
    """
    told = in_force.get(provider_name).read_event(headers, body, at=at)
    return hearing.hear(provider_name, told, at=at)
