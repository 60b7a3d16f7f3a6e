"""Reports: a case put together by hand, from handles."""

from collections.abc import Sequence
from datetime import datetime

from ideation.accounts import queries as accounts
from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import editions
from ideation.core import ids
from ideation.core.db import db
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy, list_words
from ideation.integrity import cases, inspecting, policies, rulings
from ideation.integrity.models import Case, Signal

#: How many voters one report can be about.
MOST_MEMBERS = 60
#: Where a report stands in the list: above what a signal finds middling.
SEVERITY = 60


def report(
    actor: Member, contest_id: int, handles: Sequence[str], note: str, *, at: datetime
) -> Case:
    """Make a case of members who voted in the contest.

    Raises NotAllowed outside the actor's space and about themselves, Conflict while the stars are
    being counted, Invalid for handles of nobody or of somebody without a vote, and without a note.
    """
    contest = editions.get_locked(contest_id)
    policies.check_may_judge(actor, contest)
    policies.check_open(contest, at)
    members, wrong = _read(contest_id, handles)
    if not note.strip() or len(note) > rulings.MOST_NOTE:
        wrong["note"] = lazy("Say in a few words what you saw.")
    if wrong:
        raise Invalid(fields=wrong)
    public_id = ids.public_id()
    votes = cases.count_votes(contest_id, members)
    case = Case(
        public_id=public_id,
        contest_id=contest_id,
        signal=Signal.REPORT,
        key=f"{Signal.REPORT}:{public_id}",
        severity=SEVERITY,
        evidence={
            "figures": {"members": len(members), "votes": sum(votes.values())},
            "note": note,
            "by": actor.id,
        },
        found_at=at,
    )
    db.session.add(case)
    db.session.flush()
    inspecting.put_members(case, members)
    policies.check_may_judge(actor, contest, case)
    trail.record(
        "integrity.reported",
        actor_id=actor.id,
        subject_kind="integrity_case",
        subject_id=case.id,
        at=at,
        reason=note,
        detail={"case": public_id, "contest": contest_id, "members": len(members)},
    )
    return case


def _read(contest_id: int, handles: Sequence[str]) -> tuple[list[int], dict[str, Words]]:
    wanted = list(dict.fromkeys(one.strip().lstrip("@").lower() for one in handles if one.strip()))
    if not wanted or len(wanted) > MOST_MEMBERS:
        words = lazy("Write 1 to %(most)s handles, one a line.", most=MOST_MEMBERS)
        return [], {"handles": words}
    found = accounts.by_handles(wanted)
    votes = cases.count_votes(contest_id, [member.id for member in found.values()])
    strangers = [one for one in wanted if one not in found or found[one].id not in votes]
    if strangers:
        words = lazy("Nobody with a vote here: %(handles)s", handles=list_words(strangers))
        return [], {"handles": words}
    return sorted(member.id for member in found.values()), {}
