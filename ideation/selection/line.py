"""Who comes next: the order in which entries take places that stars, not people, give away."""

from datetime import datetime

from ideation.contests.models import Contest, PickRule
from ideation.core.db import db
from ideation.selection import choosing, grounds, queries, rights
from ideation.selection.choosing import latest_ranks, may_sign
from ideation.selection.models import (
    Agreement,
    Decision,
    Ground,
    Outcome,
    ReleaseCause,
)
from ideation.submissions.models import Submission

#: Why a winner steps down → the ground of its decision, and why its rights go back.
STEPPING_DOWN = {
    Ground.AGREEMENT_DECLINED: ReleaseCause.DECLINED,
    Ground.AGREEMENT_LAPSED: ReleaseCause.LAPSED,
}


def waiting(contest_id: int) -> list[int]:
    """Keys of the entries that could still be given a place, the best ranked first.

    In line is whoever is undecided, or was told only that others scored higher; not whoever was
    passed over for a reason, has won, has its rights back, or has a designer who left.
    """
    decided = queries.decisions_of(contest_id)
    _, ranks = latest_ranks(contest_id)
    free = [
        key
        for key in queries.list_entries(contest_id)
        if key in ranks and (key not in decided or _leaves_in_line(decided[key]))
    ]
    gone = queries.releases_of(free)
    return sorted((key for key in free if key not in gone), key=lambda key: ranks[key])


def next_in_line(contest_id: int) -> Submission | None:
    """The entry that gets the next place that falls free; None where the line is empty."""
    for key in waiting(contest_id):
        submission = db.session.get_one(Submission, key)
        if may_sign(submission):
            return submission
    return None


def step_down(decision: Decision, ground: Ground, *, at: datetime) -> Decision | None:
    """A winner lost its place: its rights are back at once, and the next in line has the place.

    Returns the next one's decision; None where nobody is left. The caller holds the contest.
    """
    place, contest_id = decision.place, decision.contest_id
    decision.outcome = Outcome.NOT_CHOSEN
    decision.place = None
    decision.ground = ground
    decision.note = ""
    decision.decided_by = None
    decision.decided_at = decision.issued_at = at
    db.session.flush()
    rights.release(contest_id, [decision.submission_id], STEPPING_DOWN[ground], at=at)
    return promote(contest_id, place, at=at) if place is not None else None


def promote(contest_id: int, place: int, *, at: datetime) -> Decision | None:
    """Give a place that fell free to the next in line; None where nobody is left.

    The caller holds the contest.
    """
    following = next_in_line(contest_id)
    if following is None:
        return None
    tally, ranks = latest_ranks(contest_id)
    return choosing.write(
        contest_id,
        following.id,
        Outcome.WINNER,
        place,
        Ground.NEXT_IN_LINE,
        "",
        tally,
        ranks,
        None,
        at,
    )


def fill_by_stars(contest: Contest, *, at: datetime) -> None:
    """Give every place away by the tally that stands, and everybody else the reason.

    Whatever is settled stays: receipts that are out, and places whose agreement lives. The
    caller holds the contest, whose rule is that stars alone decide.
    """
    assert contest.pick_rule is PickRule.VOTES
    tally, ranks = latest_ranks(contest.id)
    settled = _settle(contest.id)
    taken = {decision.place for decision in settled.values()}
    free = [place for place in range(1, contest.winners + 1) if place not in taken]
    for key in sorted(ranks, key=lambda key: ranks[key]):
        if key in settled:
            continue
        args = (tally, ranks, None, at)
        if free and may_sign(db.session.get_one(Submission, key)):
            ground = (
                Ground.MEMBERS if choosing.is_within(contest, ranks[key]) else Ground.NEXT_IN_LINE
            )
            choosing.write(contest.id, key, Outcome.WINNER, free.pop(0), ground, "", *args)
        else:
            ground = Ground.AGREEMENT_DECLINED if free else Ground.OTHERS_SCORED_HIGHER
            choosing.write(contest.id, key, Outcome.NOT_CHOSEN, None, ground, "", *args)


def follow_tally(contest: Contest) -> None:
    """Bring ranks beside decisions that are not out up to the tally that stands.

    A reason that the new ranks make untrue is taken away, so that it is missed and given anew.
    """
    open_ones = [
        (key, decision)
        for key, decision in queries.decisions_of(contest.id).items()
        if decision.issued_at is None
    ]
    if not open_ones:
        return
    tally, ranks = latest_ranks(contest.id)
    for key, decision in open_ones:
        decision.tally_id = tally.id if tally else None
        decision.rank = ranks.get(key)
        is_untrue = decision.ground is Ground.OTHERS_SCORED_HIGHER
        if is_untrue and choosing.is_within(contest, decision.rank):
            db.session.delete(decision)
    db.session.flush()


def _leaves_in_line(decision: Decision) -> bool:
    return (
        decision.outcome is Outcome.NOT_CHOSEN
        and decision.issued_at is None
        and decision.ground in grounds.LEAVE_IN_LINE
    )


def _settle(contest_id: int) -> dict[int, Decision]:
    """What stays of the decisions; all others are cleared, so that their places are free."""
    decided = queries.decisions_of(contest_id)
    bound: dict[int, Agreement] = queries.living_agreements(decided)
    gone = queries.releases_of(decided)
    kept = {
        key: decision
        for key, decision in decided.items()
        if decision.issued_at is not None or key in bound or key in gone
    }
    for key, decision in decided.items():
        if key not in kept:
            db.session.delete(decision)
    db.session.flush()
    return kept
