"""What happens to cases."""

from dataclasses import dataclass
from datetime import datetime

from ideation.moderation.models import ClaimOutcome, Rule, Verdict


@dataclass(frozen=True)
class CaseDecided:
    """A moderator decided; the subject's domain acts on it in the same transaction."""

    subject_kind: str
    subject_id: int
    verdict: Verdict
    rule: Rule | None
    reason: str
    moderator_id: int
    at: datetime


@dataclass(frozen=True)
class ClaimOpened:
    """Somebody says that a piece is theirs: its designers are not paid out until it is decided."""

    claim_id: int
    subject_kind: str
    subject_id: int
    at: datetime


@dataclass(frozen=True)
class ClaimDecided:
    """A claim was upheld or rejected, with a reason for both sides to read; or it lapsed."""

    claim_id: int
    subject_kind: str
    subject_id: int
    outcome: ClaimOutcome
    reason: str
    at: datetime
