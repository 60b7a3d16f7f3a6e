"""Deciding a case."""

from datetime import datetime

from sqlalchemy import update

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.audit import trail
from ideation.core import events
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed
from ideation.core.i18n import lazy
from ideation.moderation.events import CaseDecided
from ideation.moderation.models import Case, ModerationDecision, Rule, Verdict


def decide(
    moderator: Member,
    case: Case,
    verdict: Verdict,
    *,
    at: datetime,
    rule: Rule | None = None,
    reason: str = "",
) -> ModerationDecision:
    """Approve or decline the case's subject, publicly; tells the subject's domain.

    Raises NotAllowed, Invalid where a decline gives no rule or reason, Conflict where somebody
    else decided first.
    """
    _check(moderator, case, verdict, rule, reason)
    _claim(case, at)
    decision = ModerationDecision(
        case_id=case.id,
        moderator_id=moderator.id,
        verdict=verdict,
        rule=rule if verdict is Verdict.DECLINED else None,
        reason=reason,
        at=at,
    )
    db.session.add(decision)
    db.session.flush()
    trail.record(
        f"moderation.{verdict.value}",
        actor_id=moderator.id,
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        at=at,
        reason=reason,
        detail={"rule": rule.value if rule else None},
    )
    events.publish(
        CaseDecided(
            subject_kind=case.subject_kind,
            subject_id=case.subject_id,
            verdict=verdict,
            rule=decision.rule,
            reason=reason,
            moderator_id=moderator.id,
            at=at,
        )
    )
    return decision


def _check(moderator: Member, case: Case, verdict: Verdict, rule: Rule | None, reason: str) -> None:
    if not holds(moderator, Permission.MODERATE, case.space_id):
        raise NotAllowed(lazy("Only moderators decide."))
    if verdict is Verdict.DECLINED and (rule is None or not reason):
        raise Invalid(
            fields={
                "rule": lazy("Choose the rule it breaks."),
                "reason": lazy("Say why, so that the designer can act on it."),
            }
        )


def _claim(case: Case, at: datetime) -> None:
    """Close the case; of two moderators the second finds it closed."""
    claimed = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.closed_at.is_(None))
        .values(closed_at=at)
        .returning(Case.id)
    ).scalar_one_or_none()
    if claimed is None:
        raise Conflict(lazy("Somebody else has just decided this."))
