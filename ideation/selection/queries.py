"""Decisions, agreements and releases, as rules and pages ask for them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.selection.models import (
    Agreement,
    AgreementParty,
    AgreementState,
    Decision,
    Disqualification,
    Outcome,
    RightsRelease,
)
from ideation.submissions.models import State, Submission

#: States in which an agreement binds us.
LIVING = (AgreementState.OFFERED, AgreementState.ACCEPTED)


def get_submission(submission_id: int) -> Submission:
    """The entry of a key, fresh. Raises NotFound."""
    submission = db.session.get(Submission, submission_id, populate_existing=True)
    if submission is None:
        raise NotFound(lazy("There is no such design."))
    return submission


def get_design(public_id: str) -> Submission:
    """A design of any state, by its address; who may see what of it is the caller's to ask.

    Raises NotFound.
    """
    submission = db.session.scalar(select(Submission).where(Submission.public_id == public_id))
    if submission is None:
        raise NotFound(lazy("There is no such design."))
    return submission


def get_agreement(agreement_id: int) -> Agreement:
    """The agreement of a key, fresh. Raises NotFound."""
    agreement = db.session.get(Agreement, agreement_id, populate_existing=True)
    if agreement is None:
        raise NotFound(lazy("There is no such agreement."))
    return agreement


def get_agreement_by_public_id(public_id: str) -> Agreement:
    """The agreement of an address. Raises NotFound."""
    agreement = db.session.scalar(select(Agreement).where(Agreement.public_id == public_id))
    if agreement is None:
        raise NotFound(lazy("There is no such agreement."))
    return agreement


def get_entry(contest_id: int, public_id: str) -> Submission:
    """What took part in a contest, by its address. Raises NotFound."""
    query = select(Submission).where(_took_part(contest_id), Submission.public_id == public_id)
    submission = db.session.scalar(query)
    if submission is None:
        raise NotFound(lazy("There is no such design."))
    return submission


def keys_of(contest_id: int, public_ids: Collection[str]) -> list[int]:
    """Keys of those of the addresses that took part in the contest."""
    query = select(Submission.id).where(
        _took_part(contest_id), Submission.public_id.in_(public_ids)
    )
    return list(db.session.scalars(query))


def list_entries(contest_id: int) -> list[int]:
    """Keys of everything that took part: each needs a decision before the announcement."""
    query = select(Submission.id).where(_took_part(contest_id)).order_by(Submission.id)
    return list(db.session.scalars(query))


def find_decision(submission_id: int) -> Decision | None:
    """What was decided about an entry so far, announced or not."""
    return db.session.get(Decision, submission_id, populate_existing=True)


def find_decisions(submission_ids: Collection[int]) -> dict[int, Decision]:
    """The batch twin of ``find_decision``: submission → its decision."""
    query = select(Decision).where(Decision.submission_id.in_(submission_ids))
    return {each.submission_id: each for each in db.session.scalars(query)}


def decisions_of(contest_id: int) -> dict[int, Decision]:
    """Submission → its decision, in the order of places, then ranks."""
    query = (
        select(Decision)
        .where(Decision.contest_id == contest_id)
        .order_by(Decision.place.is_(None), Decision.place, Decision.rank, Decision.submission_id)
        .execution_options(populate_existing=True)
    )
    return {each.submission_id: each for each in db.session.scalars(query)}


def list_winners(contest_id: int) -> list[Decision]:
    """The chosen entries of a contest by place, announced or not."""
    query = (
        select(Decision)
        .where(Decision.contest_id == contest_id, Decision.outcome == Outcome.WINNER)
        .order_by(Decision.place)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def announced_winners(contest_ids: Collection[int]) -> dict[int, list[Decision]]:
    """Contest → its winners by place, of those that were announced; one statement."""
    query = (
        select(Decision)
        .join(Contest, Contest.id == Decision.contest_id)
        .where(
            Decision.contest_id.in_(contest_ids),
            Decision.outcome == Outcome.WINNER,
            Contest.announced_at.is_not(None),
        )
        .order_by(Decision.contest_id, Decision.place)
    )
    winners: dict[int, list[Decision]] = {}
    for decision in db.session.scalars(query):
        winners.setdefault(decision.contest_id, []).append(decision)
    return winners


def issued_decisions(submission_ids: Collection[int]) -> dict[int, Decision]:
    """Submission → its decision, where the designers have it already; one statement."""
    query = select(Decision).where(
        Decision.submission_id.in_(submission_ids), Decision.issued_at.is_not(None)
    )
    return {each.submission_id: each for each in db.session.scalars(query)}


def list_agreements(contest_id: int) -> list[Agreement]:
    """Every agreement ever offered in a contest, the earliest first."""
    query = (
        select(Agreement)
        .where(Agreement.contest_id == contest_id)
        .order_by(Agreement.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def living_agreements(submission_ids: Collection[int]) -> dict[int, Agreement]:
    """Submission → its agreement, offered or accepted; one statement and its parties."""
    query = (
        select(Agreement)
        .where(Agreement.submission_id.in_(submission_ids), Agreement.state.in_(LIVING))
        .execution_options(populate_existing=True)
    )
    return {each.submission_id: each for each in db.session.scalars(query)}


def find_living(submission_id: int) -> Agreement | None:
    """The entry's agreement that is offered or accepted."""
    return living_agreements([submission_id]).get(submission_id)


