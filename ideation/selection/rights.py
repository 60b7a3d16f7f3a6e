"""Whose the art is: held until the public date, licensed by an agreement, or back for good.

Entering gives us the right to show a design and holds everything else until the decision date.
Whoever is not chosen has all of it back at the announcement; where nothing is announced by the
date, everybody without a living agreement has, by themselves.
"""

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite

from ideation.audit import trail
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import jobs
from ideation.core.db import db, is_postgresql
from ideation.core.errors import Words
from ideation.core.i18n import date_words, lazy
from ideation.selection import queries
from ideation.selection.models import (
    Agreement,
    AgreementState,
    Decision,
    Ground,
    Outcome,
    ReleaseCause,
    RightsRelease,
)
from ideation.submissions.models import State, Submission
from ideation.voting import queries as voting

#: Releases what is overdue.
RELEASE = jobs.declare("selection.release_overdue", queue="urgent")
#: Tells the entrants of a contest whose date passed.
TELL_RELEASED = jobs.declare("selection.tell_released")


class Standing(enum.StrEnum):
    """Where the rights in a design stand."""

    #: Not entered, or taken out: nothing was given away.
    OWN = "own"
    HELD = "held"
    OFFERED = "offered"
    LICENSED = "licensed"
    RELEASED = "released"
    #: Disqualified: we hold and show nothing of it.
    OUT = "out"


@dataclass(frozen=True)
class RightsStatus:
    """Where the rights stand, and the date that goes with it: held until, released on."""

    standing: Standing
    on: datetime | None = None
    cause: ReleaseCause | None = None

    @property
    def label(self) -> Words:
        """A few words, for a badge or a line of a list."""
        match self.standing:
            case Standing.OWN:
                return lazy("All rights are yours")
            case Standing.HELD if self.on is not None:
                return lazy("Held until %(date)s", date=date_words(self.on))
            case Standing.HELD:
                return lazy("Held until the decision")
            case Standing.OFFERED:
                return lazy("Agreement offered")
            case Standing.LICENSED:
                return lazy("Licensed by agreement")
            case Standing.RELEASED:
                return lazy("Released on %(date)s", date=_date(self.on))
            case Standing.OUT:
                return lazy("We hold no rights in it")

    @property
    def sentence(self) -> Words:
        """What it means for the designers."""
        match self.standing:
            case Standing.OWN:
                return lazy("It is in no contest: do with it what you like.")
            case Standing.HELD:
                return lazy(
                    "We may show it. Please sell or license it nowhere else until then: if we "
                    "decide nothing by that date, everything goes back to you by itself."
                )
            case Standing.OFFERED:
                return lazy(
                    "We have offered to make it. Nothing is licensed before every designer accepts."
                )
            case Standing.LICENSED:
                return lazy("We may make and sell it, as the agreement says and no further.")
            case Standing.RELEASED:
                return lazy(
                    "We keep showing it in the result, and that is all: sell it, license it, "
                    "print it, enter it elsewhere."
                )
            case Standing.OUT:
                return lazy(
                    "It is out of its contest: nothing of it is licensed to us, and we show it "
                    "nowhere."
                )


def status(submission: Submission, at: datetime) -> RightsStatus:
    """Where the rights in one design stand."""
    return statuses([submission], at)[submission.id]


def statuses(submissions: Collection[Submission], at: datetime) -> dict[int, RightsStatus]:
    """The batch twin of ``status``: two statements however many they are."""
    ids = [each.id for each in submissions]
    releases = queries.releases_of(ids)
    living = queries.living_agreements(ids)
    return {
        each.id: _status(each, releases.get(each.id), living.get(each.id), at)
        for each in submissions
    }


def release(
    contest_id: int, submission_ids: Iterable[int], cause: ReleaseCause, *, at: datetime
) -> None:
    """Give the rights back; where that is done already nothing changes."""
    rows = [
        {"submission_id": key, "contest_id": contest_id, "cause": cause, "released_at": at}
        for key in submission_ids
    ]
    if rows:
        insert = postgresql.insert if is_postgresql() else sqlite.insert
        db.session.execute(insert(RightsRelease).on_conflict_do_nothing(), rows)


