"""Disqualifying: a design leaves a result that stands, with a reason; an appeal can bring it back.

The votes for it weigh nothing any more, and the next tally is frozen with that as its cause. What
it had been given falls with it: an agreement, offered or accepted, is void, its place goes to the
next in line, and where it had been offered an agreement, that one is offered theirs at once. Its
receipt is out on the spot.

After the announcement only what won nothing can be disqualified, and no winner, place or receipt
moves: a winner's prize is posted and its agreement binds both sides, so what is wrong with it is
settled under that agreement, beginning with a claim, which holds what is paid out.

Everything happens under the contest's lock, so that nothing is announced in between. What is said
against it, and what comes of that, is in ``reinstating``.
"""

from datetime import datetime

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import ids
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotAllowed, Words
from ideation.core.i18n import lazy
from ideation.selection import (
    agreements,
    choosing,
    disqualified_notices,
    line,
    policies,
    queries,
)
from ideation.selection.models import (
    Decision,
    Disqualification,
    Fault,
    Ground,
    Outcome,
)
from ideation.submissions import policies as submissions
from ideation.submissions import queries as designs
from ideation.submissions.models import State, Submission
from ideation.voting import tallying

#: Characters of a reason.
MOST_NOTE = 1000


def disqualify(
    actor: Member | None, submission_id: int, fault: Fault, note: str, *, at: datetime
) -> Disqualification:
    """Take a design out of its contest's result; its designers are told why, and how to appeal.

    ``actor`` is None for the operator's own shell. Raises NotAllowed outside the actor's space and
    for a design of their own, Conflict before the stars are counted, for what is not (any more)
    part of the result and for an announced winner, Invalid without a reason.
    """
    contest = editions.get_locked(queries.get_submission(submission_id).contest_id)
    submission = designs.get_locked(submission_id)
    policies.check_may_decide(actor, contest.space_id)
    check(contest, submission, actor)
    check_words("note", note, MOST_NOTE, lazy("Say why: its designers read it."))
    decision = queries.find_decision(submission_id)
    place = decision.place if decision else None
    was_offered = _void_agreement(submission_id, at)
    submission.state = State.DISQUALIFIED
    submission.updated_at = at
    if contest.announced_at is None:
        _issue(contest.id, submission_id, note, actor, at)
    public_id = ids.public_id()
    tally = tallying.refreeze(contest.id, f"disqualification:{public_id}", at=at)
    made = Disqualification(
        public_id=public_id,
        contest_id=contest.id,
        submission_id=submission_id,
        fault=fault,
        note=note,
        place=place,
        tally_number=tally.number,
        decided_by=actor.id if actor else None,
        at=at,
    )
    db.session.add(made)
    db.session.flush()
    following = _pass_on(contest, place, actor, at) if place is not None else None
    if following is not None and was_offered:
        _offer(contest, following, actor, at)
    detail: dict[str, object] = {
        "fault": fault.value,
        "place": place,
        "next": following.submission_id if following else None,
        "tally": tally.number,
    }
    audit("contest.disqualified", actor, made, note, detail, at)
    disqualified_notices.tell_disqualified(made, at=at)
    return made


def check(contest: Contest, submission: Submission, actor: Member | None) -> None:
    """Raise what stands against disqualifying the design now: NotAllowed, Conflict."""
    if submissions.is_designer(submission, actor):
        raise NotAllowed(lazy("This is your own design: somebody else has to decide."))
    if contest.tallied_at is None:
        raise Conflict(
            lazy("The stars are not counted yet. Disqualify it once there is a first result.")
        )
    if contest.cancelled_at is not None or submission.state is not State.APPROVED:
        raise Conflict(lazy("This design is not part of the result."))
    decision = queries.find_decision(submission.id)
    has_won = decision is not None and decision.outcome is Outcome.WINNER
    if contest.announced_at is not None and has_won:
        raise Conflict(
            lazy(
                "It was announced as a winner: its prize is posted and its agreement binds us, so "
                "it cannot be taken out of the result. Let whoever made the original file a claim "
                "under the design: it holds what its designers are paid, at once. While its run is "
                "open, set the run's caps to what is taken, and nothing more is sold. If the claim "
                "is upheld, section 8 of the agreement says what follows."
            )
        )


def _issue(
    contest_id: int, submission_id: int, note: str, actor: Member | None, at: datetime
) -> None:
    """Its receipt, with the tally that still had it."""
    tally, ranks = choosing.latest_ranks(contest_id)
    decision = choosing.write(
        contest_id,
        submission_id,
        Outcome.NOT_CHOSEN,
        None,
        Ground.DISQUALIFIED,
        note,
        tally,
        ranks,
        actor,
        at,
    )
    decision.issued_at = at
    db.session.flush()


def _void_agreement(submission_id: int, at: datetime) -> bool:
    """Whether there was one to void."""
    agreement = queries.find_living(submission_id)
    if agreement is not None:
        agreements.void(agreement, at=at)
    return agreement is not None


def _pass_on(contest: Contest, place: int, actor: Member | None, at: datetime) -> Decision | None:
    """Who has the place now: where stars alone decide the new tally has given it already."""
    for winner in queries.list_winners(contest.id):
        if winner.place == place:
            return winner
    following = line.promote(contest.id, place, at=at)
    if following is not None:
        trail.record(
            "contest.next_in_line",
            actor_id=actor.id if actor else None,
            subject_kind="submission",
            subject_id=following.submission_id,
            at=at,
            detail={"contest": contest.id, "place": place, "rank": following.rank},
        )
    return following


def _offer(contest: Contest, following: Decision, actor: Member | None, at: datetime) -> None:
    if queries.find_living(following.submission_id) is None:
        agreements.offer_to(contest, following, actor.id if actor else None, at=at)


def check_words(field: str, words: str, most: int, missing: Words) -> None:
    """Raise Invalid for ``field`` without words, or with more than ``most`` characters."""
    if not words.strip():
        raise Invalid(fields={field: missing})
    if len(words) > most:
        too_long = lazy("At most %(most)s characters; these are %(n)s.", most=most, n=len(words))
        raise Invalid(fields={field: too_long})


def audit(
    action: str,
    actor: Member | None,
    standing: Disqualification,
    reason: str,
    detail: dict[str, object],
    at: datetime,
) -> None:
    """Write what was done into the trail, beside the design."""
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="submission",
        subject_id=standing.submission_id,
        at=at,
        reason=reason,
        detail={"contest": standing.contest_id, "disqualification": standing.public_id, **detail},
    )
