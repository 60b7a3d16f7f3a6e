"""The jury of a contest: who is on it, named and removed by those who manage the contest.

A juror scores every design but those they recuse from; nobody else votes there. Jurors neither
enter the contest nor see what others gave, and their names are public from the day they are
named. What a juror scored before leaving stays and counts.
"""

from datetime import datetime

from sqlalchemy import func, select

from ideation.accounts import queries as accounts
from ideation.accounts.models import Member, Standing
from ideation.accounts.policies import is_confirmed, sees_live_scores
from ideation.audit import trail
from ideation.contests import editions, formats
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.contests.policies import check_may_manage
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import lazy
from ideation.notices import telling
from ideation.notices.kinds import Kind
from ideation.submissions import bars
from ideation.submissions.models import Designer, Submission
from ideation.submissions.notices import contest_names
from ideation.voting import notices
from ideation.voting.models import Juror, Recusal

MOST_JURORS = 60
LEAST_REASON = 8
MOST_REASON = 500
_UNTIL_CLOSE = frozenset({Phase.UPCOMING, Phase.ENTRY, Phase.SCORING})


def is_juror(contest_id: int, member_id: int) -> bool:
    """Whether the member is on the contest's jury now."""
    juror = db.session.get(Juror, (contest_id, member_id))
    return juror is not None and juror.left_at is None


def has_recused(member_id: int, submission_id: int) -> bool:
    """Whether the juror said that they will not judge the design."""
    return db.session.get(Recusal, (submission_id, member_id)) is not None


def list_jurors(contest_id: int) -> list[tuple[Juror, Member]]:
    """Everyone on the jury now, in the order in which they were named."""
    return _listed(contest_id, is_on=True)


def list_former(contest_id: int) -> list[tuple[Juror, Member]]:
    """Everyone who was on the jury and is no longer."""
    return _listed(contest_id, is_on=False)


def may_change(contest: Contest, at: datetime) -> bool:
    """Whether jurors can still be named and removed: until the close."""
    return formats.has_jury(contest) and phase(contest, at) in _UNTIL_CLOSE


def name(actor: Member | None, contest_id: int, who: str, *, at: datetime) -> Juror:
    """Name a member, by handle or mail address, and tell them. Call inside ``transaction()``.

    Naming somebody twice does nothing. Raises NotAllowed outside the actor's space, Conflict
    after the close or in a contest without a jury, Invalid (field ``who``) for whoever cannot
    judge here.
    """
    contest = _get_changeable(actor, contest_id, at)
    member = accounts.find_by_email(who) or accounts.find_by_handle(who)
    if wrong := _unfit(member, contest):
        raise Invalid(fields={"who": wrong})
    assert member is not None
    juror = db.session.get(Juror, (contest.id, member.id))
    if juror is not None and juror.left_at is None:
        return juror
    if len(list_jurors(contest.id)) >= MOST_JURORS:
        raise Invalid(fields={"who": lazy("A jury has at most %(n)s members.", n=MOST_JURORS)})
    if juror is None:
        juror = Juror(contest_id=contest.id, member_id=member.id)
        db.session.add(juror)
    juror.named_by_id, juror.named_at, juror.left_at = (actor.id if actor else None), at, None
    db.session.flush()
    _audit("jury.named", actor, contest, member, at)
    _tell(contest, member, notices.JURY_NAMED, at, {})
    return juror


def remove(
    actor: Member | None, contest_id: int, member_id: int, *, reason: str, at: datetime
) -> None:
    """Take a juror off the jury, with a reason that they are told. Inside ``transaction()``.

    Raises NotAllowed, Conflict after the close, NotFound for whoever is not on it, Invalid
    without a reason.
    """
    contest = _get_changeable(actor, contest_id, at)
    juror = _get_on(contest.id, member_id)
    if not LEAST_REASON <= len(reason.strip()) <= MOST_REASON:
        raise Invalid(fields={"reason": lazy("Say why, in a sentence: the juror reads it.")})
    juror.left_at = at
    db.session.flush()
    member = accounts.get(member_id)
    _audit("jury.removed", actor, contest, member, at, reason.strip())
    _tell(contest, member, notices.JURY_REMOVED, at, {"reason": reason.strip()})