def due_to_release(at: datetime) -> list[int]:
    """Contests whose date passed unannounced and that still hold rights they have no use for."""
    holding = (
        select(Submission.id)
        .where(
            Submission.contest_id == Contest.id,
            Submission.state == State.APPROVED,
            ~exists().where(RightsRelease.submission_id == Submission.id),
            ~exists().where(
                Agreement.submission_id == Submission.id, Agreement.state.in_(queries.LIVING)
            ),
        )
        .correlate(Contest)
    )
    query = (
        select(Contest.id)
        .where(
            Contest.decision_due_at <= at,
            Contest.announced_at.is_(None),
            Contest.cancelled_at.is_(None),
            Contest.is_whole.is_(True),
            holding.exists(),
        )
        .order_by(Contest.decision_due_at, Contest.id)
    )
    return list(db.session.scalars(query))


def release_overdue(at: datetime) -> list[int]:
    """Give back what is overdue in every contest; the keys of those where anything was."""
    return [contest_id for contest_id in due_to_release(at) if release_contest(contest_id, at)]


def release_contest(contest_id: int, at: datetime) -> bool:
    """Give back all rights without a living agreement, with a receipt that says why.

    The lapse is the reason, whatever was chosen or typed before: nothing of that was announced,
    and "the places were taken" is untrue where nobody has won. The trail keeps what it was. True
    for the caller that gave anything back.
    """
    contest = editions.get_locked(contest_id)
    is_due = contest.decision_due_at is not None and contest.decision_due_at <= at
    if not is_due or contest.announced_at is not None or contest.cancelled_at is not None:
        return False
    entries = queries.list_entries(contest_id)
    bound = queries.living_agreements(entries)
    done = queries.releases_of(entries)
    free = [key for key in entries if key not in bound and key not in done]
    if not free:
        return False
    _decide_overdue(contest_id, free, at)
    release(contest_id, free, ReleaseCause.OVERDUE, at=at)
    trail.record(
        "rights.released",
        actor_id=None,
        subject_kind="contest",
        subject_id=contest_id,
        at=at,
        detail={"cause": ReleaseCause.OVERDUE.value, "designs": len(free)},
    )
    jobs.enqueue(
        TELL_RELEASED, at=at, key=f"released:{contest_id}:{min(free)}", contest_id=contest_id
    )
    return True


def _decide_overdue(contest_id: int, submission_ids: list[int], at: datetime) -> None:
    decided = queries.decisions_of(contest_id)
    tally = voting.find_tally(contest_id)
    rank = {row.submission_id: row.rank for row in voting.all_rows(tally)} if tally else {}
    for key in submission_ids:
        decision = decided.get(key)
        if decision is None:
            decision = Decision(submission_id=key, contest_id=contest_id)
            db.session.add(decision)
        elif decision.issued_at is not None:
            continue
        decision.outcome = Outcome.NOT_CHOSEN
        decision.place = None
        decision.ground = Ground.OVERDUE
        decision.note = ""
        decision.tally_id = tally.id if tally else None
        decision.rank = rank.get(key)
        decision.decided_by = None
        decision.decided_at = decision.issued_at = at
    db.session.flush()


def _status(
    submission: Submission,
    released: RightsRelease | None,
    agreement: Agreement | None,
    at: datetime,
) -> RightsStatus:
    contest = submission.contest
    if submission.state is State.DISQUALIFIED:
        return RightsStatus(Standing.OUT)
    if released is not None and released.released_at <= at:
        return RightsStatus(Standing.RELEASED, released.released_at, released.cause)
    if agreement is not None and agreement.state is AgreementState.ACCEPTED:
        return RightsStatus(Standing.LICENSED, agreement.answered_at)
    if agreement is not None:
        return RightsStatus(Standing.OFFERED, agreement.expires_at)
    if submission.state is not State.APPROVED:
        return RightsStatus(Standing.OWN)
    if contest.cancelled_at is not None:
        return RightsStatus(Standing.RELEASED, contest.cancelled_at)
    return RightsStatus(Standing.HELD, contest.decision_due_at)


def _date(at: datetime | None) -> str:
    return date_words(at) if at else ""
