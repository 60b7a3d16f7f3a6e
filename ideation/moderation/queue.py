"""What waits for a decision."""

from datetime import datetime

from sqlalchemy import select

from ideation.core.db import db
from ideation.moderation.models import Case


def open_case(
    subject_kind: str, subject_id: int, *, space_id: int, at: datetime, due_at: datetime | None
) -> Case:
    """Queue a subject, or queue it again; one case a subject."""
    case = find(subject_kind, subject_id)
    if case is None:
        case = Case(
            subject_kind=subject_kind,
            subject_id=subject_id,
            space_id=space_id,
            opened_at=at,
            due_at=due_at,
        )
        db.session.add(case)
    elif case.closed_at is not None:
        case.closed_at = None
        case.opened_at = at
        case.due_at = due_at
        case.alarmed_at = None
    db.session.flush()
    return case


def find(subject_kind: str, subject_id: int) -> Case | None:
    """The subject's case, open or closed."""
    return db.session.scalar(
        select(Case).where(Case.subject_kind == subject_kind, Case.subject_id == subject_id)
    )


def withdraw(subject_kind: str, subject_id: int, at: datetime) -> None:
    """Take a subject out of the queue, undecided: it is no longer there to be decided on."""
    case = find(subject_kind, subject_id)
    if case is not None and case.closed_at is None:
        case.closed_at = at
        db.session.flush()
