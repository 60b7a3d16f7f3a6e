"""Announcing: the moment at which every choice, reason and right becomes public and final."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import editions, lifecycle
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.core import events, jobs
from ideation.core.db import db
from ideation.core.errors import Conflict, Words
from ideation.core.i18n import datetime_words, lazy, lazy_plural, list_words
from ideation.selection import choosing, line, policies, queries, rights
from ideation.selection.events import WinnersAnnounced
from ideation.selection.models import (
    Agreement,
    AgreementState,
    Decision,
    Ground,
    Outcome,
    ReleaseCause,
)

#: Tells entrants, winners and those who said they'd buy.
TELL_ANNOUNCED = jobs.declare("selection.tell_announced")


def announce(actor: Member | None, contest_id: int, *, at: datetime) -> bool:
    """Make the winners public: receipts are out, rights of all others are back, all are told.

    True for the caller that did it; False where it was done already. Raises NotAllowed outside
    the actor's space, Conflict with the first obstacle where there is one.
    """
    contest = editions.get_locked(contest_id)
    policies.check_may_decide(actor, contest.space_id)
    if contest.announced_at is not None:
        return False
    policies.check_open(contest, at)
    standing = obstacles(contest_id)
    if standing:
        raise Conflict(standing[0])
    if not lifecycle.set_announced(contest_id, at):
        return False
    _issue(contest_id, at)
    rights.release(contest_id, _not_chosen(contest_id), ReleaseCause.NOT_CHOSEN, at=at)
    winners = queries.list_winners(contest_id)
    trail.record(
        "contest.announced",
        actor_id=actor.id if actor else None,
        subject_kind="contest",
        subject_id=contest_id,
        at=at,
        detail={
            "winners": [[one.place, one.submission_id, one.rank] for one in winners],
            "overrides": [
                one.submission_id for one in winners if choosing.is_override(contest, one)
            ],
        },
    )
    events.publish(WinnersAnnounced(contest_id, at))
    jobs.enqueue(TELL_ANNOUNCED, at=at, key=f"announced:{contest_id}", contest_id=contest_id)
    return True


def obstacles(contest_id: int) -> list[Words]:
    """What stands between a contest and its announcement, a sentence each; empty where it may."""
    contest = contests.get(contest_id)
    if contest.cancelled_at is not None:
        return [lazy("The contest was called off.")]
    if contest.tallied_at is None:
        return [lazy("The stars are not counted yet.")]
    entries = queries.list_entries(contest_id)
    if not entries:
        return [lazy("No design took part, so there is nobody to announce.")]
    winners = queries.list_winners(contest_id)
    found: list[Words] = []
    if not winners:
        found.append(lazy("No winner is chosen yet."))
    found += _untrue(contest, winners)
    found += _gaps(contest, winners)
    missing = choosing.missing_decisions(contest_id)
    waiting = queries.count_open_appeals(contest_id)
    if waiting:
        found.append(
            lazy_plural(
                "%(n)s appeal against a disqualification has no answer yet.",
                "%(n)s appeals against a disqualification have no answer yet.",
                waiting,
            )
        )
    if missing:
        found.append(
            lazy_plural(
                "%(n)s design has no reason yet, and so its designers no receipt.",
                "%(n)s designs have no reason yet, and so their designers no receipt.",
                len(missing),
            )
        )
    bound = queries.living_agreements([one.submission_id for one in winners])
    found += (
        _unsigned(one, bound.get(one.submission_id))
        for one in winners
        if not _is_signed(one, bound)
    )
    return found


def _untrue(contest: Contest, winners: Iterable[Decision]) -> list[Words]:
    """Reasons that a later tally overtook."""
    return [
        lazy(
            "“%(title)s” is given as members' choice, but ranks %(rank)s in the latest tally: say "
            "that the editors chose it.",
            title=one.submission.title,
            rank=one.rank,
        )
        for one in winners
        if one.ground is Ground.MEMBERS and not choosing.is_within(contest, one.rank)
    ]


def _gaps(contest: Contest, winners: list[Decision]) -> list[Words]:
    """Promised places without a winner, as long as somebody could have them.

    Nobody could once each of the others was told a reason of its own: "others scored higher, and
    the places were taken" is untrue of a place that is empty.
    """
    taken = {one.place for one in winners if one.place is not None}
    empty = [place for place in range(1, contest.winners + 1) if place not in taken]
    if not taken or not empty or line.next_in_line(contest.id) is None:
        return []
    return [
        lazy("Place %(place)s is empty, while a place after it is given.", place=place)
        if place < max(taken)
        else lazy(
            "Place %(place)s was promised and is empty, while others are in line for it: choose "
            "one, or tick them and say why each was not chosen.",
            place=place,
        )
        for place in empty
    ]


def _is_signed(winner: Decision, bound: dict[int, Agreement]) -> bool:
    agreement = bound.get(winner.submission_id)
    return agreement is not None and agreement.state is AgreementState.ACCEPTED


def _unsigned(winner: Decision, agreement: Agreement | None) -> Words:
    title = winner.submission.title
    if agreement is None:
        return lazy("“%(title)s” was offered no agreement yet.", title=title)
    waiting = [one.member.name for one in agreement.parties if one.answer is None]
    return lazy(
        "“%(title)s” waits for an answer to its agreement, until %(date)s: %(names)s.",
        title=title,
        date=datetime_words(agreement.expires_at),
        names=list_words(waiting),
    )


def _issue(contest_id: int, at: datetime) -> None:
    db.session.execute(
        update(Decision)
        .where(Decision.contest_id == contest_id, Decision.issued_at.is_(None))
        .values(issued_at=at)
        .execution_options(synchronize_session="fetch")
    )


def _not_chosen(contest_id: int) -> list[int]:
    """Those of the result; of a disqualified design nothing is held that could go back."""
    decided = queries.decisions_of(contest_id)
    return [
        key
        for key in queries.list_entries(contest_id)
        if decided[key].outcome is Outcome.NOT_CHOSEN
    ]
