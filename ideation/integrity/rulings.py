"""Rulings: exclude, keep, restore, ask. Each is a new row with a note; the last one stands.

Before the close a ruling takes effect in the next count, and no member learns of it. Once a tally
stands, a ruling that changes whose votes are set aside freezes the next number in the same
transaction, so that nobody decides or announces by a count that is overtaken. What was chosen
follows as it does after any new tally: until the announcement the ranks beside every choice are
brought up to date and the places that stars give away are filled anew; after it the number is
frozen and shown, but no winner, place or receipt moves, which whoever decides must say to know.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import lazy
from ideation.integrity import cases, notices, policies
from ideation.integrity.models import Appeal, Case, Judgement, Ruling
from ideation.voting import tallying
from ideation.voting.models import Quarantine, Tally

#: Characters of a note.
MOST_NOTE = 1000

_CHANGED = lazy("Somebody else has just decided here. Look at the case again.")
_OTHERS = lazy("A look has just found other voters here. Read the case again.")
#: What a judgement does, in the audit trail.
_ACTS = {
    Judgement.EXCLUDE: "integrity.excluded",
    Judgement.KEEP: "integrity.kept",
    Judgement.RESTORE: "integrity.restored",
    Judgement.ASK: "integrity.asked",
}


def decide(
    actor: Member,
    case_id: int,
    judgement: Judgement,
    note: str,
    *,
    at: datetime,
    seen: str | None = None,
    knows: bool = False,
) -> Ruling:
    """Decide about a case as it stands, under the contest's lock.

    ``seen`` is ``as_seen`` of the case that the actor looked at; ``knows`` that no winner moves
    any more, which has to be said after the announcement. Excluding what a rule excluded confirms
    it and sets nobody else aside; nor does any exclusion a voter whose appeal was upheld. Raises
    NotAllowed outside the actor's space and about themselves, Conflict where somebody was faster,
    a look changed whom the case is about, the judgement is not open, the stars are being counted
    or thirty days have passed, Invalid without a note.
    """
    found = cases.get(case_id)
    seen = as_seen(found) if seen is None else seen
    contest = editions.get_locked(found.contest_id)
    case = cases.get(case_id)
    confirms = case.judgement is Judgement.EXCLUDE
    policies.check_may_judge(actor, contest, case)
    policies.check_open(contest, at)
    check_words(contest, judgement, note, knows=knows)
    _take_turn(case, contest, judgement, actor, seen, at)
    before = cases.quarantined(contest.id)
    if judgement is Judgement.EXCLUDE and not confirms:
        set_aside(case, set(cases.members_of(case)) - _restored_alone(case), at=at)
    elif judgement is Judgement.RESTORE:
        lift(case, at=at)
    ruling = write(case, judgement, note, actor, at=at)
    tally = _count_again(contest, before, f"case:{case.public_id}:{judgement.value}", at)
    _audit(case, ruling, tally, at)
    _tell(case, contest, ruling, at)
    return ruling


def as_seen(case: Case) -> str:
    """The case as a page shows it: changes with every ruling, and with whom it is about."""
    members = ",".join(map(str, sorted(cases.members_of(case))))
    return f"{case.decisions}-{sha256(members.encode()).hexdigest()[:16]}"


def restore_one(
    actor: Member, case: Case, member_id: int, note: str, cause: str, *, at: datetime
) -> Ruling:
    """Let one voter's votes count again, as an appeal is upheld; the rest of the case stays.

    It counts as a decision: who looked at the case before has to look again.
    The caller holds the contest and has checked that the actor may.
    """
    contest = db.session.get_one(Contest, case.contest_id)
    before = cases.quarantined(contest.id)
    db.session.execute(
        update(Case)
        .where(Case.id == case.id)
        .values(decisions=Case.decisions + 1)
        .execution_options(synchronize_session="fetch")
    )
    lift(case, member_id, at=at)
    ruling = write(case, Judgement.RESTORE, note, actor, member_id=member_id, at=at)
    tally = _count_again(contest, before, cause, at)
    _audit(case, ruling, tally, at)
    return ruling


def exclude_by_rule(case: Case, member_ids: Collection[int], *, at: datetime) -> None:
    """What the ring rule does at the close: set votes aside until a person has looked.

    The caller holds the contest, before its first count.
    """
    set_aside(case, member_ids, at=at)
    case.judgement, case.judged_at = Judgement.EXCLUDE, at
    case.decisions += 1
    _audit(case, write(case, Judgement.EXCLUDE, "", None, at=at), None, at)


def set_aside(case: Case, member_ids: Collection[int], *, at: datetime) -> None:
    """Quarantine voters on behalf of a case; those it has quarantined already stay as they are."""
    standing = {
        member_id for member_id, lifted in cases.set_aside_by(case.id).items() if lifted is None
    }
    db.session.add_all(
        Quarantine(contest_id=case.contest_id, member_id=member_id, case_id=case.id, at=at)
        for member_id in sorted(set(member_ids) - standing)
    )
    db.session.flush()


def lift(case: Case, member_id: int | None = None, *, at: datetime) -> None:
    """End the quarantines that a case put up: of one voter, or of all."""
    query = update(Quarantine).where(Quarantine.case_id == case.id, Quarantine.lifted_at.is_(None))
    if member_id is not None:
        query = query.where(Quarantine.member_id == member_id)
    db.session.execute(query.values(lifted_at=at).execution_options(synchronize_session="fetch"))


def write(
    case: Case,
    judgement: Judgement,
    note: str,
    actor: Member | None,
    *,
    member_id: int | None = None,
    at: datetime,
) -> Ruling:
    """Append the row; the caller has checked and done what it says."""
    ruling = Ruling(
        case_id=case.id,
        judgement=judgement,
        note=note,
        member_id=member_id,
        actor_id=actor.id if actor else None,
        at=at,
    )
    db.session.add(ruling)
    db.session.flush()
    db.session.expire(case, ["rulings"])
    return ruling


def last_question(case: Case) -> Ruling | None:
    """The question that its members were asked last; None where there was none."""
    query = (
        select(Ruling)
        .where(Ruling.case_id == case.id, Ruling.judgement == Judgement.ASK)
        .order_by(Ruling.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def check_words(contest: Contest, judgement: Judgement, note: str, *, knows: bool) -> None:
    """Raise Invalid without a note, and after the announcement without knowing what it means."""
    wrong = {}
    if not note.strip():
        wrong["note"] = (
            lazy("Write what you want to know: each of them reads it.")
            if judgement is Judgement.ASK
            else lazy("Say why: it stays in the log of this case.")
        )
    elif len(note) > MOST_NOTE:
        wrong["note"] = lazy(
            "At most %(most)s characters; these are %(n)s.", most=MOST_NOTE, n=len(note)
        )
    if contest.announced_at is not None and judgement is not Judgement.ASK and not knows:
        wrong["knows"] = lazy("Tick this: the winners were announced and stay who they are.")
    if wrong:
        raise Invalid(fields=wrong)


def _take_turn(
    case: Case, contest: Contest, judgement: Judgement, actor: Member, seen: str, at: datetime
) -> None:
    """Let one of several who decide at once through; raise Conflict for the others."""
    if as_seen(case) != seen:
        is_same_turn = seen.partition("-")[0] == str(case.decisions)
        raise Conflict(_OTHERS if is_same_turn else _CHANGED)
    if judgement not in policies.choices(case, contest):
        raise Conflict(lazy("This cannot be decided about the case as it stands."))
    turn = case.decisions
    values: dict[str, object] = {"decisions": turn + 1}
    if judgement is not Judgement.ASK:
        values |= {"judgement": judgement, "judged_by_id": actor.id, "judged_at": at}
    taken = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.decisions == turn)
        .values(**values)
        .returning(Case.id)
        .execution_options(synchronize_session="fetch")
    ).scalar_one_or_none()
    if taken is None:
        raise Conflict(_CHANGED)


def _restored_alone(case: Case) -> set[int]:
    """Voters of the case whose own appeal was upheld: they cannot appeal a second time."""
    query = select(Appeal.member_id).where(Appeal.case_id == case.id, Appeal.is_upheld.is_(True))
    return set(db.session.scalars(query))


def _count_again(contest: Contest, before: set[int], cause: str, at: datetime) -> Tally | None:
    """Freeze the next tally where other votes are set aside now than before."""
    if contest.tallied_at is None or cases.quarantined(contest.id) == before:
        return None
    return tallying.refreeze(contest.id, cause, at=at)


def _tell(case: Case, contest: Contest, ruling: Ruling, at: datetime) -> None:
    """Tell the voters, after the close alone."""
    if contest.closed_at is None:
        return
    kind = {
        Judgement.EXCLUDE: notices.SET_ASIDE,
        Judgement.RESTORE: notices.RESTORED,
        Judgement.ASK: notices.ASKED,
    }.get(ruling.judgement)
    if kind is not None:
        members = set(cases.members_of(case))
        if kind is notices.RESTORED:  # not whose votes another case keeps aside
            members -= cases.quarantined(contest.id)
        elif kind is notices.SET_ASIDE:  # not who was left out, or whose appeal was upheld
            standing = cases.set_aside_by(case.id).items()
            members &= {member_id for member_id, lifted in standing if lifted is None}
        notices.tell_voters(kind, case, contest, members, f"ruling:{ruling.id}", at=at)


def _audit(case: Case, ruling: Ruling, tally: Tally | None, at: datetime) -> None:
    trail.record(
        _ACTS[ruling.judgement],
        actor_id=ruling.actor_id,
        subject_kind="integrity_case",
        subject_id=case.id,
        at=at,
        reason=ruling.note,
        detail={
            "case": case.public_id,
            "contest": case.contest_id,
            "member": ruling.member_id,
            "members": len(case.members),
            "tally": tally.number if tally else None,
        },
    )
