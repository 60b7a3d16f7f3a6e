"""Choosing: a place and a reason for each winner, a reason for everybody else.

Open from the tally to the announcement, under the contest's lock, so that of two managers who
give the same place away one is told. Where the choice departs from the ranking it says why, and
the trail keeps the rank beside it. Where stars alone decide, the rule fills the places (see
``by_stars``) and nobody chooses.
"""

from collections.abc import Collection
from datetime import datetime

from ideation.accounts.models import Member, Standing
from ideation.audit import trail
from ideation.contests import editions
from ideation.contests.models import Contest, PickRule
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed, Words
from ideation.core.i18n import lazy, lazy_plural
from ideation.selection import grounds, policies, queries
from ideation.selection.models import Decision, Ground, Outcome
from ideation.submissions import policies as submissions
from ideation.submissions.models import State, Submission
from ideation.voting import queries as voting
from ideation.voting.models import Tally

#: Characters of a reason.
MOST_NOTE = 1000


def choose(
    actor: Member | None, submission_id: int, place: int, ground: Ground, note: str, *, at: datetime
) -> Decision:
    """Make an entry the winner of a place, or change its place and reason.

    ``actor`` is None for the operator's own shell. Raises NotAllowed outside the actor's space
    and for a design of their own, Conflict where nothing is to be chosen (any more), the place
    is taken, the rights went back or an agreement names another place, Invalid for a place that
    was not promised, a missing reason, or members' stars named for what they did not choose.
    """
    submission = queries.get_submission(submission_id)
    contest = editions.get_locked(submission.contest_id)
    policies.check_may_decide(actor, contest.space_id)
    policies.check_open(contest, at)
    _check_choosable(contest, submission, actor)
    tally, ranks = latest_ranks(contest.id)
    if submission_id not in ranks:
        raise Conflict(lazy("This design is not part of the result."))
    _check_choice(contest, ranks[submission_id], place, ground, note)
    _check_place(contest.id, submission_id, place)
    decision = write(
        contest.id, submission_id, Outcome.WINNER, place, ground, note, tally, ranks, actor, at
    )
    _audit(
        "contest.winner_chosen",
        actor,
        submission_id,
        at,
        note,
        {
            "contest": contest.id,
            "place": place,
            "rank": ranks[submission_id],
            "ground": ground.value,
            "is_override": is_override(contest, decision),
        },
    )
    return decision


def unchoose(actor: Member | None, submission_id: int, *, at: datetime) -> None:
    """Take a choice back; the entry lacks a decision again.

    Raises NotAllowed, Conflict where it is not chosen, has an agreement, or stars alone decide.
    """
    submission = queries.get_submission(submission_id)
    contest = editions.get_locked(submission.contest_id)
    policies.check_may_decide(actor, contest.space_id)
    policies.check_open(contest, at)
    _check_people_choose(contest)
    decision = queries.find_decision(submission_id)
    if decision is None or decision.outcome is not Outcome.WINNER:
        raise Conflict(lazy("This design is not chosen."))
    if queries.find_living(submission_id) is not None:
        raise Conflict(lazy("It has an agreement. Withdraw that first, while it is unanswered."))
    detail: dict[str, object] = {
        "contest": contest.id,
        "place": decision.place,
        "rank": decision.rank,
    }
    db.session.delete(decision)
    db.session.flush()
    _audit("contest.winner_unchosen", actor, submission_id, at, "", detail)


def pass_over(
    actor: Member | None,
    contest_id: int,
    submission_ids: Collection[int],
    ground: Ground,
    note: str,
    *,
    at: datetime,
) -> int:
    """Give entries that are not chosen their reason, in bulk; how many have it now.

    Raises NotAllowed, Conflict for an entry that is chosen or has its receipt, Invalid without
    an entry, with a reason that is not one, and for one within the promised winners by its stars
    whose reason does not say why it is passed over.
    """
    contest = editions.get_locked(contest_id)
    policies.check_may_decide(actor, contest.space_id)
    policies.check_open(contest, at)
    wanted = sorted(set(submission_ids) & set(queries.list_entries(contest_id)))
    if not wanted:
        raise Invalid(fields={"designs": lazy("Tick at least one design.")})
    _check_note(note)
    tally, ranks = latest_ranks(contest_id)
    _check_passing(contest, [ranks.get(key) for key in wanted], ground, note)
    decided = queries.decisions_of(contest_id)
    for key in wanted:
        decision = decided.get(key)
        if decision is not None and decision.outcome is Outcome.WINNER:
            raise Conflict(lazy("One of these is chosen: take that back first."))
        if decision is not None and decision.issued_at is not None:
            raise Conflict(lazy("One of these has its receipt: that does not change any more."))
    for key in wanted:
        write(contest_id, key, Outcome.NOT_CHOSEN, None, ground, note, tally, ranks, actor, at)
    trail.record(
        "contest.passed_over",
        actor_id=actor.id if actor else None,
        subject_kind="contest",
        subject_id=contest_id,
        at=at,
        reason=note,
        detail={
            "designs": wanted,
            "ground": ground.value,
            "within_winners": [key for key in wanted if is_within(contest, ranks.get(key))],
        },
    )
    return len(wanted)


def missing_decisions(contest_id: int) -> list[int]:
    """Keys of the entries about which nothing is decided yet."""
    decided = queries.decisions_of(contest_id)
    return [key for key in queries.list_entries(contest_id) if key not in decided]


