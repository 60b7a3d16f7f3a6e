"""Questions about the trail."""

from sqlalchemy import select

from ideation.audit.models import AuditEntry
from ideation.core.db import db


def list_about(kind: str, subject_id: int, limit: int = 20) -> list[AuditEntry]:
    """What was done to one thing, latest first."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))
