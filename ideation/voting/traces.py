"""What told votes from one browser or network apart from others, and when it is forgotten.

Votes carry keyed hashes of a device cookie and of a network so that accounts in one place do not
count as many. Thirty days after close that is decided: the hashes go, batch by batch. The tallies
stay as they are, because each has frozen what every vote weighed. A browser itself is forgotten
thirty days after its owner last signed in from it, once none of their contests needs it any more
and nobody is signed in there.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from ideation.accounts.models import DeviceUse, SessionRow
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import instance, jobs
from ideation.core.db import db, transaction
from ideation.submissions.models import Submission
from ideation.voting import kept_votes
from ideation.voting.models import Vote

#: Long enough to hear an appeal and answer it.
KEPT_FOR = timedelta(days=30)
#: So many rows are written at a time: nobody who votes elsewhere waits for it.
BATCH = 5000

EXPIRE = jobs.declare("voting.expire_traces")

#: The last contest that has none left, as instant of its end and id; so each day looks only at
#: what is new, and of several that ended at one instant at each.
_UNTIL = "vote_traces_expired_until"
#: Up to which instant forgetting has begun: of a contest half forgotten nothing is relied on.
_BEGUN = "vote_traces_expiry_begun"


def are_gone(contest: Contest) -> bool:
    """Whether devices and networks of the contest's votes are forgotten, or some of them.

    Who shared a place can then only be read from the weights of its tallies.
    """
    ended_at = contest.closed_at or contest.cancelled_at
    begun = instance.find(_BEGUN)
    return ended_at is not None and begun is not None and ended_at <= datetime.fromisoformat(begun)


def expire(at: datetime) -> int:
    """Forget what is due; returns of how many contests. Opens transactions of its own.

    Killed half-way it goes on where it was: a contest is ticked off only when it is done.
    """
    due = _due(at)
    for contest_id, ended_at in due:
        with transaction():
            editions.get_locked(contest_id)  # whoever counts it anew now has all, or nothing
            instance.establish(_BEGUN, at, ended_at.isoformat())
        kept_votes.forget(contest_id)
        _forget_votes(contest_id)
        with transaction():
            instance.establish(_UNTIL, at, f"{ended_at.isoformat()} {contest_id}")
    _forget_browsers(at)
    return len(due)


def _due(at: datetime) -> list[tuple[int, datetime]]:
    """Contests whose thirty days are over, the one that ended first first.

    One that is not counted yet holds up those after it: without its devices it would be counted
    wrongly. Nothing of the kind lasts for thirty days unless the workers stand still.
    """
    ended_at = func.coalesce(Contest.closed_at, Contest.cancelled_at)
    query = (
        select(Contest.id, ended_at.label("ended_at"), Contest.tallied_at, Contest.cancelled_at)
        .where(ended_at <= at - KEPT_FOR)
        .order_by(ended_at, Contest.id)
    )
    known = instance.find(_UNTIL)
    if known is not None:
        instant, _, last_id = known.partition(" ")
        until = datetime.fromisoformat(instant)
        query = query.where(
            or_(ended_at > until, and_(ended_at == until, Contest.id > int(last_id or 0)))
        )
    rows = db.session.execute(query).all()
    db.session.rollback()
    due: list[tuple[int, datetime]] = []
    for row in rows:
        if row.tallied_at is None and row.cancelled_at is None:
            break
        due.append((row.id, row.ended_at))
    return due


def _forget_votes(contest_id: int) -> None:
    """Voter by voter, along the index, so that no batch reads what another has done."""
    after = 0
    while True:
        voters = (
            select(Vote.member_id)
            .where(Vote.contest_id == contest_id, Vote.member_id > after)
            .order_by(Vote.member_id)
            .limit(BATCH)
        )
        with transaction() as current:
            last = current.scalar(select(func.max(voters.subquery().c.member_id)))
            if last is None:
                return
            current.execute(
                update(Vote)
                .where(
                    Vote.contest_id == contest_id,
                    Vote.member_id > after,
                    Vote.member_id <= last,
                    or_(Vote.device.is_not(None), Vote.network.is_not(None)),
                )
                .values(device=None, network=None)
                .execution_options(synchronize_session=False)
            )
        after = last


def _forget_browsers(at: datetime) -> None:
    while True:
        with transaction() as current:
            old = list(current.scalars(select(DeviceUse.id).where(*_over(at)).limit(BATCH)))
            current.execute(delete(DeviceUse).where(DeviceUse.id.in_(old)))
        if len(old) < BATCH:
            return


def _over(at: datetime) -> list[ColumnElement[bool]]:
    """Browsers that no running session and no contest of their owner needs any more."""
    limit = at - KEPT_FOR
    still_needed = or_(
        func.coalesce(Contest.closed_at, Contest.cancelled_at).is_(None),
        func.coalesce(Contest.closed_at, Contest.cancelled_at) > limit,
        and_(Contest.tallied_at.is_(None), Contest.cancelled_at.is_(None)),
    )
    voted = (
        exists()
        .where(Vote.member_id == DeviceUse.member_id, Vote.contest_id == Contest.id)
        .where(still_needed)
    )
    entered = (
        exists()
        .where(Submission.member_id == DeviceUse.member_id, Submission.contest_id == Contest.id)
        .where(still_needed)
    )
    signed_in = exists().where(
        SessionRow.member_id == DeviceUse.member_id,
        SessionRow.device == DeviceUse.device,
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > at,
    )
    return [DeviceUse.last_at < limit, ~voted, ~entered, ~signed_in]
