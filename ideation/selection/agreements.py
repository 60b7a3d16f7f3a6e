"""Agreements: offered to a winner's designers, accepted by every one of them, or passed on.

An offer freezes terms, rate, minimums, shares and prizes. One designer's no ends it, as does
silence until its date (see ``deadlines``); the place then goes to the next in line, with an offer
of its own, by itself.
Everything happens under the contest's lock and by conditional updates.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import events, i18n, ids, jobs
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import lazy
from ideation.selection import (
    choosing,
    deadlines,
    line,
    minimums,
    notices,
    policies,
    queries,
    terms,
)
from ideation.selection.events import AgreementAccepted
from ideation.selection.models import (
    Agreement,
    AgreementParty,
    AgreementState,
    Answer,
    Decision,
    Ground,
)
from ideation.selection.queries import find_accepted
from ideation.selection.queries import get_agreement_by_public_id as get_by_public_id

__all__ = [
    "LAPSE",
    "answer",
    "due_to_lapse",
    "find_accepted",
    "get_by_public_id",
    "lapse",
    "lapse_due",
    "offer",
    "offer_to",
    "void",
    "withdraw",
]

MOST_REASON = 500
#: Lets unanswered offers lapse.
LAPSE = jobs.declare("selection.lapse_due", queue="urgent")

#: Why there is nothing to answer any more.
_OVER: dict[AgreementState, Words] = {
    AgreementState.ACCEPTED: lazy("This agreement is accepted by everybody already."),
    AgreementState.DECLINED: lazy("This agreement was declined, and the place has gone on."),
    AgreementState.LAPSED: lazy("This offer has lapsed, and the place has gone on."),
    AgreementState.WITHDRAWN: lazy("This offer was taken back."),
    AgreementState.VOID: lazy("The design was disqualified, and the agreement fell with it."),
    AgreementState.ENDED: lazy("This agreement has ended."),
}


def offer(actor: Member | None, contest_id: int, *, at: datetime) -> list[Agreement]:
    """Offer an agreement to every chosen winner that has none; the new ones, by place.

    A winner that nobody can sign for any more gives its place to the next in line.
    Raises NotAllowed outside the actor's space, Conflict before a tally and after announcing.
    """
    contest = editions.get_locked(contest_id)
    policies.check_may_decide(actor, contest.space_id)
    policies.check_open(contest, at)
    winners = queries.list_winners(contest_id)
    bound = queries.living_agreements([winner.submission_id for winner in winners])
    offered: list[Agreement] = []
    for winner in winners:
        if winner.submission_id in bound:
            continue
        able = winner
        if not choosing.may_sign(winner.submission):  # a designer left after the choice
            following = line.step_down(winner, Ground.AGREEMENT_DECLINED, at=at)
            if following is None:
                continue
            able = following
        offered.append(offer_to(contest, able, actor.id if actor else None, at=at))
    return offered


def withdraw(actor: Member | None, agreement_id: int, reason: str, *, at: datetime) -> Agreement:
    """Take an unanswered offer back, with a reason its designers read; the entry stays chosen.

    Raises NotAllowed, Conflict where it is over or accepted, Invalid without a reason.
    """
    agreement, contest = _locked(agreement_id)
    policies.check_may_decide(actor, contest.space_id)
    if not reason.strip() or len(reason) > MOST_REASON:
        raise Invalid(
            fields={
                "reason": lazy(
                    "Say why, in at most %(most)s characters: its designers read it.",
                    most=MOST_REASON,
                )
            }
        )
    _end(agreement, AgreementState.WITHDRAWN, at)
    _audit("agreement.withdrawn", actor.id if actor else None, agreement, at, reason)
    notices.tell_withdrawn(agreement, reason, at=at)
    return agreement


def answer(
    member: Member,
    agreement_id: int,
    accept: bool,
    *,
    prize_currency: str = "",
    language: str,
    at: datetime,
) -> Agreement:
    """Accept or decline for the member's own share; ``language`` is what they read it in.

    The designer who handed it in chooses the prize's currency on accepting. When the last one
    accepts it is accepted; one who declines ends it, and the next in line is offered the place.
    Raises NotFound for anybody who is no party, Conflict where they have answered or it is over,
    Invalid (field ``prize_currency``) for a currency that was not promised.
    """
    agreement, contest = _locked(agreement_id)
    party = _party(agreement, member)
    _check_answerable(agreement, at)
    chooses_prize = accept and party.position == 0 and bool(agreement.prizes)
    if chooses_prize and prize_currency not in {one["currency"] for one in agreement.prizes}:
        raise Invalid(fields={"prize_currency": lazy("Choose the currency of your prize.")})
    said = Answer.ACCEPTED if accept else Answer.DECLINED
    if not _say(agreement, party, said, language, at):
        raise Conflict(lazy("You have answered this already."))
    if chooses_prize:
        agreement.prize_currency = prize_currency
        db.session.flush()
    action = "agreement.accepted" if accept else "agreement.declined"
    _audit(action, member.id, agreement, at, "", {"language": language})
    if not accept:
        _pass_on(contest, agreement, AgreementState.DECLINED, at)
    elif all(one.answer is Answer.ACCEPTED for one in agreement.parties):
        _end(agreement, AgreementState.ACCEPTED, at)
        notices.tell_accepted(agreement, at=at)
        events.publish(AgreementAccepted(agreement.id, at))
    return agreement


def due_to_lapse(at: datetime) -> list[int]:
    """Offers whose time is up, in the order of their contests."""
    query = (
        select(Agreement.id)
        .join(Contest, Contest.id == Agreement.contest_id)
        .where(
            Agreement.state == AgreementState.OFFERED,
            Agreement.expires_at <= at,
            Contest.is_whole.is_(True),
        )
        .order_by(Agreement.contest_id, Agreement.id)
    )
    return list(db.session.scalars(query))


def lapse_due(at: datetime) -> list[int]:
    """Let every offer lapse whose time is up; the keys of those that did."""
    return [agreement_id for agreement_id in due_to_lapse(at) if lapse(agreement_id, at)]


def lapse(agreement_id: int, at: datetime) -> bool:
    """Let one unanswered offer lapse and pass the place on; True for the caller that did it."""
    agreement, contest = _locked(agreement_id)
    if agreement.state is not AgreementState.OFFERED or agreement.expires_at > at:
        return False
    _audit("agreement.lapsed", None, agreement, at)
    _pass_on(contest, agreement, AgreementState.LAPSED, at)
    return True


def offer_to(
    contest: Contest, winner: Decision, offered_by: int | None, *, at: datetime
) -> Agreement:
    """Offer one winner its agreement, with everything frozen that it promises.

    The caller holds the contest and has checked that the winner has none.
    """
    assert winner.place is not None  # a winner has one
    agreement = Agreement(
        public_id=ids.public_id(),
        contest_id=contest.id,
        submission_id=winner.submission_id,
        place=winner.place,
        terms_version=terms.CURRENT,
        terms_hash=terms.seal(terms.CURRENT),
        rate_bp=contest.rate_bp,
        minimums=minimums.frozen(),
        prizes=[
            {
                "currency": prize.currency,
                "cash_minor": prize.cash_minor,
                "credit_minor": prize.credit_minor,
            }
            for prize in contest.prizes
        ],
        state=AgreementState.OFFERED,
        offered_by=offered_by,
        offered_at=at,
        expires_at=deadlines.answer_by(contest.decision_due_at, at),
        parties=[
            AgreementParty(
                member_id=designer.member_id,
                position=designer.position,
                share_bp=designer.share_bp,
            )
            for designer in winner.submission.designers
        ],
    )
    db.session.add(agreement)
    db.session.flush()
    _audit(
        "agreement.offered",
        offered_by if winner.ground is not Ground.NEXT_IN_LINE else None,
        agreement,
        at,
        "",
        {"place": winner.place, "rate_bp": contest.rate_bp, "terms": terms.CURRENT},
    )
    notices.tell_offered(agreement, at=at)
    return agreement


def void(agreement: Agreement, *, at: datetime) -> None:
    """Let an agreement, offered or accepted, fall with its design. The caller holds the contest.

    Raises Conflict where somebody was faster.
    """
    ended = db.session.execute(
        update(Agreement)
        .where(Agreement.id == agreement.id, Agreement.state.in_(queries.LIVING))
        .values(state=AgreementState.VOID, ended_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if not ended.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Conflict(_OVER[AgreementState.VOID])
    _audit("agreement.void", None, agreement, at)


def _pass_on(contest: Contest, agreement: Agreement, state: AgreementState, at: datetime) -> None:
    """End the offer; the next in line gets the place and an offer at once."""
    _end(agreement, state, at)
    is_lapse = state is AgreementState.LAPSED
    ground = Ground.AGREEMENT_LAPSED if is_lapse else Ground.AGREEMENT_DECLINED
    decision = queries.find_decision(agreement.submission_id)
    assert decision is not None  # an offer is made to a winner, who stays one until it is over
    following = line.step_down(decision, ground, at=at)
    if following is not None:
        offer_to(contest, following, agreement.offered_by, at=at)
    notices.tell_passed_on(agreement, following, at=at)


def _locked(agreement_id: int) -> tuple[Agreement, Contest]:
    """The agreement, fresh, under its contest's lock. Raises NotFound."""
    contest_id = db.session.scalar(select(Agreement.contest_id).where(Agreement.id == agreement_id))
    if contest_id is None:
        raise NotFound(lazy("There is no such agreement."))
    contest = editions.get_locked(contest_id)
    return queries.get_agreement(agreement_id), contest


