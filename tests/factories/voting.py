"""Voters with a session, ballots that were dealt, votes."""

import secrets
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm.attributes import instance_state

from ideation.accounts import sessions
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.http.session import token_hash
from ideation.submissions.models import Submission
from ideation.voting import ballots, tallying
from ideation.voting.ballots import Cast
from ideation.voting.models import Tally
from ideation.voting.tokens import Ballot
from tests.factories.keys import key_of


def session_of(member: Member, *, device: bytes = b"") -> bytes:
    """Sign the member in on a machine of their own; the hash that casting asks for."""
    with transaction():
        token = sessions.begin(
            db.session.merge(member),
            at=clock.now(),
            user_agent="tests",
            device=device or secrets.token_bytes(16),
        )
    return token_hash(token)


def ballot(member: Member, submission: Submission, *, slot: int = 0, position: int = 0) -> str:
    """The token of a ballot for this design, as if the deck had dealt it to this member."""
    key = key_of(submission)
    contest_id = instance_state(submission).dict.get("contest_id") or db.session.scalar(
        select(Submission.contest_id).where(Submission.id == key)
    )
    assert contest_id is not None
    return ballots.sign(Ballot(key_of(member), contest_id, key, slot, position))


def vote(member: Member, submission: Submission, stars: int, *, session: bytes = b"") -> Cast:
    """Cast a dealt ballot."""
    session = session or session_of(member)
    return ballots.cast(session, ballot(member, submission), stars, at=clock.now())


def votes(member: Member, marks: Iterable[tuple[Submission, int]], *, device: bytes = b"") -> None:
    """Cast several ballots of one member, from one browser."""
    session = session_of(member, device=device)
    dealt = [
        (ballot(member, submission, position=position), stars)
        for position, (submission, stars) in enumerate(marks)
    ]
    db.session.rollback()  # a look that was begun here would not see the votes
    for token, stars in dealt:
        assert ballots.cast(session, token, stars, at=clock.now()).refusal is None


def tallied(contest: Contest) -> Tally:
    """Close the contest now, whatever its window, and freeze tally number 1."""
    at = clock.now()
    with transaction():
        db.session.get_one(Contest, contest.id).closed_at = at
    counted = tallying.count(contest.id)
    with transaction():
        return tallying.freeze(counted, tallying.CLOSE, at=at)
