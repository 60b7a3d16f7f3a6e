"""What happened, told upwards.

A domain publishes a past-tense dataclass; rooms above it subscribe. Subscribers run at once, in
the publisher's transaction, in the order of subscription: either all of it happens or none.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")

_subscribers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(
    kind: type[Event],
) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Decorate a function that is to run whenever a ``kind`` is published."""

    def register(function: Callable[[Event], None]) -> Callable[[Event], None]:
        if function not in _subscribers[kind]:
            _subscribers[kind].append(function)
        return function

    return register


def publish(event: object) -> None:
    """Run every subscriber of the event's type."""
    for subscriber in _subscribers[type(event)]:
        subscriber(event)