def find_accepted(submission_id: int) -> Agreement | None:
    """The entry's agreement that every designer accepted."""
    agreement = find_living(submission_id)
    return agreement if agreement and agreement.state is AgreementState.ACCEPTED else None


def agreements_of(member_id: int, submission_ids: Collection[int]) -> dict[int, Agreement]:
    """Submission → the latest agreement in which the member is a party; one statement."""
    query = (
        select(Agreement)
        .join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
        .where(AgreementParty.member_id == member_id, Agreement.submission_id.in_(submission_ids))
        .order_by(Agreement.id)
    )
    return {each.submission_id: each for each in db.session.scalars(query)}


def releases_of(submission_ids: Collection[int]) -> dict[int, RightsRelease]:
    """Submission → when and why its rights went back; one statement."""
    query = select(RightsRelease).where(RightsRelease.submission_id.in_(submission_ids))
    return {each.submission_id: each for each in db.session.scalars(query)}


def find_disqualification(submission_id: int) -> Disqualification | None:
    """The design's last disqualification, standing or lifted."""
    return disqualifications_of([submission_id]).get(submission_id)


def disqualifications_of(submission_ids: Collection[int]) -> dict[int, Disqualification]:
    """The batch twin: submission → its last disqualification; one statement."""
    query = (
        select(Disqualification)
        .where(Disqualification.submission_id.in_(submission_ids))
        .order_by(Disqualification.id)
        .execution_options(populate_existing=True)
    )
    return {each.submission_id: each for each in db.session.scalars(query)}


def list_disqualified(contest_id: int) -> list[Disqualification]:
    """Every disqualification in a contest, lifted ones too, the latest first."""
    query = (
        select(Disqualification)
        .where(Disqualification.contest_id == contest_id)
        .options(joinedload(Disqualification.submission))
        .order_by(Disqualification.at.desc(), Disqualification.id.desc())
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def get_disqualification(contest_id: int, public_id: str) -> Disqualification:
    """A disqualification of the contest, by its public id, fresh. Raises NotFound."""
    query = (
        select(Disqualification)
        .where(Disqualification.contest_id == contest_id, Disqualification.public_id == public_id)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(lazy("There is no such design."))
    return found


def count_open_appeals(contest_id: int) -> int:
    """How many appeals against a disqualification wait for an answer."""
    query = select(func.count()).where(
        Disqualification.contest_id == contest_id,
        Disqualification.appealed_at.is_not(None),
        Disqualification.answered_at.is_(None),
        Disqualification.lifted_at.is_(None),
    )
    return db.session.scalar(query) or 0


def list_undecided(spaces: Collection[int] | None, at: datetime) -> list[Contest]:
    """Contests with a result whose winners are still to be announced, by the date it is due.

    Past that date it is those alone whose designers have an agreement: all others are over.
    """
    is_bound = exists().where(Agreement.contest_id == Contest.id, Agreement.state.in_(LIVING))
    query = select(Contest).where(
        Contest.is_whole.is_(True),
        Contest.cancelled_at.is_(None),
        Contest.tallied_at <= at,
        Contest.announced_at.is_(None),
        or_(Contest.decision_due_at > at, Contest.decision_due_at.is_(None), is_bound),
        exists().where(Submission.contest_id == Contest.id, Submission.state == State.APPROVED),
    )
    if spaces is not None:
        query = query.where(Contest.space_id.in_(spaces))
    return list(db.session.scalars(query.order_by(Contest.decision_due_at, Contest.id)))


def _took_part(contest_id: int) -> ColumnElement[bool]:
    return and_(Submission.contest_id == contest_id, Submission.state == State.APPROVED)
