"""What auditors are sent: a head a day, which then lies where nobody here can reach it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.accounts.models import Grant
from ideation.audit import trail
from ideation.audit.models import AuditEntry
from ideation.contests import queries as contests
from ideation.contests import words
from ideation.contests.models import Contest
from ideation.core import config, jobs
from ideation.core.db import db
from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.core.mail import deliver
from ideation.notices import telling
from ideation.notices.kinds import Kind, Topic, declare
from ideation.proof import batching
from ideation.proof.models import BallotBatch

#: Sends the latest head of every contest that was sealed since yesterday.
TELL = jobs.declare("proof.tell_heads")

#: The trail's word for a head that was mailed.
MAILED = "heads.mailed"

#: A day and some, since jobs run late: what was sent already is not sent again.
_RECENT = timedelta(hours=30)


def _text(params: Mapping[str, Any]) -> Words:
    return lazy(
        "The ballot log of %(contest)s is sealed under head no. %(number)s: %(head)s. Keep this "
        "message. Whoever changes an earlier ballot cannot come to this head again.",
        **params,
    )


HEAD = declare(
    Kind(
        name="proof.head",
        label=lazy("The daily head of each ballot log, for auditors"),
        title=lambda params: lazy("Head of the ballot log: %(contest)s", **params),
        text=_text,
        action=lazy("See every head"),
        topic=Topic.TEAM,
        whom="auditors",
    )
)


def due_to_tell(at: datetime) -> list[int]:
    """Contests that were sealed lately."""
    query = select(BallotBatch.contest_id).where(BallotBatch.at > at - _RECENT).distinct()
    return list(db.session.scalars(query.order_by(BallotBatch.contest_id)))


def tell(contest_id: int, *, at: datetime) -> None:
    """Send every auditor the contest's latest head, once each. Call inside ``transaction()``.

    That a mail goes out with it is written into the trail: what the page of proof says of outside
    witnesses must not rest on mails, which are kept for a month.
    """
    batch, contest = batching.last(contest_id), contests.get(contest_id)
    if batch is None:
        return
    auditors = select(Grant.member_id).where(Grant.role == Role.AUDITOR).distinct()
    addresses = [
        telling.tell(
            member_id,
            HEAD,
            at=at,
            params={
                "contest": str(words.full_name(contest)),
                "number": batch.number,
                "head": bytes(batch.head).hex(),
            },
            link=f"/console/contests/{contest.slug}/proof",
            key=f"head:{contest_id}:{batch.number}:{member_id}",
        )
        for member_id in db.session.scalars(auditors.order_by(Grant.member_id)).all()
    ]
    mail_url = config.current().mail_url
    mailed = sum(deliver.can_leave(address, mail_url) for address in addresses if address)
    if mailed:
        trail.record(
            MAILED,
            actor_id=None,
            subject_kind="contest",
            subject_id=contest_id,
            at=at,
            detail={"head": batch.number, "auditors": mailed},
        )


def was_mailed_before_close(contest: Contest) -> bool:
    """Whether an auditor was mailed a head of its log while stars were being given."""
    query = select(AuditEntry.id).where(
        AuditEntry.subject_kind == "contest",
        AuditEntry.subject_id == contest.id,
        AuditEntry.action == MAILED,
        AuditEntry.at < contest.closed_at,
    )
    return db.session.scalar(query.limit(1)) is not None
