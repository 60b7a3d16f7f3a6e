"""What a voter reads of the cases that concern them: why, how many votes, and what they can do.

Nothing before the close, nobody else's name, and no case that left their votes alone without a
question.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import NotFound, Words
from ideation.core.i18n import lazy
from ideation.integrity import appeals, cases, rulings, words
from ideation.integrity.models import Appeal, Case, CaseMember, Reply, Ruling
from ideation.voting.models import Quarantine

#: ``review``: set aside until a person has looked; ``excluded``: a person decided so;
#: ``restored``: counts again; ``asked``: counts, and there is a question.
Standing: TypeAlias = Literal["review", "excluded", "restored", "asked"]


@dataclass(frozen=True)
class Concern:
    """One case, as one of its voters sees it."""

    case: Case
    contest: Contest
    votes: int
    standing: Standing
    appeal: Appeal | None
    may_appeal: bool
    question: Ruling | None
    reply: Reply | None

    @property
    def reason(self) -> Words:
        """Why the votes are looked at, in plain words."""
        return words.TO_MEMBERS[self.case.signal]


def list_of(member: Member, contest: Contest, at: datetime) -> list[Concern]:
    """What concerns the member in a contest, the latest first; nothing before its close."""
    if contest.closed_at is None:
        return []
    query = (
        select(Case)
        .join(CaseMember, CaseMember.case_id == Case.id)
        .where(Case.contest_id == contest.id, CaseMember.member_id == member.id)
        .order_by(Case.id.desc())
    )
    found = [_concern(case, contest, member, at) for case in db.session.scalars(query)]
    return [one for one in found if one is not None]


def get(member: Member, public_id: str, at: datetime) -> Concern:
    """One case that concerns the member. Raises NotFound, also before the close."""
    case = cases.get_by_public_id(public_id)
    contest = contests.get(case.contest_id)
    is_theirs = contest.closed_at is not None and any(
        one.member_id == member.id for one in case.members
    )
    concern = _concern(case, contest, member, at) if is_theirs else None
    if concern is None:
        raise NotFound(lazy("There is nothing here that concerns you."))
    return concern


def _concern(case: Case, contest: Contest, member: Member, at: datetime) -> Concern | None:
    quarantine = _quarantine(case.id, member.id)
    question = rulings.last_question(case)
    if quarantine is None and question is None:
        return None
    said = db.session.scalar(
        select(Appeal).where(Appeal.case_id == case.id, Appeal.member_id == member.id)
    )
    replied = db.session.get(Reply, (question.id, member.id)) if question else None
    return Concern(
        case=case,
        contest=contest,
        votes=cases.count_votes(contest.id, [member.id]).get(member.id, 0),
        standing=_standing(case, quarantine),
        appeal=said,
        may_appeal=said is None and appeals.may_appeal(case, contest, member.id, at),
        question=question,
        reply=replied,
    )


def _standing(case: Case, quarantine: Quarantine | None) -> Standing:
    if quarantine is None:
        return "asked"
    if quarantine.lifted_at is not None:
        return "restored"
    return "excluded" if case.judged_by_id is not None else "review"


def _quarantine(case_id: int, member_id: int) -> Quarantine | None:
    query = (
        select(Quarantine)
        .where(Quarantine.case_id == case_id, Quarantine.member_id == member_id)
        .order_by(Quarantine.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)
