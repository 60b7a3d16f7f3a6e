"""How long we wait for a provider's word before we ask for it, and ask again."""

from datetime import datetime, timedelta

PATIENCE = timedelta(minutes=2)
#: Between two questions while a buyer looks at a page that waits for the answer.
PAUSE = timedelta(seconds=3)
#: A card that was not given by then never will be, and its page is not handed out again.
GIVEN_UP_AFTER = timedelta(days=1)
#: A question is asked again after a quarter of the time that it has been open, within these.
_LONGEST = timedelta(hours=6)


def first_question(at: datetime) -> datetime:
    """When to ask about something that the provider is told of now."""
    return at + PATIENCE


def next_question(since: datetime, at: datetime, awaited_since: datetime | None) -> datetime:
    """When to ask again about something open ``since`` then: less and less often.

    Where a buyer waits for the answer, a moment later.
    """
    if is_awaited(awaited_since, at):
        return at + PAUSE
    return at + min(max((at - since) / 4, PATIENCE), _LONGEST)


def is_awaited(since: datetime | None, at: datetime) -> bool:
    """Whether a buyer who came back ``since`` then is still kept waiting for the answer."""
    return since is not None and at < since + PATIENCE
