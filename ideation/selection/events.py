"""What happens in selection."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AgreementAccepted:
    """Every designer of a winner accepted the agreement."""

    agreement_id: int
    at: datetime


@dataclass(frozen=True)
class WinnersAnnounced:
    """A contest's winners are public; every entrant has a receipt."""

    contest_id: int
    at: datetime
