"""What happens to cases."""

from dataclasses import dataclass
from datetime import datetime

from ideation.moderation.models import Rule, Verdict


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
