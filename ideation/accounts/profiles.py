"""What a member shows of themselves."""

import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ideation.accounts.models import Member
from ideation.core import i18n
from ideation.core.db import after_commit, db
from ideation.core.errors import Invalid
from ideation.core.i18n import lazy
from ideation.core.images.limits import AVATAR
from ideation.core.images.making import make_renditions
from ideation.core.images.messages import explain
from ideation.core.images.plans import Fit, Plan
from ideation.core.images.refusal import Refused
from ideation.core.storage import in_force
from ideation.core.text import clean_line

BIO_LONGEST = 600
MOST_LINKS = 5
LINK_LONGEST = 200
_PORTRAIT = Plan("portrait", Fit.COVER, 256)


@dataclass(frozen=True)
class Profile:
    """What a member may change about themselves; the handle stays."""

    name: str
    bio: str
    links: list[str]
    language: str
    zone: str


def change(member: Member, profile: Profile, *, portrait_key: str | None = None) -> None:
    """Store the profile; with a key, also a new portrait in place of the old one."""
    member.name = profile.name
    member.bio = profile.bio
    member.links = profile.links
    member.language = profile.language
    member.zone = profile.zone
    if portrait_key is not None:
        _replace_portrait(member, portrait_key)
    db.session.flush()


def remove_portrait(member: Member) -> None:
    """Show the member's initial again."""
    _replace_portrait(member, None)
    db.session.flush()


def speak(member: Member, language: str) -> None:
    """Use this language with the member from now on."""
    member.language = language if language in i18n.LOCALES else i18n.DEFAULT


def parse_links(typed: str) -> list[str]:
    """One address a line, http or https, at most five. Raises Invalid that quotes the wrong one."""
    lines = [clean_line(line) for line in typed.splitlines()]
    links = list(dict.fromkeys(line for line in lines if line))
    if len(links) > MOST_LINKS:
        raise Invalid(lazy("At most %(n)s links.", n=MOST_LINKS))
    for link in links:
        if not is_web_address(link):
            raise Invalid(
                lazy("%(link)s is not a web address: it begins with https://.", link=link[:60])
            )
    return links


def make_portrait(picture: Path) -> str:
    """Re-encode an uploaded picture as a small square and store it; return its key.

    Takes about half a second, so call it before the transaction. Raises Invalid with the field
    ``portrait``, in the words of what is wrong with the picture.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            rendered = make_renditions(picture, Path(folder), [_PORTRAIT], AVATAR)
        except Refused as refused:
            raise Invalid(fields={"portrait": explain(refused.reason, AVATAR)}) from refused
        made = rendered.renditions[0]
        key = f"avatars/{secrets.token_hex(12)}.webp"
        in_force.store().put(key, Path(folder) / made.filename)
    return key


def discard_portrait(key: str) -> None:
    """Throw away a portrait that was made and then not used."""
    in_force.store().delete(key)


def _replace_portrait(member: Member, key: str | None) -> None:
    old = member.avatar_key
    member.avatar_key = key
    if old:
        after_commit(lambda: in_force.store().delete(old))


def is_web_address(link: str) -> bool:
    """Whether it leads to a page on the web: looked at when it is given, and when it is shown."""
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and "." in (parts.hostname or "").strip(".")
        and parts.username is None
        and (port is None or port > 0)
        and not any(mark in link for mark in ' "<>\\^`{|}')
        and len(link) <= LINK_LONGEST
    )
