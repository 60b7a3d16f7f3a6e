"""Questions about mail, and trying again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult

from ideation.core import jobs
from ideation.core.db import db
from ideation.core.errors import Conflict, NotFound
from ideation.core.i18n import lazy
from ideation.core.mail.compose import SEND
from ideation.core.mail.models import Mail, MailState
from ideation.core.paging import Page, paginate

#: Mail names people, so it is kept no longer than somebody may ask after it.
KEPT_FOR = timedelta(days=30)


def list_mails(
    state: MailState | None = None,
    search: str = "",
    *,
    secret: Collection[str] = (),
    page: int = 1,
) -> Page[Mail]:
    """Mails, newest first: all or those in one state, by part of address or subject.

    Subjects of the templates in ``secret`` are not searched: who finds a code has read it.
    """
    query = select(Mail)
    if state is not None:
        query = query.where(Mail.state == state)
    if search:
        words = search.strip()
        query = query.where(
            Mail.to.icontains(words, autoescape=True)
            | (Mail.subject.icontains(words, autoescape=True) & Mail.template.not_in(secret))
        )
    return paginate(query.order_by(Mail.created_at.desc(), Mail.id.desc()), page)


def count_by_state() -> dict[MailState, int]:
    """How many mails are in each state."""
    rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    return {row[0]: row[1] for row in rows}


def find_latest(template: str, to: str) -> Mail | None:
    """The latest mail of a template to an address, whatever became of it."""
    query = select(Mail).where(Mail.template == template, Mail.to == to)
    return db.session.scalar(query.order_by(Mail.id.desc()).limit(1))


def get(mail_id: int) -> Mail:
    """The mail. Raises NotFound."""
    mail = db.session.get(Mail, mail_id)
    if mail is None:
        raise NotFound(lazy("There is no such mail."))
    return mail


def try_again(mail_id: int, *, at: datetime) -> None:
    """Hand a held or failed mail to a worker once more. Raises Conflict for any other."""
    waiting = db.session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.state.in_((MailState.HELD, MailState.FAILED)))
        .values(state=MailState.WAITING, error="")
    )
    assert isinstance(waiting, CursorResult)
    if waiting.rowcount != 1:
        raise Conflict(lazy("This mail is on its way already."))
    jobs.enqueue(SEND, at=at, mail_id=mail_id)


def forget_old(at: datetime) -> None:
    """Delete mail written a month ago, whether it left or not."""
    db.session.execute(delete(Mail).where(Mail.created_at < at - KEPT_FOR))
