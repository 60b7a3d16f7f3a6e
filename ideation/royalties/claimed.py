"""Claims on designs, as far as they touch earnings: whose payouts rest, and who is told."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from ideation.core.db import db
from ideation.moderation import claims
from ideation.moderation.events import ClaimDecided, ClaimOpened
from ideation.moderation.models import Claim, ClaimOutcome
from ideation.notices import telling
from ideation.notices.kinds import Kind
from ideation.royalties.notices import CLAIM_LAPSED, CLAIM_OPENED, CLAIM_REJECTED, CLAIM_UPHELD
from ideation.selection.models import Agreement, AgreementParty
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import Designer, Submission

_KINDS: dict[ClaimOutcome, Kind] = {
    ClaimOutcome.UPHELD: CLAIM_UPHELD,
    ClaimOutcome.REJECTED: CLAIM_REJECTED,
    ClaimOutcome.LAPSED: CLAIM_LAPSED,
}


def held_members(member_ids: Collection[int]) -> set[int]:
    """Those of the members with a claim, open or upheld, on a design of theirs."""
    parties = db.session.execute(
        select(AgreementParty.member_id, Agreement.submission_id)
        .join(Agreement, Agreement.id == AgreementParty.agreement_id)
        .where(AgreementParty.member_id.in_(set(member_ids)))
    ).all()
    held = claims.holding(SUBJECT, {submission_id for _, submission_id in parties})
    return {member_id for member_id, submission_id in parties if submission_id in held}


def tell_of_claim(event: ClaimOpened) -> None:
    """Its designers hear that somebody claims it, not who."""
    if event.subject_kind == SUBJECT:
        _tell(event.claim_id, event.subject_id, CLAIM_OPENED, {}, event.at)


def tell_of_decision(event: ClaimDecided) -> None:
    """Its designers hear what was decided, and why."""
    if event.subject_kind == SUBJECT:
        _tell(
            event.claim_id,
            event.subject_id,
            _KINDS[event.outcome],
            {"reason": event.reason},
            event.at,
        )


def _tell(
    claim_id: int, submission_id: int, kind: Kind, params: dict[str, str], at: datetime
) -> None:
    submission = db.session.get_one(Submission, submission_id)
    claim = db.session.get_one(Claim, claim_id)
    designers = select(Designer.member_id).where(Designer.submission_id == submission_id)
    for member_id in db.session.scalars(designers).all():
        telling.tell(
            member_id,
            kind,
            at=at,
            params={"title": submission.title, **params},
            link=f"/designs/{submission.public_id}",
            key=f"{kind.name}:{claim.public_id}:{member_id}",
        )
