"""How long we wait for a provider's word before we ask for it, and ask again."""

from datetime import datetime, timedelta

PATIENCE = timedelta(minutes=2)
#: A question is asked again after a quarter of the time that it has been open, within these.
_LONGEST = timedelta(hours=6)


def first_question(at: datetime) -> datetime:
    """When to ask about something that the provider is told of now."""
    return at + PATIENCE


def next_question(since: datetime, at: datetime) -> datetime:
    """When to ask again about something open ``since`` then: less and less often."""
    return at + min(max((at - since) / 4, PATIENCE), _LONGEST)
