"""Contests with a jury, and jurors."""

from ideation.accounts.models import Member
from ideation.contests.models import Contest, Format
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting.models import Juror
from tests.factories import contests
from tests.factories.members import member as make_member


def jury_contest(phase: str = "scoring", *, quorum: int = 2, **values: object) -> Contest:
    """A contest that a jury scores, without jurors yet."""
    return contests.contest(phase, format=Format.JURY, quorum=quorum, **values)


def juror(contest: Contest, person: Member | None = None) -> Member:
    """A member who is on the contest's jury."""
    person = person or make_member("Juror")
    with transaction():
        db.session.add(
            Juror(contest_id=contest.id, member_id=person.id, named_at=clock.now(), left_at=None)
        )
    return person
