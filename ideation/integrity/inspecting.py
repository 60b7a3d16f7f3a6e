"""Looking: what the signals say of a contest becomes cases; at the close the ring rule acts.

A worker looks every few hours while stars are given, for those alone who may see live scores,
and once more at the close, before the first count. Looking takes no lock; what was found is
written in a transaction of its own. Only the last look quarantines, and only what the ring rule
found: by then no vote can change. A person's decision is never overruled: what they kept the rule
leaves alone, and evidence stays as it was when they decided.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import delete, select

from ideation.contests import editions, queries
from ideation.contests.models import Contest, Format
from ideation.core import ids, jobs
from ideation.core.db import db
from ideation.integrity import cases, gathering, notices, rulings, signals
from ideation.integrity.models import Case, CaseMember, Judgement, Signal
from ideation.integrity.signals import Finding

log = structlog.get_logger(__name__)

#: Looks at every contest that is being scored.
LOOK = jobs.declare("integrity.look")
#: Looks at one contest, because somebody asked.
LOOK_AT = jobs.declare("integrity.look_at")


def due(at: datetime) -> list[int]:
    """Contests that are being scored, the oldest first."""
    query = select(Contest.id).where(
        Contest.scoring_opens_at <= at,
        Contest.scoring_closes_at > at,
        Contest.closed_at.is_(None),
        Contest.cancelled_at.is_(None),
        Contest.is_whole.is_(True),
    )
    return list(db.session.scalars(query.order_by(Contest.id)))


def inspect(contest_id: int, *, at: datetime) -> None:
    """Look and write what was found, in one transaction: for contests that are small enough."""
    keep(contest_id, look(contest_id), at=at)


def look(contest_id: int) -> list[Finding]:
    """What the signals say now. Of a jury nothing: few, named, and all of them score everything.

    A signal that stops with an error holds up neither the others nor the count: it is logged, and
    found as a case without voters, which waits for whoever judges.
    """
    contest = queries.get(contest_id)
    if contest.format is Format.JURY:
        return []
    instant = "close" if contest.closed_at is not None else "scoring"

    def failed(signal: str, error: Exception) -> Finding:
        log.error("signal failed", signal=signal, id=contest_id, exc_info=error)
        key = f"{signal}:{cases.FAILED}:{instant}"
        return Finding(signal, (), None, key, 100, {cases.FAILED: True})

    return signals.find_all(gathering.gather(contest_id), instead=failed)


def keep(contest_id: int, findings: Sequence[Finding], *, at: datetime) -> None:
    """Make cases of findings, or bring theirs up to date; once closed, let the ring rule act.

    Does nothing once the contest is counted. Call inside ``transaction()``.
    """
    contest = editions.get_locked(contest_id)
    if contest.tallied_at is not None or contest.cancelled_at is not None:
        return
    known = {case.key: case for case in cases.list_all(contest_id)}
    found = {_case_of(finding, contest_id, known, at).id for finding in findings}
    for case in known.values():
        is_gone = case.id not in found and case.signal is not Signal.REPORT
        if case.judgement is None and is_gone and case.gone_at is None:
            case.gone_at = at
    db.session.flush()
    if contest.closed_at is not None:
        _act(known.values(), at)
        _tell(contest, known.values(), at)


def _case_of(finding: Finding, contest_id: int, known: dict[str, Case], at: datetime) -> Case:
    """The finding's case; a group that outgrew what somebody decided about is a case of its own."""
    key, number = finding.key, 1
    while (case := known.get(key)) is not None:
        if set(finding.members) <= set(cases.members_of(case)):
            break
        if case.judgement is None:
            break
        number += 1
        key = f"{finding.key}~{number}"
    if case is None:
        case = known[key] = Case(
            public_id=ids.public_id(),
            contest_id=contest_id,
            signal=Signal(finding.signal),
            key=key,
            found_at=at,
        )
        db.session.add(case)
    if case.judgement is None:
        _refresh(case, finding)
    return case


def _refresh(case: Case, finding: Finding) -> None:
    case.submission_id = finding.entry
    case.evidence = finding.evidence
    case.severity = finding.severity
    case.gone_at = None
    db.session.flush()
    put_members(case, finding.members)


def put_members(case: Case, member_ids: Iterable[int]) -> None:
    """Let the case be about these voters and nobody else."""
    wanted, present = set(member_ids), set(cases.members_of(case))
    if wanted == present:
        return
    db.session.execute(
        delete(CaseMember).where(
            CaseMember.case_id == case.id, CaseMember.member_id.in_(present - wanted)
        )
    )
    db.session.add_all(
        CaseMember(case_id=case.id, member_id=one) for one in sorted(wanted - present)
    )
    db.session.flush()
    db.session.expire(case, ["members"])


def _act(known: Iterable[Case], at: datetime) -> None:
    """Set aside what the rule found and nobody has decided about."""
    known = list(known)
    kept = {
        member_id
        for case in known
        if case.signal in signals.ACTS and case.judgement in (Judgement.KEEP, Judgement.RESTORE)
        for member_id in cases.members_of(case)
    }
    for case in known:
        is_theirs = case.signal in signals.ACTS and case.judgement is None and case.gone_at is None
        members = set(cases.members_of(case)) - kept
        if is_theirs and members:
            rulings.exclude_by_rule(case, members, at=at)


def _tell(contest: Contest, known: Iterable[Case], at: datetime) -> None:
    """Tell everyone whose votes are set aside, now that it may be known."""
    for case in known:
        if case.judgement is Judgement.EXCLUDE:
            kind = notices.SET_ASIDE if case.judged_by_id else notices.UNDER_REVIEW
            members = [
                member_id
                for member_id, lifted in cases.set_aside_by(case.id).items()
                if lifted is None
            ]
            notices.tell_voters(kind, case, contest, members, "integrity.close", at=at)
