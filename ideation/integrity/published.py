"""What everybody may know once a contest has closed: how many, never who.

Cases by signal, votes set aside and restored, appeals; beside each design how many of its votes
are under review or set aside; and in how many ways the votes of a tally were weighed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import case, exists, func, select

from ideation.core.db import db
from ideation.integrity import cases
from ideation.integrity.models import Appeal, Case, Signal
from ideation.voting import weight_files
from ideation.voting.models import Quarantine, Tally, Vote
from ideation.voting.weighing import Reason


@dataclass(frozen=True)
class Counts:
    """A contest's integrity in numbers."""

    #: Cases by signal, most first; without what a later look no longer found.
    cases: Mapping[Signal, int]
    #: Voters whose votes are set aside now, and how many votes those are.
    voters: int
    votes: int
    #: Voters whose votes were set aside and count again.
    restored: int
    appeals: int
    upheld: int
    #: Cases that wait for a person, as the desk counts them: one with two appeals is one.
    waiting: int


@dataclass(frozen=True)
class SetAside:
    """Of one design's votes: how many a person still looks at, and how many are set aside."""

    under_review: int
    set_aside: int


def counts(contest_id: int) -> Counts:
    """The contest's numbers: a handful of statements."""
    by_signal = (
        select(Case.signal, func.count())
        .where(Case.contest_id == contest_id, Case.gone_at.is_(None), ~cases.is_a_failure())
        .group_by(Case.signal)
        .order_by(func.count().desc(), Case.signal)
    )
    of_contest = Case.contest_id == contest_id
    appeals, upheld = db.session.execute(
        select(
            func.count(),
            func.count(case((Appeal.is_upheld.is_(True), 1))),
        )
        .join(Case, Case.id == Appeal.case_id)
        .where(of_contest)
    ).one()
    standing = select(Quarantine.member_id).where(
        Quarantine.contest_id == contest_id, Quarantine.lifted_at.is_(None)
    )
    ever = select(Quarantine.member_id).where(Quarantine.contest_id == contest_id).distinct()
    touched = set(db.session.scalars(ever))
    votes = db.session.scalar(
        select(func.count()).where(Vote.contest_id == contest_id, Vote.member_id.in_(standing))
    )
    still = set(db.session.scalars(standing))
    return Counts(
        cases={row[0]: row[1] for row in db.session.execute(by_signal)},
        voters=len(still),
        votes=votes or 0,
        restored=len(touched - still),
        appeals=appeals,
        upheld=upheld,
        waiting=cases.count_waiting(contest_id),
    )


def set_aside(submission_ids: Collection[int]) -> dict[int, SetAside]:
    """Submission → its votes that are set aside now, where there are any; one statement."""
    reviewed = (Case.judged_by_id.is_(None)) | exists().where(
        Appeal.case_id == Case.id,
        Appeal.member_id == Quarantine.member_id,
        Appeal.answered_at.is_(None),
    )
    query = (
        select(
            Vote.submission_id,
            func.count(func.distinct(Vote.member_id)),
            func.count(func.distinct(case((reviewed, Vote.member_id)))),
        )
        .join(
            Quarantine,
            (Quarantine.contest_id == Vote.contest_id)
            & (Quarantine.member_id == Vote.member_id)
            & Quarantine.lifted_at.is_(None),
        )
        .join(Case, Case.id == Quarantine.case_id)
        .where(Vote.submission_id.in_(submission_ids))
        .group_by(Vote.submission_id)
    )
    return {
        row[0]: SetAside(under_review=row[2], set_aside=row[1] - row[2])
        for row in db.session.execute(query)
    }


def ways(tally: Tally, submission_id: int | None = None) -> dict[str, int]:
    """How many votes of a tally, or of one entry, have each reason, and how many in ``total``.

    By the reason's name in ``weighing.Reason``, in lower case; every one is there. Nothing but
    zeros for a tally without a file of weights. Kept in this process under the file's own
    digest: a tally never changes.
    """
    digest = tally.weights_digest
    counts = _reasons(digest, tally.id, submission_id) if digest else {}
    found = {reason.name.lower(): counts.get(reason, 0) for reason in Reason}
    return {**found, "total": sum(counts.values())}


@lru_cache(maxsize=256)
def _reasons(_digest: str, tally_id: int, submission_id: int | None) -> Mapping[Reason, int]:
    tally = db.session.get_one(Tally, tally_id)
    return weight_files.reasons_of(tally, submission_id)
