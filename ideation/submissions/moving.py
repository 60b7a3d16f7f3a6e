"""Designs approved too late for their contest: they may move to the next edition of its series.

Only with their designer's consent, and never silently: the delay was ours. Where no edition is
planned yet, the design waits, and its designer is asked as soon as there is one.
"""

from datetime import datetime

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import events, jobs
from ideation.core.db import db
from ideation.core.errors import Conflict, NotAllowed
from ideation.core.i18n import lazy
from ideation.notices import telling
from ideation.submissions import designers, drafting, notices, policies
from ideation.submissions.events import SubmissionApproved
from ideation.submissions.models import State, Submission

ASK = jobs.declare("submissions.ask_to_move")


def find_next(contest: Contest, at: datetime) -> Contest | None:
    """The next edition of the contest's series that takes entries now or later."""
    if contest.series_id is None:
        return None
    query = (
        select(Contest)
        .where(
            Contest.series_id == contest.series_id,
            Contest.id != contest.id,
            Contest.is_whole,
            Contest.cancelled_at.is_(None),
            Contest.entry_closes_at > at,
        )
        .order_by(Contest.entry_opens_at, Contest.id)
        .limit(1)
    )
    return db.session.scalar(query)


def ask(submission: Submission, *, at: datetime) -> bool:
    """Ask the designer whether it may move; False where there is no edition to move to yet."""
    following = find_next(submission.contest, at)
    params = {
        "title": submission.title,
        "contest": notices.contest_names(submission.contest),
    }
    if following is None:
        kind = notices.NO_EDITION
    else:
        kind = notices.LATE
        params["next"] = notices.contest_names(following)
        submission.move_asked_at = at
    db.session.flush()
    telling.tell(
        submission.member_id,
        kind,
        at=at,
        params=params,
        link=notices.link(submission),
        key=f"{kind.name}:{submission.id}:{submission.contest_id}",
    )
    return following is not None


def ask_waiting(at: datetime) -> int:
    """Ask for every design that waits for an edition to be planned. Returns how many it asked."""
    query = select(Submission).where(
        Submission.state == State.SUBMITTED,
        Submission.decided_at.is_not(None),
        Submission.move_asked_at.is_(None),
    )
    return sum(ask(submission, at=at) for submission in db.session.scalars(query).all())


def consent(member: Member, submission: Submission, *, at: datetime) -> Contest:
    """Move it to the next edition, of which it is then an approved part. Returns that contest.

    Raises NotAllowed for anybody but its designer, and for one who may take part no more;
    Conflict where nothing is asked or no edition can take it now.
    """
    if not policies.is_owner(submission, member):
        raise NotAllowed(lazy("Only the member who handed this design in can decide that."))
    drafting.require_standing(member)
    if not policies.is_waiting_to_move(submission):
        raise Conflict(lazy("Nothing needs to move here."))
    following = find_next(submission.contest, at)
    if following is None:
        raise Conflict(lazy("No edition is planned yet. You will hear when there is one."))
    submission.moved_from_id = submission.contest_id
    submission.contest = following
    submission.state = State.APPROVED
    submission.move_asked_at = None
    submission.decided_at = submission.updated_at = at
    _keep_colour(submission, following)
    db.session.flush()
    names = notices.contest_names(following)
    for other in designers.shown(submission):
        if other.id != member.id:
            telling.tell(
                other.id,
                notices.MOVED,
                at=at,
                params={"title": submission.title, "contest": names},
                link=notices.link(submission),
            )
    events.publish(SubmissionApproved(submission.id, following.id, at))
    return following


def _keep_colour(submission: Submission, contest: Contest) -> None:
    """Another article may come in other colours: then its first, until the designer chooses."""
    colours = [colour["key"] for colour in contest.article.colours]
    if submission.colour not in colours:
        submission.colour = colours[0] if colours else ""
