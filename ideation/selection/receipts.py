"""The receipt: what every entrant gets, whatever became of the entry, and which never changes.

It is computed from what is frozen: the decision, and the tally that the decision was taken from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ideation.core.db import db
from ideation.core.errors import NotFound, Words
from ideation.core.i18n import lazy
from ideation.selection import choosing, grounds, queries, rights
from ideation.selection.models import Agreement, Decision, Ground, Outcome
from ideation.selection.rights import RightsStatus
from ideation.submissions.models import State, Submission
from ideation.voting import queries as voting
from ideation.voting.models import Tally, TallyRow

#: Designs from which on a part of the others says more than the rank: of two it is all or nothing.
ENOUGH_TO_COMPARE = 5
#: Less than this is no news to whoever drew it; the rank stands there all the same.
_WORTH_SAYING = 0.01


@dataclass(frozen=True)
class Standing:
    """Where an entry stands among all, and how sure that is.

    ``best`` and ``worst`` are the ranks that its score's interval allows: above it for sure is
    only what scores higher at its lowest than it does at its highest, and below likewise.
    """

    rank: int
    best: int
    worst: int
    total: int

    @property
    def says_percentile(self) -> bool:
        return self.total >= ENOUGH_TO_COMPARE and self.percentile >= _WORTH_SAYING

    @property
    def percentile(self) -> float:
        """The part of the other entries that it is ahead of, 0 to 1; 1 where it is alone."""
        return self._ahead(self.rank)

    @property
    def low(self) -> float:
        """That part at the least."""
        return self._ahead(self.worst)

    @property
    def high(self) -> float:
        """That part at the most."""
        return self._ahead(self.best)

    def _ahead(self, rank: int) -> float:
        return (self.total - rank) / (self.total - 1) if self.total > 1 else 1.0


@dataclass(frozen=True)
class Receipt:
    """One entry's dated page."""

    submission: Submission
    decision: Decision
    #: None where the date passed before the stars were counted.
    tally: Tally | None
    row: TallyRow | None
    standing: Standing | None
    rights: RightsStatus
    agreement: Agreement | None

    @property
    def has_won(self) -> bool:
        return self.decision.outcome is Outcome.WINNER

    @property
    def is_override(self) -> bool:
        return choosing.is_override(self.submission.contest, self.decision)

    @property
    def reason(self) -> Words:
        """The ground in a sentence; the decider's own words stand in ``decision.note``."""
        return grounds.sentence(self.submission.contest, self.decision.ground)

    @property
    def next(self) -> Words:
        """What the designers can do now, or what happens next."""
        if self.has_won and self.rights.standing is rights.Standing.RELEASED:
            return lazy(
                "The agreement has ended and it is yours again. The prize and what it has earned "
                "stay yours."
            )
        if self.has_won:
            return lazy(
                "We now make a product of it and open it for pre-orders. You will be told when; "
                "each sale then shows under your earnings."
            )
        if self.submission.state is State.DISQUALIFIED:
            return lazy(
                "If we are wrong, appeal: somebody reads it and answers. Other contests are open "
                "to you as before."
            )
        if self.decision.ground is Ground.OVERDUE:
            return lazy(
                "You owe us nothing and may do with it what you like. You can enter it again, "
                "here or anywhere."
            )
        if self.decision.ground in {Ground.PRINT, Ground.BRIEF}:
            return lazy(
                "It is yours again. You can change it and enter it in a later contest, or take it "
                "elsewhere."
            )
        return lazy(
            "It is yours again: enter another contest, sell it elsewhere, or hang it on your wall."
        )


def receipt(submission_id: int, at: datetime) -> Receipt:
    """The receipt of an entry. Raises NotFound before it is out."""
    decision = queries.find_decision(submission_id)
    if decision is None or decision.issued_at is None or decision.issued_at > at:
        raise NotFound(lazy("There is no receipt of this design yet."))
    submission = queries.get_submission(submission_id)
    tally = db.session.get(Tally, decision.tally_id) if decision.tally_id else None
    rows = voting.all_rows(tally) if tally else []
    own = next((row for row in rows if row.submission_id == submission_id), None)
    return Receipt(
        submission=submission,
        decision=decision,
        tally=tally,
        row=own,
        standing=standing(own, rows) if own else None,
        rights=rights.status(submission, at),
        agreement=queries.find_living(submission_id),
    )


def standing(own: TallyRow, rows: Sequence[TallyRow]) -> Standing:
    """Where a row stands among the rows of its tally, itself included. Pure."""
    above = sum(row.low > own.high for row in rows)
    below = sum(row.high < own.low for row in rows)
    return Standing(rank=own.rank, best=1 + above, worst=len(rows) - below, total=len(rows))
