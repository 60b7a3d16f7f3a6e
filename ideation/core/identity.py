"""Who this instance is: name, logo, accent, letters, and the language and zone it begins with.

What an operator chose stands in one fact, as JSON, read together with the facts that every page
asks for anyway: it costs no query of its own. What nobody chose comes from the settings and from
the house. ``ideation.branding`` changes it.
"""

import functools
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ideation.core import config, i18n, instance

#: The print room's red, by day and by night.
ACCENT = "#c8321b"
ACCENT_DARK = "#ff7a5c"
LETTERS = "poster"
ZONE = "UTC"


@dataclass(frozen=True)
class Logo:
    """A stored picture that stands for the name; sides in pixels of the file."""

    key: str
    width: int
    height: int
    #: The theme (``light``, ``dark``) on whose paper some of it would vanish; empty where none.
    vanishes_in: str = ""


@dataclass(frozen=True)
class Identity:
    """What an instance shows of itself. Colours are ``#rrggbb``."""

    name: str
    logo: Logo | None = None
    accent: str = ACCENT
    accent_dark: str = ACCENT_DARK
    #: A key of ``ideation.branding.letters.STACKS``.
    letters: str = LETTERS
    #: For visitors whose browser asks for none of ours, and for zones nobody told us.
    language: str = i18n.DEFAULT
    zone: str = ZONE

    @property
    def is_themed(self) -> bool:
        """Whether it looks otherwise than the house does by itself."""
        return (self.accent, self.letters) != (ACCENT, LETTERS)


_last_read: Identity | None = None


def current() -> Identity:
    """The identity in force; one query for the database transaction, shared with ``known``."""
    global _last_read
    _last_read = _parse(instance.known(instance.IDENTITY), config.current().name)
    return _last_read


def last_known() -> Identity:
    """As this process read it last: for a page that must not lean on the database."""
    return _last_read or Identity(config.current().name)


def lock() -> None:
    """Let nobody else change it until the open transaction ends."""
    instance.lock(instance.IDENTITY)


def establish(identity: Identity, *, at: datetime) -> None:
    """Put it in force, in the open transaction."""
    instance.establish(instance.IDENTITY, at, json.dumps(asdict(identity), ensure_ascii=False))


@functools.lru_cache(maxsize=8)
def _parse(text: str | None, name: str) -> Identity:
    if text is None:
        return Identity(name)
    chosen: dict[str, Any] = json.loads(text)
    logo = chosen.pop("logo")
    return Identity(**chosen, logo=Logo(**logo) if logo else None)
