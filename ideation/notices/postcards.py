"""A notice as a mail of its own, and the morning's as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ideation.accounts.models import Member
from ideation.core import config, i18n
from ideation.core.errors import Words
from ideation.core.mail import compose
from ideation.core.mail.models import Mail
from ideation.notices import kinds, naming, pictures, references, unsubscribing
from ideation.notices.models import Notice

#: How many a digest tells in full; the others are on the site, and the mail says how many.
IN_FULL = 12


@dataclass(frozen=True)
class Line:
    """A notice in its reader's words."""

    title: str
    text: str
    action: str
    url: str


def send(member: Member, notice: Notice, *, at: datetime) -> Mail:
    """Write the mail about one notice. Its reader must have a confirmed address."""
    kind = kinds.get(notice.kind)
    (line,) = _lines(member, [notice])
    return _compose(
        "notice",
        member,
        f"notice:{notice.id}",
        at=at,
        unsubscribe_url="" if kind.always else unsubscribing.url_of(member, kind.name),
        line=line,
        picture=_picture(notice),
        **({"why": _said(member, kind.always)} if kind.always else {}),
    )


def send_digest(member: Member, notices: Sequence[Notice], *, at: datetime) -> Mail:
    """Write one mail about all of these, the latest first; there is at least one."""
    lines = _lines(member, notices[:IN_FULL])
    shown = (picture for notice in notices[:IN_FULL] if (picture := _picture(notice)))
    return _compose(
        "digest",
        member,
        f"digest:{member.id}:{at.isoformat()}",
        at=at,
        unsubscribe_url=unsubscribing.url_of(member, unsubscribing.DIGEST),
        lines=lines,
        others=len(notices) - 1,
        more=len(notices) - len(lines),
        picture=next(shown, None),
        url=f"{config.current().base_url}/notices",
    )


def _compose(
    template: str, member: Member, key: str, *, at: datetime, unsubscribe_url: str, **values: object
) -> Mail:
    assert member.email
    return compose.send(
        template,
        compose.Reader(member.email, member.language, member.zone),
        at=at,
        key=key,
        unsubscribe_url=unsubscribe_url,
        preferences_url=f"{config.current().base_url}/settings/notices",
        name=member.name,
        **values,
    )


def _lines(member: Member, notices: Sequence[Notice]) -> list[Line]:
    """What the notices say, in the member's language and zone."""
    base_url = config.current().base_url
    with i18n.speaking(member.language, member.zone):
        said = naming.named([notice.params for notice in notices])
        return [
            Line(
                title=str(kinds.get(notice.kind).title(params)),
                text=str(kinds.get(notice.kind).text(params)),
                action=str(kinds.get(notice.kind).action),
                url=f"{base_url}{references.path_of(notice)}",
            )
            for notice, params in zip(notices, said, strict=True)
        ]


def _picture(notice: Notice) -> dict[str, object] | None:
    """What the notice leads to, with addresses that a mail program can fetch and follow."""
    found = pictures.find(notice.link)
    if found is None:
        return None
    base_url = config.current().base_url
    return {
        "src": f"{base_url}{found.path}",
        "href": f"{base_url}{references.path_of(notice)}",
        "width": found.width,
        "height": found.height,
        "alt": found.alt,
    }


def _said(member: Member, words: Words) -> str:
    with i18n.speaking(member.language, member.zone):
        return str(words)
