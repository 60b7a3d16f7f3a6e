"""Questions about notices."""

from sqlalchemy import func, select

from ideation.core.db import db
from ideation.notices.models import Notice


def count_unread(member_id: int) -> int:
    """How many notices the member has not read."""
    query = select(func.count()).where(Notice.member_id == member_id, Notice.read_at.is_(None))
    return db.session.scalar(query) or 0