def is_override(contest: Contest, decision: Decision) -> bool:
    """Whether people gave the place to another than its rank says: always shown as such."""
    return (
        decision.outcome is Outcome.WINNER
        and contest.pick_rule is not PickRule.VOTES
        and decision.ground is not Ground.NEXT_IN_LINE
        and decision.rank != decision.place
    )


def is_within(contest: Contest, rank: int | None) -> bool:
    """Whether an entry would have won by its stars alone."""
    return rank is not None and rank <= contest.winners


def may_sign(submission: Submission) -> bool:
    """Whether everyone who has a share is still there to accept an agreement."""
    return all(one.member.standing is not Standing.ERASED for one in submission.designers)


def latest_ranks(contest_id: int) -> tuple[Tally | None, dict[int, int]]:
    """The tally that stands, and submission → rank in it."""
    tally = voting.find_tally(contest_id)
    rows = voting.all_rows(tally) if tally else []
    return tally, {row.submission_id: row.rank for row in rows}


def write(
    contest_id: int,
    submission_id: int,
    outcome: Outcome,
    place: int | None,
    ground: Ground,
    note: str,
    tally: Tally | None,
    ranks: dict[int, int],
    actor: Member | None,
    at: datetime,
) -> Decision:
    """Write a decision as it stands now. The caller holds the contest and has checked it all."""
    decision = queries.find_decision(submission_id)
    if decision is None:
        decision = Decision(submission_id=submission_id, contest_id=contest_id)
        db.session.add(decision)
    decision.outcome = outcome
    decision.place = place
    decision.ground = ground
    decision.note = note
    decision.tally_id = tally.id if tally else None
    decision.rank = ranks.get(submission_id)
    decision.decided_by = actor.id if actor else None
    decision.decided_at = at
    db.session.flush()
    return decision


def _check_choosable(contest: Contest, submission: Submission, actor: Member | None) -> None:
    _check_people_choose(contest)
    if submission.state is not State.APPROVED:
        raise Conflict(lazy("This design is not part of the result."))
    if submissions.is_designer(submission, actor):
        raise NotAllowed(lazy("This is your own design: somebody else has to decide."))
    if submission.id in queries.releases_of([submission.id]):
        raise Conflict(lazy("The rights in this design went back to its designers."))
    if not may_sign(submission):
        raise Conflict(
            lazy("One of its designers has left, and nobody else can sign for their share.")
        )


def _check_people_choose(contest: Contest) -> None:
    if contest.pick_rule is PickRule.VOTES:
        raise Conflict(lazy("Here stars alone decide: nobody overrules them."))


def _check_choice(contest: Contest, rank: int, place: int, ground: Ground, note: str) -> None:
    wrong: dict[str, Words] = {}
    if not 1 <= place <= contest.winners:
        wrong["place"] = lazy_plural(
            "One winner was promised: the place is 1.",
            "%(n)s winners were promised: choose a place from 1 to %(n)s.",
            contest.winners,
        )
    if ground not in grounds.OF_WINNERS:
        wrong["ground"] = lazy("Choose one of the options.")
    elif ground is Ground.MEMBERS and not is_within(contest, rank):
        wrong["ground"] = lazy(
            "By members' stars it comes in at %(rank)s: say that the editors chose it.", rank=rank
        )
    if not note.strip():
        wrong["note"] = lazy("Say why: everyone reads it beside the design.")
    if wrong:
        raise Invalid(fields=wrong)
    _check_note(note)


def _check_note(note: str) -> None:
    if len(note) > MOST_NOTE:
        raise Invalid(
            fields={
                "note": lazy(
                    "At most %(most)s characters; these are %(n)s.", most=MOST_NOTE, n=len(note)
                )
            }
        )


def _check_place(contest_id: int, submission_id: int, place: int) -> None:
    """The place is free, and no agreement promised another. Under the contest's lock."""
    for winner in queries.list_winners(contest_id):
        if winner.place == place and winner.submission_id != submission_id:
            raise Conflict(
                lazy(
                    "Place %(place)s is taken by “%(title)s”. Take that choice back first.",
                    place=place,
                    title=winner.submission.title,
                )
            )
    agreement = queries.find_living(submission_id)
    if agreement is not None and agreement.place != place:
        raise Conflict(
            lazy("Its agreement names place %(place)s, and so it stays.", place=agreement.place)
        )


def _check_passing(contest: Contest, ranks: list[int | None], ground: Ground, note: str) -> None:
    """What is said must be true, and what departs from the ranking must be explained."""
    within = [rank for rank in ranks if is_within(contest, rank)]
    only_stars = contest.pick_rule is PickRule.VOTES
    if ground not in grounds.OF_OTHERS or (only_stars and ground not in grounds.LEAVE_IN_LINE):
        raise Invalid(fields={"ground": lazy("Choose one of the options.")})
    if not within:
        return
    if ground is Ground.OTHERS_SCORED_HIGHER:
        raise Invalid(
            fields={
                "ground": lazy(
                    "One of them ranks %(rank)s, within the winners promised: others did not "
                    "score higher. Give it the true reason.",
                    rank=within[0],
                )
            }
        )
    if not note.strip():
        raise Invalid(
            fields={
                "note": lazy(
                    "One of them ranks %(rank)s, within the winners promised: say why it is "
                    "passed over.",
                    rank=within[0],
                )
            }
        )


def _audit(
    action: str,
    actor: Member | None,
    submission_id: int,
    at: datetime,
    reason: str,
    detail: dict[str, object],
) -> None:
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="submission",
        subject_id=submission_id,
        at=at,
        reason=reason,
        detail=detail,
    )
