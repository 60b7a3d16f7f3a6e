"""Deleting what is over: links that were used or grew old, sessions that ended."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from ideation.accounts.models import SessionRow, Token
from ideation.core.db import db

#: Long enough to answer "was that you?", no longer.
KEPT_FOR = timedelta(days=30)


def forget_old(at: datetime) -> None:
    """Drop links and sessions that ended or expired a month ago."""
    limit = at - KEPT_FOR
    db.session.execute(delete(Token).where(or_(Token.used_at < limit, Token.expires_at < limit)))
    db.session.execute(
        delete(SessionRow).where(or_(SessionRow.ended_at < limit, SessionRow.expires_at < limit))
    )
