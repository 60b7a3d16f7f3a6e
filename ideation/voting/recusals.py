"""A juror will not judge one design, and says why: it is a friend's, say, or too like their own.

Such a design is not dealt to them, and stars they gave it before are taken back. The reason is
for those who manage the contest; the public learns how many jurors judged a design, not why
one did not.
"""

from datetime import datetime

from sqlalchemy import delete, select

from ideation.accounts.models import Member
from ideation.core.db import db
from ideation.core.errors import Invalid
from ideation.core.i18n import lazy
from ideation.submissions.models import Submission
from ideation.voting import ballots, policies
from ideation.voting.models import Recusal, Vote
from ideation.voting.policies import Refusal
from ideation.voting.tokens import Ballot

LEAST_REASON = 8
MOST_REASON = 500


def recuse(juror: Member, submission: Submission, reason: str, *, at: datetime) -> None:
    """Not judge this design; stars given before are taken back. Call inside ``transaction()``.

    Recusing again changes the reason. Raises NotAllowed for whoever is no juror there, Conflict
    outside the scoring window, Invalid (field ``reason``) without a reason.
    """
    _check(juror, submission, at)
    reason = reason.strip()
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        raise Invalid(
            fields={"reason": lazy("Say why, in a sentence: whoever runs the contest reads it.")}
        )
    vote = db.session.get(Vote, (submission.id, juror.id))
    if vote is not None:
        token = ballots.sign(
            Ballot(juror.id, vote.contest_id, submission.id, vote.slot, vote.position)
        )
        db.session.expunge(vote)
        ballots.retract(juror, token, at=at)
    recusal = db.session.get(Recusal, (submission.id, juror.id))
    if recusal is None:
        recusal = Recusal(submission_id=submission.id, member_id=juror.id)
        db.session.add(recusal)
    recusal.reason, recusal.at = reason, at
    db.session.flush()


def take_back(juror: Member, submission: Submission, *, at: datetime) -> None:
    """Judge the design after all: the deck deals it again. Call inside ``transaction()``.

    Raises NotAllowed, Conflict outside the scoring window.
    """
    _check(juror, submission, at)
    db.session.execute(
        delete(Recusal).where(Recusal.submission_id == submission.id, Recusal.member_id == juror.id)
    )


def find(member_id: int, submission_id: int) -> Recusal | None:
    """The juror's recusal from the design."""
    return db.session.get(Recusal, (submission_id, member_id))


def find_many(member_id: int, submission_ids: list[int]) -> dict[int, Recusal]:
    """The batch twin of ``find``: submission → the juror's recusal from it."""
    query = select(Recusal).where(
        Recusal.member_id == member_id, Recusal.submission_id.in_(submission_ids)
    )
    return {one.submission_id: one for one in db.session.scalars(query)}


def list_in(contest_id: int) -> list[tuple[Recusal, Submission]]:
    """Every recusal in a contest with its design, the latest first; for those who manage it."""
    query = (
        select(Recusal, Submission)
        .join(Submission, Submission.id == Recusal.submission_id)
        .where(Submission.contest_id == contest_id)
        .order_by(Recusal.at.desc(), Recusal.submission_id)
    )
    return [(recusal, submission) for recusal, submission in db.session.execute(query)]


def _check(juror: Member, submission: Submission, at: datetime) -> None:
    """In a contest without a jury nobody can recuse. The votes' lock orders it with the close."""
    contest = ballots.lock_for_voting(submission.contest_id)
    why = policies.voter_refusal(juror, contest, at)
    if why is None and not policies.judges(juror, contest):
        why = Refusal.NO_JUROR
    if why is not None:
        raise policies.error_for(why)
