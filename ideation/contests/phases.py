"""Which phase a contest is in: a pure function of its windows, its facts and an instant."""

import enum
from datetime import datetime
from typing import NamedTuple

from ideation.contests.models import Contest


class Phase(enum.StrEnum):
    """Where a contest stands. In the order in which they come."""

    UPCOMING = "upcoming"
    ENTRY = "entry"
    SCORING = "scoring"
    TALLYING = "tallying"
    DECISION = "decision"
    RESULTS = "results"
    CANCELLED = "cancelled"


def phase(contest: Contest, at: datetime) -> Phase:
    """The contest's phase at an instant. Windows are half open.

    Scoring is over when its window is, or when ``closed_at`` is set, whichever is first; then the
    contest is *tallying* until a worker has frozen a tally. Results stand once they are announced,
    or the public date for the decision has passed. Between entries and scoring, where a gap is
    left, the contest counts as still in entry with the door closed: ``may_enter`` says no.
    """
    if contest.cancelled_at is not None:
        return Phase.CANCELLED
    if contest.entry_opens_at is None or at < contest.entry_opens_at:
        return Phase.UPCOMING
    if contest.scoring_opens_at is not None and at < contest.scoring_opens_at:
        return Phase.ENTRY
    is_scoring = contest.scoring_closes_at is not None and at < contest.scoring_closes_at
    if is_scoring and contest.closed_at is None:
        return Phase.SCORING
    if contest.tallied_at is None:
        return Phase.TALLYING
    is_due = contest.decision_due_at is not None and at >= contest.decision_due_at
    if contest.announced_at is not None or is_due:
        return Phase.RESULTS
    return Phase.DECISION


def next_change(contest: Contest, at: datetime) -> datetime | None:
    """The next instant at which a door opens or closes by the clock; None where none is set.

    While a tally is being made nothing waits for the clock: a worker ends that phase.
    """
    if phase(contest, at) in {Phase.CANCELLED, Phase.TALLYING, Phase.RESULTS}:
        return None
    instants = (
        contest.entry_opens_at,
        contest.entry_closes_at,
        contest.scoring_opens_at,
        contest.scoring_closes_at,
        contest.decision_due_at,
    )
    return min((instant for instant in instants if instant and instant > at), default=None)


class Stretch(NamedTuple):
    """One leg of a contest's way, for a page that shows where it stands."""

    phase: Phase
    opens_at: datetime
    #: None for results, which stay.
    closes_at: datetime | None
    is_past: bool
    is_now: bool


def stretches(contest: Contest, at: datetime) -> list[Stretch]:
    """Entry, scoring, decision and results, as far as the contest has them, in order.

    Counting belongs to the decision here: it takes minutes. Of a contest that was called off
    nothing is on now.
    """
    legs = (
        (Phase.ENTRY, contest.entry_opens_at, contest.entry_closes_at),
        (Phase.SCORING, contest.scoring_opens_at, contest.scoring_closes_at),
        (Phase.DECISION, contest.scoring_closes_at, contest.decision_due_at),
        (Phase.RESULTS, contest.decision_due_at, None),
    )
    here = phase(contest, at)
    now = Phase.DECISION if here is Phase.TALLYING else here
    order = [Phase.UPCOMING, *(leg for leg, _, _ in legs)]
    return [
        Stretch(
            leg,
            opens_at,
            closes_at,
            is_past=now in order and order.index(leg) < order.index(now),
            is_now=leg is now,
        )
        for leg, opens_at, closes_at in legs
        if opens_at is not None
    ]


def takes_entries(contest: Contest, at: datetime) -> bool:
    """Whether a submission handed in at this instant is in time."""
    return (
        contest.cancelled_at is None
        and contest.entry_opens_at is not None
        and contest.entry_closes_at is not None
        and contest.entry_opens_at <= at < contest.entry_closes_at
    )


def approval_deadline(contest: Contest) -> datetime | None:
    """Until when an entry submitted in time can still join its contest: half of scoring."""
    opens, closes = contest.scoring_opens_at, contest.scoring_closes_at
    if opens is None or closes is None:
        return None
    return opens + (closes - opens) / 2


def is_blind(contest: Contest, at: datetime) -> bool:
    """Whether its designs are scored or counted now: no page says whose they are meanwhile."""
    return phase(contest, at) in {Phase.SCORING, Phase.TALLYING}


def shows_results(contest: Contest, at: datetime) -> bool:
    """Whether scores may be seen by everyone."""
    return phase(contest, at) in {Phase.DECISION, Phase.RESULTS}