def _party(agreement: Agreement, member: Member) -> AgreementParty:
    for party in agreement.parties:
        if party.member_id == member.id:
            return party
    raise NotFound(lazy("There is no such agreement."))


def _check_answerable(agreement: Agreement, at: datetime) -> None:
    if agreement.state is not AgreementState.OFFERED:
        raise Conflict(_OVER[agreement.state])
    if agreement.expires_at <= at:
        raise Conflict(_OVER[AgreementState.LAPSED])


def _say(
    agreement: Agreement, party: AgreementParty, said: Answer, language: str, at: datetime
) -> bool:
    """Note an answer, once; the loser of a race with oneself does nothing."""
    noted = db.session.execute(
        update(AgreementParty)
        .where(
            AgreementParty.agreement_id == agreement.id,
            AgreementParty.member_id == party.member_id,
            AgreementParty.answer.is_(None),
        )
        .values(
            answer=said,
            answered_at=at,
            language=language if language in i18n.LOCALES else i18n.DEFAULT,
        )
        .execution_options(synchronize_session="fetch")
    )
    return bool(noted.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _end(agreement: Agreement, state: AgreementState, at: datetime) -> None:
    """Move an offer on. Raises Conflict where somebody else has."""
    moved = db.session.execute(
        update(Agreement)
        .where(Agreement.id == agreement.id, Agreement.state == AgreementState.OFFERED)
        .values(state=state, answered_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if not moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Conflict(_OVER.get(agreement.state, _OVER[AgreementState.LAPSED]))


def _audit(
    action: str,
    actor_id: int | None,
    agreement: Agreement,
    at: datetime,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    trail.record(
        action,
        actor_id=actor_id,
        subject_kind="agreement",
        subject_id=agreement.id,
        at=at,
        reason=reason,
        detail={"submission": agreement.submission_id, **(detail or {})},
    )
