"""Where the command palette leads: pages and things to do, declared by the surfaces that have them.

An entry that changes something leads to the page where it is done: the palette never acts itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ideation.accounts.grants import Permission
from ideation.core.errors import Words
from ideation.http.guards import Who
from ideation.http.session import current_member, may


@dataclass(frozen=True)
class Destination:
    """A page, or what one does there (``is_action``), and who may."""

    label: Words
    endpoint: str
    icon: str = "arrow-right"
    needs: Who | Permission = Who.ANYONE
    is_action: bool = False
    #: Which part of the site it belongs to, where that does not show by itself.
    place: Words = ""
    #: Other words that people look for it by.
    also: tuple[Words, ...] = field(default=())


_all: list[Destination] = []


def declare(*destinations: Destination) -> None:
    """Add a surface's own."""
    _all.extend(destinations)


def for_viewer() -> Iterable[Destination]:
    """Those that the viewer may go to."""
    return (one for one in _all if _may(one.needs))


def _may(needs: Who | Permission) -> bool:
    if isinstance(needs, Permission):
        return may(needs)
    return needs is Who.ANYONE or current_member() is not None
