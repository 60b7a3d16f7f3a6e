"""What notices do when something happens elsewhere."""

from sqlalchemy import delete

from ideation.accounts.events import AccountErased
from ideation.core import events
from ideation.core.db import db
from ideation.notices.models import Digest, Notice, NoticePreference


@events.subscribe(AccountErased)
def forget_reader(event: AccountErased) -> None:
    """What a member was told, and what they wanted to be told, goes with them."""
    for model in (Notice, NoticePreference, Digest):
        db.session.execute(delete(model).where(model.member_id == event.member_id))
