"""Ending mail of one kind by the link in it: no sign-in, one click (RFC 8058).

The secret in the link is derived from the instance's key, the member, what they leave, and the
address it was sent to. So nothing is stored, nobody can guess one, and a mail of which the reader
is another by now ends nothing.
"""

import hmac

from sqlalchemy import select

from ideation.accounts.models import Member, Standing
from ideation.core import config, keyed
from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.notices import kinds, preferences
from ideation.notices.ways import MAILED, Way

#: What stands in a digest's link, where a single mail's names its kind.
DIGEST = "digest"


def url_of(member: Member, what: str) -> str:
    """The address in a mail: ``what`` is the kind's name or ``DIGEST``."""
    path = f"/unsubscribe/{member.share_code}/{what}/{_secret(member, what)}"
    return f"{config.current().base_url}{path}"


def get_reader(code: str, what: str, secret: str) -> Member:
    """Whose link it is. Raises NotFound for one that we never wrote, or to another address."""
    member = db.session.scalar(select(Member).where(Member.share_code == code))
    if (
        member is None
        or member.standing is Standing.ERASED
        or not hmac.compare_digest(_secret(member, what).encode(), secret.encode())
    ):
        raise NotFound(
            lazy("This link does not end any mail. Sign in to choose what we write to you about.")
        )
    return member


def kinds_of(member_id: int, what: str) -> list[str]:
    """Names of the kinds that the link is about: one, or all that come in the digest."""
    if what != DIGEST:
        kind = kinds.find(what)
        return [kind.name] if kind and kind.always is None else []
    ways = preferences.ways_of(member_id)
    return [name for name, way in ways.items() if way is Way.DIGEST]


def stop(member_id: int, what: str) -> None:
    """No more mail of it; it is still told on the site. However often it is asked, one effect."""
    ways = preferences.ways_of(member_id)
    mailed = [name for name in kinds_of(member_id, what) if ways[name] in MAILED]
    preferences.choose(member_id, dict.fromkeys(mailed, Way.HERE))


def stop_all(member_id: int) -> None:
    """No more mail of any kind that leaves a choice."""
    ways = preferences.ways_of(member_id)
    mailed = [name for name, way in ways.items() if way in MAILED]
    preferences.choose(member_id, dict.fromkeys(mailed, Way.HERE))


def _secret(member: Member, what: str) -> str:
    return keyed.secret("unsubscribe", f"{member.share_code}:{what}:{member.email_key or ''}")
