"""Against a disqualification: its designers appeal, somebody answers, and a design may come back.

A design that is let in again is counted as before, in a tally of the next number, and can be
chosen again. A place that went on to another design stays there: that one's designers were promised
it. After the announcement no winner moves.
"""

from datetime import datetime

from sqlalchemy import update

from ideation.accounts.models import Member
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import Conflict, NotAllowed
from ideation.core.i18n import lazy
from ideation.selection import disqualified_notices, policies, queries, rights
from ideation.selection.disqualifying import MOST_NOTE, audit, check_words
from ideation.selection.models import Disqualification, Ground, ReleaseCause
from ideation.submissions import policies as submissions
from ideation.submissions import queries as designs
from ideation.submissions.models import State
from ideation.voting import tallying

#: Characters of an appeal.
MOST_APPEAL = 2000

_ANSWERED = lazy("Somebody else has just answered this.")


def appeal(member: Member, submission_id: int, words: str, *, at: datetime) -> Disqualification:
    """Say why the design should be let in again: once, by any of its designers.

    Raises NotAllowed for others, Conflict where nothing stands against it or somebody appealed
    already, Invalid without words.
    """
    submission = queries.get_submission(submission_id)
    editions.get_locked(submission.contest_id)
    if not submissions.is_designer(submission, member):
        raise NotAllowed(lazy("Only its designers can appeal."))
    standing = queries.find_disqualification(submission_id)
    if standing is None or not may_appeal(standing):
        raise Conflict(lazy("There is nothing to appeal against here."))
    check_words("appeal", words, MOST_APPEAL, lazy("Write a few words."))
    standing.appeal, standing.appealed_by, standing.appealed_at = words, member.id, at
    db.session.flush()
    audit("contest.disqualification_appealed", member, standing, "", {}, at)
    disqualified_notices.tell_appealed(standing, at=at)
    return standing


def may_appeal(standing: Disqualification) -> bool:
    """Whether its designers can still say something against it."""
    return standing.lifted_at is None and standing.appealed_at is None


def reject(actor: Member, contest_id: int, public_id: str, words: str, *, at: datetime) -> None:
    """Leave the design out, with an answer to the appeal that its designers read.

    Raises NotAllowed, Conflict where no appeal waits, Invalid without words.
    """
    standing = _to_answer(actor, contest_id, public_id, words)
    if standing.appealed_at is None:
        raise Conflict(lazy("Nobody has appealed, so there is nothing to answer."))
    _answer(standing, actor, words, at, is_lifted=False)
    audit("contest.disqualification_confirmed", actor, standing, words, {}, at)
    disqualified_notices.tell_answered(standing, at=at)


def reinstate(actor: Member, contest_id: int, public_id: str, words: str, *, at: datetime) -> None:
    """Let the design in again, because an appeal is upheld or the reason turned out to be wrong.

    Raises NotAllowed, Conflict where it is lifted or the design is gone, Invalid without words.
    """
    standing = _to_answer(actor, contest_id, public_id, words)
    submission = designs.get_locked(standing.submission_id)
    if submission.state is not State.DISQUALIFIED:
        raise Conflict(lazy("Its designer has left and took the design along."))
    was_appealed = standing.appealed_at is not None
    _answer(standing, actor, words, at, is_lifted=True)
    submission.state = State.APPROVED
    submission.updated_at = at
    contest = db.session.get_one(Contest, contest_id)
    if contest.announced_at is None:
        _clear_decision(submission.id)
    else:
        rights.release(contest_id, [submission.id], ReleaseCause.NOT_CHOSEN, at=at)
    cause = "appeal" if was_appealed else "reinstatement"
    tally = tallying.refreeze(contest_id, f"{cause}:{standing.public_id}", at=at)
    detail: dict[str, object] = {"was_appealed": was_appealed, "tally": tally.number}
    audit("contest.reinstated", actor, standing, words, detail, at)
    disqualified_notices.tell_answered(standing, at=at)


def _clear_decision(submission_id: int) -> None:
    """Before the announcement it needs a decision like any other entry, so the old one goes."""
    decision = queries.find_decision(submission_id)
    if decision is not None and decision.ground is Ground.DISQUALIFIED:
        db.session.delete(decision)
        db.session.flush()


def _to_answer(actor: Member, contest_id: int, public_id: str, words: str) -> Disqualification:
    """The disqualification, under its contest's lock, if the actor may answer for it now."""
    contest = editions.get_locked(contest_id)
    standing = queries.get_disqualification(contest_id, public_id)
    policies.check_may_decide(actor, contest.space_id)
    if submissions.is_designer(standing.submission, actor):
        raise NotAllowed(lazy("This is your own design: somebody else has to decide."))
    if standing.lifted_at is not None:
        raise Conflict(_ANSWERED)
    check_words("answer", words, MOST_NOTE, lazy("Say why: its designers read it."))
    return standing


def _answer(
    standing: Disqualification, actor: Member, words: str, at: datetime, *, is_lifted: bool
) -> None:
    """Let the first of several who answer at once through; what was rejected can be lifted yet."""
    open_yet = [Disqualification.id == standing.id, Disqualification.lifted_at.is_(None)]
    if not is_lifted:
        open_yet.append(Disqualification.answered_at.is_(None))
    taken = db.session.execute(
        update(Disqualification)
        .where(*open_yet)
        .values(
            answer=words,
            answered_by=actor.id,
            answered_at=at,
            lifted_at=at if is_lifted else None,
        )
        .execution_options(synchronize_session="fetch")
    )
    if not taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Conflict(_ANSWERED)
