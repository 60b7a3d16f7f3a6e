"""A frozen tally in which the designs rank as they were handed in."""

from datetime import timedelta

from sqlalchemy import select

from ideation.contests import lifecycle
from ideation.contests.models import Contest
from ideation.core.db import db, transaction
from ideation.submissions.models import Submission
from ideation.voting.models import Tally, TallyRow
from ideation.voting.scoring import RULE_VERSION


def tally(contest: Contest) -> None:
    at = contest.scoring_closes_at + timedelta(minutes=1)
    with transaction():
        lifecycle.set_tallied(contest.id, at)
        made = Tally(
            contest_id=contest.id,
            number=1,
            cause="close",
            rule_version=RULE_VERSION,
            mean=30_000,
            prior=20,
            voters=9,
            counted=90,
            uncounted=0,
            digest="",
            at=at,
        )
        db.session.add(made)
        db.session.flush()
        ids = db.session.scalars(
            select(Submission.id).where(Submission.contest_id == contest.id).order_by(Submission.id)
        ).all()
        db.session.add_all(
            TallyRow(
                tally_id=made.id,
                submission_id=submission_id,
                rank=rank,
                score=40_000 - rank * 100,
                raw_mean=None,
                low=30_000,
                high=45_000,
                histogram=[0, 1, 2, 3, 4],
                counted=10,
                uncounted=0,
            )
            for rank, submission_id in enumerate(ids, 1)
        )
