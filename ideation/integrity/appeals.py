"""Appeals and replies: what those concerned say, and what comes of it.

Whose votes are set aside may appeal once for each case, in their own words; whoever judges
answers once. An appeal that is upheld restores that voter, or, where the whole case was wrong,
everybody in it; a tally of the next number says so. Whoever is asked a question may reply once.
"""

from datetime import datetime

from sqlalchemy import select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import ids
from ideation.core.db import db, insert_once
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import lazy
from ideation.integrity import cases, notices, policies, rulings
from ideation.integrity.models import Appeal, Case, Judgement, Reply

#: Characters of an appeal or a reply.
MOST_WORDS = 2000

_ONCE = lazy("You have said this already; it is being read.")


def may_appeal(case: Case, contest: Contest, member_id: int, at: datetime) -> bool:
    """Whether the voter's votes are set aside by the case, and may still be restored."""
    lifted = cases.set_aside_by(case.id).get(member_id, at)
    return lifted is None and contest.tallied_at is not None and not policies.is_over(contest, at)


def appeal(member: Member, case_id: int, words: str, *, at: datetime) -> Appeal:
    """Say why one's votes should count; once for each case.

    Raises NotFound for a case that is not about the member, Conflict where nothing of theirs is
    set aside, for a second time and after thirty days, Invalid without words.
    """
    case = _of(member, case_id)
    contest = editions.get_locked(case.contest_id)
    if not may_appeal(case, contest, member.id, at):
        raise Conflict(lazy("There is nothing to appeal against here."))
    _check_words(words)
    one = Appeal(
        public_id=ids.public_id(), case_id=case.id, member_id=member.id, words=words, at=at
    )
    insert_once(one, Conflict(_ONCE))
    trail.record(
        "integrity.appealed",
        actor_id=member.id,
        subject_kind="integrity_case",
        subject_id=case.id,
        at=at,
        detail={"appeal": one.public_id},
    )
    notices.tell_appealed(one, case, contest, at=at)
    return one


def reply(member: Member, case_id: int, words: str, *, at: datetime) -> Reply:
    """Answer the question that the members of a case were asked last; once for each question.

    Raises NotFound for a case that is not about the member, Conflict without a question or for a
    second time, Invalid without words.
    """
    case = _of(member, case_id)
    question = rulings.last_question(case)
    if question is None:
        raise Conflict(lazy("Nothing was asked here."))
    _check_words(words)
    one = Reply(ruling_id=question.id, member_id=member.id, words=words, at=at)
    insert_once(one, Conflict(_ONCE))
    return one


def answer(
    actor: Member,
    appeal_id: int,
    words: str,
    *,
    upheld: bool,
    for_all: bool = False,
    knows: bool = False,
    at: datetime,
) -> Appeal:
    """Answer an appeal; upheld restores the voter, and with ``for_all`` the whole case.

    Raises NotAllowed outside the actor's space, Conflict where somebody has answered, Invalid
    without words, and after the announcement unless the actor ``knows`` that no winner moves.
    """
    found = get(appeal_id)
    case = cases.get(found.case_id)
    contest = editions.get_locked(case.contest_id)
    policies.check_may_judge(actor, contest, case)
    if upheld:
        policies.check_open(contest, at)
    rulings.check_words(contest, Judgement.RESTORE if upheld else Judgement.ASK, words, knows=knows)
    _take(found, actor, words, upheld=upheld, at=at)
    if upheld and for_all and policies.restorable(case):
        rulings.decide(actor, case.id, Judgement.RESTORE, words, at=at, knows=knows)
    elif upheld:
        cause = f"appeal:{found.public_id}"
        rulings.restore_one(actor, case, found.member_id, words, cause, at=at)
    trail.record(
        "integrity.appeal_upheld" if upheld else "integrity.appeal_rejected",
        actor_id=actor.id,
        subject_kind="integrity_case",
        subject_id=case.id,
        at=at,
        reason=words,
        detail={"appeal": found.public_id},
    )
    notices.tell_answered(found, case, contest, at=at)
    return found


def get(appeal_id: int) -> Appeal:
    """The appeal of a key. Raises NotFound."""
    found = db.session.get(Appeal, appeal_id, populate_existing=True)
    if found is None:
        raise NotFound(lazy("There is no such appeal."))
    return found


def get_of(case: Case, public_id: str) -> Appeal:
    """The case's appeal of a public id. Raises NotFound."""
    query = select(Appeal).where(Appeal.case_id == case.id, Appeal.public_id == public_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(lazy("There is no such appeal."))
    return found


def _of(member: Member, case_id: int) -> Case:
    case = cases.get(case_id)
    if not policies.is_party(case, member):
        raise NotFound(lazy("There is no such case."))
    return case


def _check_words(words: str) -> None:
    if not words.strip():
        raise Invalid(fields={"words": lazy("Write a few words.")})
    if len(words) > MOST_WORDS:
        raise Invalid(
            fields={
                "words": lazy(
                    "At most %(most)s characters; these are %(n)s.", most=MOST_WORDS, n=len(words)
                )
            }
        )


def _take(found: Appeal, actor: Member, words: str, *, upheld: bool, at: datetime) -> None:
    """Let the first of several who answer at once through."""
    taken = db.session.execute(
        update(Appeal)
        .where(Appeal.id == found.id, Appeal.answered_at.is_(None))
        .values(answer=words, is_upheld=upheld, answered_by_id=actor.id, answered_at=at)
        .returning(Appeal.id)
        .execution_options(synchronize_session="fetch")
    ).scalar_one_or_none()
    if taken is None:
        raise Conflict(lazy("Somebody else has just answered this."))
