"""Telling moderators before it is too late: a decision after its deadline misses its contest."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from ideation.accounts.grants import GRANTS, Permission
from ideation.accounts.models import Grant, Member, Standing
from ideation.core import jobs
from ideation.core.db import db
from ideation.core.i18n import datetime_words, lazy, lazy_plural
from ideation.moderation.models import Case
from ideation.notices import telling
from ideation.notices.kinds import Kind, Topic, declare

ALARM = jobs.declare("moderation.alarm")
#: How long before a case is due its moderators are told.
AHEAD = timedelta(hours=24)


def _words(params: Mapping[str, Any]) -> Any:
    return lazy(
        "Designs approved after %(at)s miss their contest.",
        at=datetime_words(datetime.fromisoformat(params["due_at"])),
    )


DUE = declare(
    Kind(
        name="moderation.due",
        label=lazy("Decisions are due within a day"),
        title=lambda p: lazy_plural(
            "%(n)s design is due for a decision", "%(n)s designs are due for a decision", p["n"]
        ),
        text=_words,
        action=lazy("Open the queue"),
        topic=Topic.TEAM,
        whom="moderators and stewards",
    )
)


def alarm(at: datetime) -> int:
    """Tell everyone who may decide, once for each case, that it is due within a day.

    Returns how many cases. One notice a run and member, however many cases it is about.
    """
    due = db.session.execute(
        update(Case)
        .where(Case.closed_at.is_(None), Case.alarmed_at.is_(None), Case.due_at <= at + AHEAD)
        .values(alarmed_at=at)
        .returning(Case.space_id, Case.due_at)
        .execution_options(synchronize_session=False)
    ).all()
    by_space: dict[int, list[datetime]] = defaultdict(list)
    for space_id, due_at in due:
        if due_at is not None:
            by_space[space_id].append(due_at)
    for member_id, scope in _moderators():
        mine = [
            due_at
            for space_id, instants in by_space.items()
            if scope in {0, space_id}
            for due_at in instants
        ]
        if mine:
            telling.tell(
                member_id,
                DUE,
                at=at,
                params={"n": len(mine), "due_at": min(mine).isoformat()},
                link="/console/moderation",
                key=f"moderation.due:{member_id}:{at.isoformat()}",
            )
    return len(due)


def _moderators() -> list[tuple[int, int]]:
    """(member, scope) of everyone who may decide; 0 reaches every space and comes first."""
    roles = [role for role, permissions in GRANTS.items() if Permission.MODERATE in permissions]
    query = (
        select(Grant.member_id, Grant.scope)
        .join(Member, Member.id == Grant.member_id)
        .where(Grant.role.in_(roles), Member.standing == Standing.ACTIVE)
        .distinct()
        .order_by(Grant.scope, Grant.member_id)
    )
    return [(member_id, scope) for member_id, scope in db.session.execute(query)]
