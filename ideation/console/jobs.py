"""Work that waits or failed, for operators."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.audit import trail
from ideation.console.blueprint import blueprint
from ideation.core import clock, outbox, queues
from ideation.core.db import db, transaction
from ideation.core.i18n import gettext as _
from ideation.core.outbox import OutboxRow
from ideation.core.paging import paginate
from ideation.http.guards import who
from ideation.http.session import signed_in


@blueprint.get("/jobs")
@who(Permission.OPERATE)
def jobs() -> str:
    """What is open, the failed first."""
    query = (
        select(OutboxRow)
        .where(OutboxRow.done_at.is_(None))
        .order_by(OutboxRow.failed_at.is_(None), OutboxRow.due_at, OutboxRow.id)
    )
    page = paginate(query, request.args.get("page", 1, type=int), size=50)
    failed = db.session.scalar(
        select(func.count()).where(OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_not(None))
    )
    return render_template(
        "console/jobs/index.html", page=page, failed=failed, redis=queues.is_reachable()
    )


@blueprint.post("/jobs/<int:outbox_id>/retries")
@who(Permission.OPERATE)
def jobs_retry(outbox_id: int) -> Response:
    """Give a failed job another round of tries."""
    member_id, at = signed_in().id, clock.now()
    with transaction():
        if outbox.retry(outbox_id, at):
            trail.record(
                "job.retried", actor_id=member_id, subject_kind="job", subject_id=outbox_id, at=at
            )
    flash(_("It will be tried again at once."), "good")
    return redirect(url_for("console.jobs"), 303)
