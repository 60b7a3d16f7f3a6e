"""Kinds of notices: each domain declares its own, with its words and its defaults."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.notices.ways import Way


class Topic(enum.StrEnum):
    """What a kind is about: members filter and choose by it. In the order they are shown in."""

    DESIGNS = "designs"
    WINNING = "winning"
    MONEY = "money"
    VOTING = "voting"
    BUYING = "buying"
    TEAM = "team"


TOPICS: Mapping[Topic, Words] = {
    Topic.DESIGNS: lazy("My designs"),
    Topic.WINNING: lazy("Results and agreements"),
    Topic.MONEY: lazy("Money and claims"),
    Topic.VOTING: lazy("My votes"),
    Topic.BUYING: lazy("Designs I'd buy"),
    Topic.TEAM: lazy("My work here"),
}

#: Why a kind is nobody's to switch off.
ABOUT_MONEY = lazy("It is about money of yours, so it always comes by mail.")
ABOUT_RIGHTS = lazy("It asks for your answer by a date, so it always comes by mail.")
HAS_A_LETTER = lazy("It keeps your money safe, so a letter of its own always comes too.")


@dataclass(frozen=True)
class Kind:
    """One kind: what members choose by, and how its words are made from a notice's params.

    ``title`` and ``text`` are called with the params when the notice is shown or mailed, in the
    reader's language; ``action`` is the label of the button that leads to the notice's link.
    ``whom`` says in English who is told, for the table in ``docs/notices.md``. ``way`` is how,
    until a member chooses; with ``always`` there is no choice, and it says why.
    """

    name: str
    label: Words
    title: Callable[[Mapping[str, Any]], Words]
    text: Callable[[Mapping[str, Any]], Words]
    action: Words
    topic: Topic
    whom: str
    way: Way = Way.MAIL
    always: Words | None = None


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Add a kind to the list that members choose from. Called at import."""
    _kinds[kind.name] = kind
    return kind


def get(name: str) -> Kind:
    """The kind of a name. Raises KeyError for one that was never declared."""
    return _kinds[name]


def find(name: str) -> Kind | None:
    """The kind of a name from outside."""
    return _kinds.get(name)


def all_kinds() -> list[Kind]:
    """Every kind, by topic, within one in the order of declaration."""
    order = list(Topic)
    return sorted(_kinds.values(), key=lambda kind: order.index(kind.topic))


def names_of(topic: Topic) -> list[str]:
    """The names of a topic's kinds."""
    return [kind.name for kind in _kinds.values() if kind.topic is topic]
