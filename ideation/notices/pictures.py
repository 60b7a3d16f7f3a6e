"""The one picture of a postcard: what the notice's link leads to, where that has one.

Notices know nothing of designs. Whoever owns a kind of page declares how its picture is found.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """A picture that mail programs show: JPEG or PNG, by its path within the instance."""

    path: str
    width: int
    height: int
    alt: str


Finder = Callable[[str], Picture | None]

_finders: dict[str, Finder] = {}


def found_under(folder: str) -> Callable[[Finder], Finder]:
    """Decorate what finds the picture for a name: the part of a path after ``/<folder>/``."""

    def register(finder: Finder) -> Finder:
        _finders[folder] = finder
        return finder

    return register


def find(link: str) -> Picture | None:
    """The picture for a notice that leads to this path."""
    _, folder, name, *_ = (*link.split("/"), "", "", "")
    finder = _finders.get(folder)
    return finder(name) if finder and name else None
