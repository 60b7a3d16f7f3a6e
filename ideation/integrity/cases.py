"""Cases: one, a contest's, what waits, and which votes are set aside."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.integrity.models import Appeal, Case, CaseMember, Judgement, Signal
from ideation.voting.models import Quarantine, Vote

SIZE = 30
#: In a case's key and evidence: its signal stopped with an error, and says nothing of anybody.
FAILED = "failed"

_NOT_HERE = lazy("There is no such case.")


def get(case_id: int) -> Case:
    """The case of a key, as it is now. Raises NotFound."""
    found = db.session.get(Case, case_id, populate_existing=True)
    if found is None:
        raise NotFound(_NOT_HERE)
    return found


def get_of(contest_id: int, public_id: str) -> Case:
    """The contest's case of a public id. Raises NotFound."""
    query = select(Case).where(Case.contest_id == contest_id, Case.public_id == public_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(_NOT_HERE)
    return found


def get_by_public_id(public_id: str) -> Case:
    """The case of a public id. Raises NotFound."""
    found = db.session.scalar(select(Case).where(Case.public_id == public_id))
    if found is None:
        raise NotFound(_NOT_HERE)
    return found


def list_all(contest_id: int) -> list[Case]:
    """Every case of a contest, the oldest first."""
    return list(
        db.session.scalars(select(Case).where(Case.contest_id == contest_id).order_by(Case.id))
    )


def page(contest_id: int, which: str, signal: Signal | None, number: int) -> Page[Case]:
    """One page of a contest's cases, the gravest first; ``which`` is a key of ``FILTERS``."""
    query = select(Case).where(Case.contest_id == contest_id, FILTERS[which]())
    if signal is not None:
        query = query.where(Case.signal == signal)
    return paginate(query.order_by(Case.severity.desc(), Case.found_at, Case.id), number, SIZE)


def counts(contest_id: int) -> dict[str, int]:
    """How many cases each filter holds, in one statement."""
    columns = [
        func.count(case((condition(), Case.id))).label(name) for name, condition in FILTERS.items()
    ]
    row = db.session.execute(select(*columns).where(Case.contest_id == contest_id)).one()
    return {name: row[place] for place, name in enumerate(FILTERS)}


def count_waiting(contest_id: int) -> int:
    """Cases of a contest that wait for a person: undecided, decided by a rule, or appealed."""
    query = select(func.count(Case.id)).where(Case.contest_id == contest_id, waits())
    return db.session.scalar(query) or 0


def waiting_by_contest() -> dict[int, int]:
    """Contest → cases that wait for a person, of contests that have one.

    Once the winners are announced only appeals do: somebody waits for the answer.
    """
    query = (
        select(Case.contest_id, func.count(Case.id))
        .join(Contest, Contest.id == Case.contest_id)
        .where(
            waits(),
            or_(Contest.announced_at.is_(None), is_appealed()),
            Contest.cancelled_at.is_(None),
        )
        .group_by(Case.contest_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def waits() -> ColumnElement[bool]:
    """A case that wants a person's decision, or whose appeal wants an answer."""
    return or_(and_(Case.judged_by_id.is_(None), Case.gone_at.is_(None)), is_appealed())


def is_appealed() -> ColumnElement[bool]:
    """A case with an appeal that nobody has answered."""
    return exists().where(Appeal.case_id == Case.id, Appeal.answered_at.is_(None))


def _settled() -> ColumnElement[bool]:
    return Case.judgement.in_((Judgement.KEEP, Judgement.RESTORE))


FILTERS: dict[str, Callable[[], ColumnElement[bool]]] = {
    "waiting": waits,
    "excluded": lambda: Case.judgement == Judgement.EXCLUDE,
    "settled": _settled,
    "gone": lambda: and_(Case.gone_at.is_not(None), Case.judgement.is_(None)),
    "all": lambda: Case.id.is_not(None),
}


def is_a_failure() -> ColumnElement[bool]:
    """A case that says only that its signal could not look."""
    return Case.key.contains(f":{FAILED}:", autoescape=True)


def is_failure(one: Case) -> bool:
    """Whether the case says only that its signal could not look."""
    return bool(one.evidence.get(FAILED))


def members_of(one: Case) -> list[int]:
    """Keys of the voters of a case."""
    return [member.member_id for member in one.members]


def quarantined(contest_id: int, *, but: int | None = None) -> set[int]:
    """Voters whose votes are set aside now; without those that only the case ``but`` sets aside."""
    query = select(Quarantine.member_id).where(
        Quarantine.contest_id == contest_id, Quarantine.lifted_at.is_(None)
    )
    if but is not None:
        query = query.where(Quarantine.case_id != but)
    return set(db.session.scalars(query))


def set_aside_by(case_id: int) -> dict[int, datetime | None]:
    """Voter → when their quarantine by this case was lifted; None while it stands."""
    query = (
        select(Quarantine.member_id, Quarantine.lifted_at)
        .where(Quarantine.case_id == case_id)
        .order_by(Quarantine.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def appeals_of(case_id: int) -> list[Appeal]:
    """Appeals in a case, the open ones first."""
    query = select(Appeal).where(Appeal.case_id == case_id)
    return list(db.session.scalars(query.order_by(Appeal.answered_at.is_not(None), Appeal.id)))


def earlier_of(member_ids: Collection[int], contest_id: int) -> dict[int, int]:
    """Voter → in how many cases of other contests their votes were set aside for good."""
    query = (
        select(CaseMember.member_id, func.count(Case.id))
        .join(Case, Case.id == CaseMember.case_id)
        .where(
            CaseMember.member_id.in_(member_ids),
            Case.contest_id != contest_id,
            Case.judgement == Judgement.EXCLUDE,
        )
        .group_by(CaseMember.member_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def count_votes(contest_id: int, member_ids: Collection[int]) -> dict[int, int]:
    """Voter → how many votes they gave in the contest."""
    query = (
        select(Vote.member_id, func.count())
        .where(Vote.contest_id == contest_id, Vote.member_id.in_(member_ids))
        .group_by(Vote.member_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
