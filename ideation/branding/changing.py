"""Changing who the instance is: checked, said in the trail, told to whoever shows it."""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.branding import accents
from ideation.branding.letters import STACKS
from ideation.core import events, identity
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import LOCALES, lazy, zone_named
from ideation.core.identity import Identity, Logo
from ideation.core.text import clean_line

NAME_LONGEST = 40


@dataclass(frozen=True)
class Renamed:
    """The instance has another name."""

    at: datetime


def save(
    actor: Member | None,
    *,
    name: str | None = None,
    accent: str | None = None,
    letters: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    logo: Logo | None = None,
    drop_logo: bool = False,
    at: datetime,
) -> Identity:
    """Put what is given in force, in the open transaction; None leaves a part as it is.

    Raises Invalid with every field that cannot be so. Nothing is written where nothing changes.
    """
    identity.lock()
    before = identity.current()
    wanted = _checked(name=name, accent=accent, letters=letters, language=language, zone=zone)
    if "accent" in wanted:
        wanted["accent_dark"] = accents.by_night(wanted["accent"])
    if logo is not None or drop_logo:
        wanted["logo"] = logo
    after = dataclasses.replace(before, **wanted)
    if after == before:
        return before
    trail.record(
        "instance.identity_changed",
        actor_id=actor.id if actor else None,
        subject_kind="instance",
        subject_id=None,
        at=at,
        detail=_changes(before, after),
    )
    identity.establish(after, at=at)
    if after.name != before.name:
        events.publish(Renamed(at))
    return after


def _checked(**given: str | None) -> dict[str, Any]:
    """What is given, cleaned. Raises Invalid that names all that is wrong."""
    errors: dict[str, Words] = {}
    wanted: dict[str, Any] = {}
    for field, value in given.items():
        if value is None:
            continue
        try:
            wanted[field] = _READ[field](value)
        except Invalid as error:
            errors[field] = error.message
    if errors:
        raise Invalid(fields=errors)
    return wanted


def _read_name(typed: str) -> str:
    name = clean_line(typed)
    if not name:
        raise Invalid(lazy("This is needed."))
    if len(name) > NAME_LONGEST:
        raise Invalid(
            lazy("At most %(most)s characters; these are %(n)s.", most=NAME_LONGEST, n=len(name))
        )
    return name


def _read_letters(key: str) -> str:
    return _one_of(key, key in STACKS)


def _read_language(tag: str) -> str:
    return _one_of(tag, tag in LOCALES)


def _read_zone(name: str) -> str:
    return _one_of(name, name == "UTC" or zone_named(name) is not UTC)


def _one_of(value: str, is_offered: bool) -> str:
    if not is_offered:
        raise Invalid(lazy("Choose one of the options."))
    return value


_READ = {
    "name": _read_name,
    "accent": accents.read,
    "letters": _read_letters,
    "language": _read_language,
    "zone": _read_zone,
}


def _changes(before: Identity, after: Identity) -> dict[str, Any]:
    """Field → from and to."""
    old, new = dataclasses.asdict(before), dataclasses.asdict(after)
    return {field: [old[field], new[field]] for field in new if old[field] != new[field]}
