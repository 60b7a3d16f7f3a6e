"""The word in a mail's link that says which notice it came of, so that following it reads that one.

It is made from the instance's key and the notice, so nothing is stored, nobody can make one for a
notice that they were not written, and it tells nothing, such as how many notices there are. Alone
it does nothing: only the member whose notice it is reads by it.
"""

import hmac
from urllib.parse import urlencode, urlsplit

from sqlalchemy import select

from ideation.core import keyed
from ideation.core.db import db
from ideation.notices.models import Notice

#: What it is called in an address.
NAME = "notice"


def path_of(notice: Notice) -> str:
    """Where the notice leads, with the word that says that one came by it."""
    parts = urlsplit(notice.link or "/")
    query = "&".join(filter(None, (parts.query, urlencode({NAME: _reference(notice.id)}))))
    return parts._replace(query=query).geturl()


def find(member_id: int, reference: str) -> int | None:
    """The id of the member's unread notice that the word was made for.

    A word names none, so each is tried, the latest first; a thousand take some milliseconds.
    """
    query = select(Notice.id).where(Notice.member_id == member_id, Notice.read_at.is_(None))
    unread = db.session.scalars(query.order_by(Notice.id.desc()))
    return next((key for key in unread if _is(key, reference)), None)


def _is(notice_id: int, reference: str) -> bool:
    return hmac.compare_digest(_reference(notice_id).encode(), reference.encode())


def _reference(notice_id: int) -> str:
    return keyed.secret("notice", str(notice_id), 15)
