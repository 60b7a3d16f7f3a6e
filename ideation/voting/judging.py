"""How far a jury is: each juror through the designs, and each design towards its quorum.

A juror's own progress is theirs to see; that of all is for those who may see live scores until
the close, and for everyone who manages the contest after it. At the close nothing waits for a
juror who did not finish: the count says which designs stayed below the quorum.
"""

from sqlalchemy import func, select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.submissions.models import State, Submission
from ideation.voting import sight
from ideation.voting.models import Juror, Recusal, Tally, TallyRow, Vote


def progress(juror_id: int, contest_id: int) -> tuple[int, int]:
    """(scored, all that this juror judges): what their deck deals, recusals left out."""
    barred = sight.of(contest_id, juror_id, slot=0).barred
    judged = (
        select(Submission.id)
        .where(
            Submission.contest_id == contest_id,
            Submission.state == State.APPROVED,
            Submission.id.not_in(sorted(barred)),
        )
        .subquery()
    )
    done = (
        select(func.count())
        .select_from(Vote)
        .join(judged, judged.c.id == Vote.submission_id)
        .where(Vote.member_id == juror_id)
    )
    total = select(func.count()).select_from(judged)
    row = db.session.execute(select(done.scalar_subquery(), total.scalar_subquery())).one()
    return row[0], row[1]


def counts(contest_id: int) -> dict[int, tuple[int, int]]:
    """Juror → (designs scored, designs they will not judge), of those that are in the contest."""
    scored = (
        select(Vote.member_id, func.count())
        .join(Submission, Submission.id == Vote.submission_id)
        .where(Vote.contest_id == contest_id, Submission.state == State.APPROVED)
        .group_by(Vote.member_id)
    )
    recused = (
        select(Recusal.member_id, func.count())
        .join(Submission, Submission.id == Recusal.submission_id)
        .where(Submission.contest_id == contest_id, Submission.state == State.APPROVED)
        .group_by(Recusal.member_id)
    )
    done = {row[0]: row[1] for row in db.session.execute(scored)}
    left = {row[0]: row[1] for row in db.session.execute(recused)}
    jurors = db.session.scalars(select(Juror.member_id).where(Juror.contest_id == contest_id))
    return {juror: (done.get(juror, 0), left.get(juror, 0)) for juror in jurors}


def count_below_quorum(contest: Contest, tally: Tally) -> int:
    """How many designs of a tally fewer jurors judged than the contest asks for; 0 without one."""
    if contest.quorum is None:
        return 0
    query = select(func.count()).where(
        TallyRow.tally_id == tally.id, TallyRow.counted < contest.quorum
    )
    return db.session.scalar(query) or 0


def count_short_of_quorum(contest: Contest) -> tuple[int, int]:
    """(designs still below the quorum, all designs), while it is judged."""
    votes = (
        select(func.count())
        .where(Vote.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    on_the_wall = [Submission.contest_id == contest.id, Submission.state == State.APPROVED]
    short = select(func.count()).select_from(Submission).where(*on_the_wall, votes < contest.quorum)
    total = select(func.count()).select_from(Submission).where(*on_the_wall)
    row = db.session.execute(select(short.scalar_subquery(), total.scalar_subquery())).one()
    return row[0], row[1]
