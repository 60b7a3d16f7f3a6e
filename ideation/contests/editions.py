"""Single contests: made, changed freely before they open, moved with a reason after it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import briefs, changes, commitments, events, formats, terms
from ideation.contests.briefs import Text
from ideation.contests.models import Contest, Format
from ideation.contests.policies import (
    check_changes_freely,
    check_may_manage,
    check_moves_dates,
    may_cancel,
)
from ideation.contests.schedule import Windows, find_zone
from ideation.contests.terms import Terms
from ideation.core import events as bus
from ideation.core.db import db, insert_once, lock_row
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import lazy

INSTANTS = tuple(field.name for field in fields(Windows))
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: What stands in the console's addresses where a slug would.
_RESERVED = frozenset({"new"})
MOST_SLUG = 60


@dataclass(frozen=True)
class Plan:
    """All that an operator decides about a contest."""

    space_id: int
    slug: str
    format: Format
    zone: str
    windows: Windows
    terms: Terms
    texts: Mapping[str, Text]
    #: Jurors that each design needs; read only where the format has a jury.
    quorum: int | None = None


def create(
    actor: Member | None,
    plan: Plan,
    *,
    at: datetime,
    series_id: int | None = None,
    number: int | None = None,
    week: int | None = None,
) -> Contest:
    """Make a contest, or an edition of a series; its tie seed is committed to at once.

    Raises NotAllowed outside the actor's space, Invalid for what cannot stand, a slug that is
    taken included. ``actor`` is None for the system itself and for the operator's shell.
    """
    check_may_manage(actor, plan.space_id)
    _check(plan, at)
    seed = commitments.fresh_seed()
    contest = Contest(
        space_id=plan.space_id,
        series_id=series_id,
        number=number,
        week=week,
        brief_version=1,
        tie_seed=seed,
        tie_seed_hash=commitments.commit_to(seed),
        deal_seed=commitments.fresh_seed(),
        created_at=at,
    )
    _write(plan, contest, at)
    _insert(contest)
    _audit("contest.created", actor, contest, at, detail={"series": series_id})
    return contest


def change(actor: Member | None, contest_id: int, plan: Plan, *, at: datetime) -> Contest:
    """Change anything about a contest that has not opened.

    Raises NotAllowed outside the actor's space, Conflict after opening, Invalid.
    """
    contest = get_locked(contest_id)
    check_may_manage(actor, contest.space_id)
    check_may_manage(actor, plan.space_id)
    check_changes_freely(contest, at)
    _check(plan, at, contest)
    contest.space_id = plan.space_id
    _write(plan, contest, at)
    db.session.flush()
    _audit("contest.changed", actor, contest, at)
    return contest


def move_dates(
    actor: Member | None, contest_id: int, windows: Windows, *, reason: str, at: datetime
) -> Contest:
    """Move dates of a contest that has opened: only those still to come, with a public reason.

    Raises NotAllowed, Conflict after close or for a date that has passed, Invalid without a
    reason, for a new date that has passed, or where nothing moves.
    """
    contest = get_locked(contest_id)
    check_may_manage(actor, contest.space_id)
    check_moves_dates(contest, at)
    wrong = changes.wrong_reason(reason)
    if wrong:
        raise Invalid(fields=wrong)
    moved = {
        name: (getattr(contest, name), getattr(windows, name))
        for name in INSTANTS
        if getattr(contest, name) != getattr(windows, name)
    }
    if not moved:
        raise Invalid(lazy("No date was changed."))
    if wrong := _wrong_windows(windows):
        raise Invalid(fields=wrong)
    for name, (before, after) in moved.items():
        _check_moves(name, before, after, at)
        setattr(contest, name, after)
        changes.record(
            actor, contest, name, before=_iso(before), after=_iso(after), reason=reason, at=at
        )
    _audit("contest.dates_changed", actor, contest, at, reason, {"moved": sorted(moved)})
    bus.publish(events.DatesMoved(contest.id, at))
    return contest


def cancel(actor: Member | None, contest_id: int, *, reason: str, at: datetime) -> Contest:
    """Call a contest off, with a public reason; until it closes.

    Raises NotAllowed, Conflict after close or where it is off already, Invalid without a reason.
    """
    contest = get_locked(contest_id)
    check_may_manage(actor, contest.space_id)
    if not may_cancel(contest, at):
        raise Conflict(lazy("This contest is over and cannot be called off."))
    wrong = changes.wrong_reason(reason)
    if wrong:
        raise Invalid(fields=wrong)
    contest.cancelled_at = at
    changes.record(actor, contest, "cancelled", before="", after=_iso(at), reason=reason, at=at)
    _audit("contest.cancelled", actor, contest, at, reason)
    bus.publish(events.ContestCancelled(contest.id, at))
    return contest


def correct_brief(
    actor: Member | None,
    contest_id: int,
    texts: Mapping[str, Text],
    *,
    reason: str,
    at: datetime,
) -> int:
    """Publish a corrected brief after opening; see ``briefs.correct``."""
    return briefs.correct(actor, get_locked(contest_id), texts, reason=reason, at=at)


def get_locked(contest_id: int) -> Contest:
    """The contest, fresh and locked against closing and against rivals. Raises NotFound.

    FOR UPDATE also waits for every vote being cast, which holds the row FOR SHARE.
    """
    query = (
        select(Contest)
        .where(Contest.id == contest_id)
        .options(lazyload(Contest.article))  # a join would lock the article's row as well
        .execution_options(populate_existing=True)
    )
    contest: Contest | None = db.session.scalar(lock_row(query))
    if contest is None:
        raise NotFound(lazy("There is no such contest."))
    return contest


def is_slug(text: str) -> bool:
    """Whether a text can stand in an address as it is."""
    is_free = text not in _RESERVED and len(text) <= MOST_SLUG
    return is_free and _SLUG.fullmatch(text) is not None


def _check(plan: Plan, at: datetime, contest: Contest | None = None) -> None:
    formats.check_can_open(plan.format)
    wrong = terms.wrong_fields(plan.terms) | briefs.wrong_fields(plan.texts)
    wrong |= formats.wrong_fields(plan.format, plan.quorum)
    try:
        find_zone(plan.zone)
    except ValueError:
        wrong["zone"] = lazy("Choose a time zone such as Europe/Lisbon.")
    if not is_slug(plan.slug):
        wrong["slug"] = lazy("Small letters, digits and single hyphens, such as small-cities.")
    elif _is_taken(plan.slug, contest):
        wrong["slug"] = lazy("Another contest has this address.")
    wrong |= _wrong_windows(plan.windows)
    wrong |= _past(plan.windows, at, contest)
    if wrong:
        raise Invalid(fields=wrong)


def _past(windows: Windows, at: datetime, contest: Contest | None) -> dict[str, Words]:
    """A new contest may open at once; one that is changed opens later, and none is over before."""
    name = "entry_closes_at" if contest is None else "entry_opens_at"
    if getattr(windows, name) > at:
        return {}
    return {name: lazy("This is in the past: choose a time to come.")}


def _wrong_windows(windows: Windows) -> dict[str, Words]:
    """``Windows`` keeps the order; entry and scoring must last besides."""
    wrong: dict[str, Words] = {}
    if windows.entry_closes_at <= windows.entry_opens_at:
        wrong["entry_closes_at"] = lazy("Entry must close after it opens.")
    if windows.scoring_closes_at <= windows.scoring_opens_at:
        wrong["scoring_closes_at"] = lazy("Scoring must close after it opens.")
    return wrong


def _check_moves(name: str, before: datetime | None, after: datetime, at: datetime) -> None:
    if before is not None and before <= at:
        raise Conflict(lazy("A date that has passed cannot be moved any more."))
    if after <= at:
        raise Invalid(fields={name: lazy("This is in the past: choose a time to come.")})


def _is_taken(slug: str, contest: Contest | None) -> bool:
    query = select(Contest.id).where(Contest.slug == slug)
    if contest is not None:
        query = query.where(Contest.id != contest.id)
    return db.session.scalar(query) is not None


def _write(plan: Plan, contest: Contest, at: datetime) -> None:
    contest.slug = plan.slug
    contest.format = plan.format
    contest.quorum = plan.quorum if plan.format is Format.JURY else None
    contest.zone = plan.zone
    for name in INSTANTS:
        setattr(contest, name, getattr(plan.windows, name))
    terms.put(plan.terms, contest)
    briefs.put(plan.texts, contest, at)


def _insert(contest: Contest) -> None:
    """Of two rivals for a slug or a number one gets Invalid."""
    insert_once(contest, Invalid(fields={"slug": lazy("Another contest has this address.")}))


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _audit(
    action: str,
    actor: Member | None,
    contest: Contest,
    at: datetime,
    reason: str = "",
    detail: dict[str, object] | None = None,
) -> None:
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="contest",
        subject_id=contest.id,
        at=at,
        reason=reason,
        detail=detail,
    )
