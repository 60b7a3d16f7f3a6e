"""Kinds of notices: each domain declares its own, with its words and its defaults."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ideation.core.errors import Words


@dataclass(frozen=True)
class Kind:
    """One kind: what members choose by, and how its words are made from a notice's params.

    ``title`` and ``text`` are called with the params when the notice is shown or mailed, in the
    reader's language; ``action`` is the label of the button that leads to the notice's link.
    """

    name: str
    label: Words
    title: Callable[[Mapping[str, Any]], Words]
    text: Callable[[Mapping[str, Any]], Words]
    action: Words
    by_mail: bool = True


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Add a kind to the list that members choose from. Called at import."""
    _kinds[kind.name] = kind
    return kind


def get(name: str) -> Kind:
    """The kind of a name. Raises KeyError for one that was never declared."""
    return _kinds[name]


def all_kinds() -> list[Kind]:
    """Every kind, in the order of declaration."""
    return list(_kinds.values())
