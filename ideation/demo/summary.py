"""What the demo made of contests, in figures, and whether it fits together."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core import clock
from ideation.core.db import db
from ideation.core.images.plans import STANDARD_PLANS
from ideation.core.storage import in_force
from ideation.demo import takings
from ideation.demo.counting import count, count_by, listed
from ideation.demo.takings import Takings
from ideation.integrity.models import Case
from ideation.proof.models import BallotBatch
from ideation.submissions.models import Artwork, ArtworkState, Rendition, State, Submission
from ideation.voting import recount
from ideation.voting.models import BallotLogEntry, Intent, Quarantine, Tally, Vote

#: WebP, and what is lighter or what every browser reads.
_FORMATS = 2


@dataclass(frozen=True)
class Summary:
    """Counts after filling. ``mismatches`` are the recount's; there should be none."""

    phases: Counter[str]
    members: int
    submissions: Counter[str]
    pictures: Counter[str]
    renditions: int
    renditions_expected: int
    files_missing: int
    votes: int
    voters: int
    log_lines: int
    intents: int
    tallies: int
    cases: int
    set_aside: int
    batches: int
    takings: Takings
    mismatches: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every picture has its renditions and every tally equals its recount."""
        return (
            self.renditions == self.renditions_expected
            and not self.files_missing
            and not self.mismatches
            and not self.pictures[ArtworkState.PROCESSING.value]
            and self.takings.is_whole
        )

    def rows(self) -> list[tuple[str, str]]:
        """(what, how many) for a table."""
        agrees = "agrees with every one" if not self.mismatches else "DIFFERS"
        made = f"{self.renditions} of {self.renditions_expected} expected"
        return [
            ("Editions", listed(self.phases, [one.value for one in Phase])),
            ("Members", f"{self.members}"),
            ("Submissions", listed(self.submissions, [one.value for one in State])),
            ("Pictures", listed(self.pictures, [one.value for one in ArtworkState])),
            ("Renditions", f"{made}, {self.files_missing} files missing"),
            ("Votes", f"{self.votes:,} by {self.voters} members ({self.log_lines:,} log lines)"),
            ("Intents", f"{self.intents} “I'd buy it”"),
            ("Tallies", f"{self.tallies}; the recount {agrees}"),
            ("Integrity", f"{self.cases} cases, {self.set_aside} voters set aside"),
            ("Ballot log", f"{self.batches} batches sealed"),
            *self.takings.rows(),
        ]


def take() -> Summary:
    """Count everything, and recount every tally."""
    at = clock.now()
    contests = db.session.scalars(select(Contest).where(Contest.is_whole)).all()
    pictures = count_by(Artwork.state)
    ready = pictures[ArtworkState.READY.value]
    keys = list(db.session.scalars(select(Rendition.key)))
    store = in_force.store()
    recounted = recount.recount()
    return Summary(
        phases=Counter(phase(contest, at).value for contest in contests),
        members=count(Member.id),
        submissions=count_by(Submission.state),
        pictures=pictures,
        renditions=len(keys),
        renditions_expected=ready * len(STANDARD_PLANS) * _FORMATS,
        files_missing=sum(not store.exists(key) for key in keys),
        votes=count(Vote.stars),
        voters=db.session.scalar(select(func.count(Vote.member_id.distinct()))) or 0,
        log_lines=count(BallotLogEntry.id),
        intents=count(Intent.at),
        tallies=count(Tally.id),
        cases=count(Case.id),
        set_aside=count(Quarantine.id),
        batches=count(BallotBatch.number),
        takings=takings.take(at),
        mismatches=tuple(str(one) for one in recounted.mismatches),
    )
