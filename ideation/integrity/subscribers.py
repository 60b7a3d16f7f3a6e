"""What integrity does when something happens below it."""

from sqlalchemy import update

from ideation.accounts.events import AccountErased
from ideation.core import events
from ideation.core.db import db
from ideation.integrity.models import Appeal, Reply


@events.subscribe(AccountErased)
def forget_words(event: AccountErased) -> None:
    """What a member wrote goes with them; cases and quarantines stay, or a ring could erase itself.

    An appeal that nobody has answered needs no answer any more.
    """
    mine = Appeal.member_id == event.member_id
    fetched = {"synchronize_session": "fetch"}
    db.session.execute(
        update(Appeal).where(mine, Appeal.answered_at.is_(None)).values(answered_at=event.at),
        execution_options=fetched,
    )
    db.session.execute(update(Appeal).where(mine).values(words=""), execution_options=fetched)
    db.session.execute(
        update(Reply).where(Reply.member_id == event.member_id).values(words=""),
        execution_options=fetched,
    )
