"""Questions about cases and decisions."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page
from ideation.moderation.models import Case, ModerationDecision

LOG_SIZE = 50


def count_open(spaces: Collection[int] | None = None) -> int:
    """How many subjects wait for a decision, in these spaces (None: in all)."""
    query = select(func.count()).where(Case.closed_at.is_(None))
    return db.session.scalar(_within(query, spaces)) or 0


def count_due(before: datetime, spaces: Collection[int] | None = None) -> int:
    """How many of them should be decided before this instant."""
    query = select(func.count()).where(Case.closed_at.is_(None), Case.due_at <= before)
    return db.session.scalar(_within(query, spaces)) or 0


def list_open(spaces: Collection[int] | None = None, limit: int = 200) -> list[Case]:
    """What waits, the most urgent first; what has no deadline comes last, oldest first."""
    query = (
        select(Case)
        .where(Case.closed_at.is_(None))
        .order_by(Case.due_at.is_(None), Case.due_at, Case.opened_at, Case.id)
        .limit(limit)
    )
    return list(db.session.scalars(_within(query, spaces)))


def find_next(after: Case, spaces: Collection[int] | None = None) -> Case | None:
    """The most urgent open case other than this one."""
    return next((case for case in list_open(spaces, limit=2) if case.id != after.id), None)


def get(subject_kind: str, subject_id: int) -> Case:
    """The subject's case, open or closed. Raises NotFound."""
    case = db.session.scalar(
        select(Case).where(Case.subject_kind == subject_kind, Case.subject_id == subject_id)
    )
    if case is None:
        raise NotFound(lazy("Nothing to decide here."))
    return case


def find_last_decision(subject_kind: str, subject_id: int) -> ModerationDecision | None:
    """What was last decided about a subject."""
    return db.session.scalar(
        select(ModerationDecision)
        .join(Case, Case.id == ModerationDecision.case_id)
        .where(Case.subject_kind == subject_kind, Case.subject_id == subject_id)
        .order_by(ModerationDecision.id.desc())
        .limit(1)
    )


def list_log(number: int = 1, size: int = LOG_SIZE) -> Page[tuple[ModerationDecision, Case]]:
    """Decisions with their cases, latest first: what the public log is made of."""
    total = db.session.scalar(select(func.count()).select_from(ModerationDecision)) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    rows = db.session.execute(
        select(ModerationDecision, Case)
        .join(Case, Case.id == ModerationDecision.case_id)
        .order_by(ModerationDecision.at.desc(), ModerationDecision.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page([(decision, case) for decision, case in rows], number, size, total)


def _within(query: Select[Any], spaces: Collection[int] | None) -> Select[Any]:
    return query if spaces is None else query.where(Case.space_id.in_(spaces))
