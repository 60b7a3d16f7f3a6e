"""The audit trail, for those who may see it."""

from flask import render_template, request
from sqlalchemy import select

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.audit.models import AuditEntry
from ideation.console.blueprint import blueprint
from ideation.core.db import db
from ideation.core.paging import paginate
from ideation.http.guards import who


@blueprint.get("/audit")
@who(Permission.SEE_AUDIT)
def audit() -> str:
    """Entries, newest first, with who acted; ``?check`` walks the whole chain."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    page = paginate(query, request.args.get("page", 1, type=int), size=50)
    ids = {entry.actor_id for entry in page.items if entry.actor_id}
    actors = {
        member.id: member for member in db.session.scalars(select(Member).where(Member.id.in_(ids)))
    }
    is_checked = "check" in request.args
    return render_template(
        "console/audit/index.html",
        page=page,
        actors=actors,
        is_checked=is_checked,
        broken_at=trail.verify() if is_checked else None,
    )
