"""Letters that the sandbox owes the house: how they are worded, and when they go."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from ideation.core import ids, jobs
from ideation.core.db import db
from ideation.payments.providers.base import Kind, Told
from ideation.payments.providers.sandbox.models import SandboxDelivery

#: Real providers take a moment, and whoever builds on this should notice.
DELAY = timedelta(seconds=1)
#: How often a letter is brought before it is given up: over about five hours.
MOST_TRIES = 10
DELIVER = jobs.declare("sandbox.deliver", queue="urgent", attempts=MOST_TRIES + 5)


@dataclass(frozen=True)
class News:
    """What happened in the sandbox's books."""

    kind: Kind
    key: str
    provider_reference: str = ""
    failure: str = ""
    action_url: str = ""
    brand: str = ""
    last4: str = ""
    amount_minor: int | None = None
    currency: str = ""

    def written(self, at: datetime) -> dict[str, Any]:
        """As it stands in a letter, without the letter's id."""
        return {**asdict(self), "happened_at": at.isoformat()}


def owe(news: News, at: datetime) -> None:
    """Write the letter down, in the open transaction; a worker brings it a moment later."""
    event_id = f"evt_{ids.public_id(20)}"
    letter = {"id": event_id, **news.written(at)}
    delivery = SandboxDelivery(
        event_id=event_id,
        kind=news.kind,
        subject=f"{news.kind.thing}:{news.key}",
        body=json.dumps(letter, separators=(",", ":")),
        created_at=at,
        due_at=at + DELAY,
    )
    db.session.add(delivery)
    db.session.flush()
    jobs.enqueue(
        DELIVER,
        at=at,
        due_at=delivery.due_at,
        key=f"sandbox.deliver:{event_id}",
        delivery_id=delivery.id,
    )


def read(letter: dict[str, Any]) -> Told:
    """A letter in the house's words. Raises KeyError, TypeError or ValueError for nonsense."""
    values = dict(letter)
    told = Told(
        event_id=_line(values.pop("id")),
        kind=Kind(values.pop("kind")),
        key=_line(values.pop("key")),
        happened_at=datetime.fromisoformat(values.pop("happened_at")),
        amount_minor=values.pop("amount_minor"),
        body=letter,
        **{name: str(value) for name, value in values.items()},
    )
    if told.happened_at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return told


def _line(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise ValueError("a short text")
    return value
