"""The keys of the deck: one for each act, a member's own choice, or none at all.

Single keys get in the way of who speaks to their computer or shakes (WCAG 2.2, 2.1.4): they can be
switched off and put on other keys. The choice is kept with the member, so it holds on every device.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ideation.accounts.models import Member
from ideation.core.db import db
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy
from ideation.voting.models import DeckKeys


class Act(enum.StrEnum):
    """What a key does."""

    STARS_1 = "stars-1"
    STARS_2 = "stars-2"
    STARS_3 = "stars-3"
    STARS_4 = "stars-4"
    STARS_5 = "stars-5"
    UNDO = "undo"
    SKIP = "skip"
    ZOOM = "zoom"
    BUY = "buy"
    HELP = "help"


DEFAULTS = dict(zip(Act, "12345uszb?", strict=True))


@dataclass(frozen=True)
class Keys:
    """Which key does what; while they are off the choice is kept."""

    is_on: bool
    keys: Mapping[Act, str]

    @property
    def pressed(self) -> dict[str, str]:
        """Act to key, of those that do something."""
        return {act.value: key for act, key in self.keys.items()} if self.is_on else {}


def of(member: Member) -> Keys:
    """The member's keys."""
    row = db.session.get(DeckKeys, member.id)
    if row is None:
        return Keys(True, DEFAULTS)
    return Keys(row.is_on, {act: row.keys.get(act.value, key) for act, key in DEFAULTS.items()})


def choose(member: Member, keys: Mapping[Act, str], *, is_on: bool, at: datetime) -> None:
    """Press these from now on. Call inside ``transaction()``.

    Raises Invalid, naming the act, for what is not one printable character or is taken already.
    """
    chosen = {act: keys.get(act, "").strip().lower() for act in Act}
    wrong = _faults(chosen)
    if wrong:
        raise Invalid(fields=wrong)
    row = db.session.get(DeckKeys, member.id) or DeckKeys(member_id=member.id)
    row.is_on, row.at = is_on, at
    row.keys = {act.value: key for act, key in chosen.items() if key != DEFAULTS[act]}
    db.session.add(row)
    db.session.flush()


def _faults(chosen: Mapping[Act, str]) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    taken: set[str] = set()
    for act, key in chosen.items():
        if len(key) != 1 or not key.isprintable():
            wrong[act.value] = lazy("Type one letter, digit or sign.")
        elif key in taken:
            wrong[act.value] = lazy("Another act has this key already.")
        taken.add(key)
    return wrong