def step_down(member: Member, contest_id: int, *, at: datetime) -> None:
    """Leave the jury by one's own wish. Call inside ``transaction()``.

    Raises NotFound for whoever is not on it, Conflict after the close.
    """
    contest = editions.get_locked(contest_id)
    juror = _get_on(contest.id, member.id)
    _check_changes(contest, at)
    juror.left_at = at
    db.session.flush()
    _audit("jury.left", member, contest, member, at)


@bars.declare
def bar_from_entering(member_id: int, contest: Contest) -> Words | None:
    """A juror enters nothing in the contest they judge, also after leaving its jury."""
    if not formats.has_jury(contest):
        return None
    if db.session.get(Juror, (contest.id, member_id)) is None:
        return None
    return lazy("Whoever was named to a jury does not enter its contest.")


def _unfit(member: Member | None, contest: Contest) -> Words:
    """Why the member cannot judge in the contest; empty where they can."""
    if member is None or member.standing is Standing.ERASED:
        return lazy("Nobody here has this handle or mail address.")
    if member.standing is not Standing.ACTIVE:
        return lazy("This account is suspended.")
    if not is_confirmed(member):
        return lazy(
            "They have not confirmed their mail address yet, so their votes would not count."
        )
    if sees_live_scores(member):
        return lazy("They can see the scores before the close, so they cannot judge.")
    if _has_entered(member.id, contest.id):
        return lazy("They have a design in this contest, so they cannot judge it.")
    return ""


def _has_entered(member_id: int, contest_id: int) -> bool:
    query = (
        select(func.count())
        .select_from(Submission)
        .outerjoin(Designer, Designer.submission_id == Submission.id)
        .where(
            Submission.contest_id == contest_id,
            (Submission.member_id == member_id) | (Designer.member_id == member_id),
        )
    )
    return bool(db.session.scalar(query))


def _listed(contest_id: int, *, is_on: bool) -> list[tuple[Juror, Member]]:
    query = (
        select(Juror, Member)
        .join(Member, Member.id == Juror.member_id)
        .where(Juror.contest_id == contest_id, Juror.left_at.is_(None) == is_on)
        .order_by(Juror.named_at, Juror.member_id)
    )
    return [(juror, member) for juror, member in db.session.execute(query)]


def _get_changeable(actor: Member | None, contest_id: int, at: datetime) -> Contest:
    contest = editions.get_locked(contest_id)
    check_may_manage(actor, contest.space_id)
    _check_changes(contest, at)
    return contest


def _check_changes(contest: Contest, at: datetime) -> None:
    if not formats.has_jury(contest):
        raise Conflict(lazy("This contest has no jury."))
    if not may_change(contest, at):
        raise Conflict(lazy("The jury’s work is over, so nobody joins or leaves it any more."))


def _get_on(contest_id: int, member_id: int) -> Juror:
    juror = db.session.get(Juror, (contest_id, member_id))
    if juror is None or juror.left_at is not None:
        raise NotFound(lazy("Nobody of this name is on the jury."))
    return juror


def _tell(
    contest: Contest, member: Member, kind: Kind, at: datetime, params: dict[str, str]
) -> None:
    telling.tell(
        member.id,
        kind,
        at=at,
        params={"contest": contest_names(contest), **params},
        link=f"/contests/{contest.slug}" + ("/jury" if kind is notices.JURY_NAMED else ""),
    )


def _audit(
    action: str,
    actor: Member | None,
    contest: Contest,
    member: Member,
    at: datetime,
    reason: str = "",
) -> None:
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="contest",
        subject_id=contest.id,
        at=at,
        reason=reason,
        detail={"juror": member.id},
    )
