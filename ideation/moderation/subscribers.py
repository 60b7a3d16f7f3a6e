"""What moderation does when something happens elsewhere."""

from sqlalchemy import update

from ideation.accounts.events import AccountErased
from ideation.core import events
from ideation.core.db import db
from ideation.moderation.models import Claim


@events.subscribe(AccountErased)
def forget_claimant(event: AccountErased) -> None:
    """Who made a claim goes; that it was made, and what came of it, stays."""
    db.session.execute(
        update(Claim)
        .where(Claim.member_id == event.member_id)
        .values(name="", email="", words="")
        .execution_options(synchronize_session="fetch")
    )
