"""Finding submissions: one, a member's, a contest's, a gallery's page."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, lazyload

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core.db import db, is_postgresql
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page
from ideation.submissions import policies
from ideation.submissions.models import Designer, State, Submission

GALLERY_SIZE = 40

_NOT_HERE = lazy("There is no such design here.")


def get_public(public_id: str) -> Submission:
    """An approved design that everyone may see. Raises NotFound."""
    return get_visible(public_id, None)


def get_visible(public_id: str, viewer: Member | None) -> Submission:
    """A design this viewer may see. Raises NotFound, also for what exists but is not theirs."""
    submission = db.session.scalar(select(Submission).where(Submission.public_id == public_id))
    if submission is None or not policies.may_see(submission, viewer):
        raise NotFound(_NOT_HERE)
    return submission


def get_for_change(public_id: str, viewer: Member) -> Submission:
    """The same, locked until the transaction ends, as it is at this moment. Raises NotFound."""
    found = db.session.scalar(_locking(select(Submission.id), Submission.public_id == public_id))
    if found is None:
        raise NotFound(_NOT_HERE)
    submission = _fresh(found)
    if not policies.may_see(submission, viewer):
        raise NotFound(_NOT_HERE)
    return submission


def get_locked(submission_id: int) -> Submission:
    """The submission of a key, locked until the transaction ends. Raises NotFound."""
    found = db.session.scalar(_locking(select(Submission.id), Submission.id == submission_id))
    if found is None:
        raise NotFound(_NOT_HERE)
    return _fresh(found)


def by_ids(submission_ids: Collection[int]) -> dict[int, Submission]:
    """Submissions with their pictures, by key: the batch twin, a fixed number of statements."""
    if not submission_ids:
        return {}
    rows = db.session.scalars(_as_cards().where(Submission.id.in_(set(submission_ids))))
    return {submission.id: submission for submission in rows}


def public_ids(submission_ids: Collection[int]) -> dict[int, str]:
    """Key → what addresses call it."""
    query = select(Submission.id, Submission.public_id).where(Submission.id.in_(submission_ids))
    return dict(db.session.execute(query).all())


def list_public_by_member(member_id: int, limit: int | None = None) -> list[Submission]:
    """Approved designs on which the member is named, latest first."""
    named = and_(
        Designer.member_id == member_id,
        or_(Designer.agreed_at.is_not(None), Submission.member_id == member_id),
    )
    query = (
        _as_cards()
        .join(Designer, and_(Designer.submission_id == Submission.id, named))
        .join(Contest, Contest.id == Submission.contest_id)
        .where(Submission.state == State.APPROVED, Contest.is_whole)
        .order_by(Submission.submitted_at.desc(), Submission.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def list_mine(member_id: int) -> list[Submission]:
    """Everything the member began or is named on, whatever its state, last changed first."""
    query = (
        select(Submission)
        .options(joinedload(Submission.contest))
        .join(Designer, Designer.submission_id == Submission.id)
        .where(Designer.member_id == member_id)
        .order_by(Submission.updated_at.desc(), Submission.id.desc())
    )
    return list(db.session.scalars(query))


def list_drafts(member_id: int, contest_id: int) -> list[Submission]:
    """The member's unfinished designs in a contest."""
    query = (
        select(Submission)
        .where(
            Submission.member_id == member_id,
            Submission.contest_id == contest_id,
            Submission.state == State.DRAFT,
        )
        .order_by(Submission.updated_at.desc(), Submission.id.desc())
    )
    return list(db.session.scalars(query))


def cards(
    contest: Contest,
    viewer_key: str,
    number: int,
    *,
    at: datetime,
    ranking: Sequence[int] | None = None,
    only: Collection[int] | None = None,
    size: int = GALLERY_SIZE,
) -> Page[Submission]:
    """One page of a contest's gallery.

    During scoring in an order of the viewer's own: a hash of ``viewer_key`` and the design, so
    that pages neither repeat nor skip, also when designs come or go in between, and nobody's
    place helps them. At other times as ``ranking`` (keys, the best first) says where it is
    given, else the latest first. ``only`` leaves out the rest, in the same order. A handful of
    statements, however many cards.
    """
    query = select(Submission.id).where(
        Submission.contest_id == contest.id, Submission.state == State.APPROVED
    )
    ids = list(
        db.session.scalars(query.order_by(Submission.submitted_at.desc(), Submission.id.desc()))
    )
    if phase(contest, at) is Phase.SCORING:
        ids.sort(key=lambda key: _place(viewer_key, key))
    elif ranking is not None:
        places = {key: place for place, key in enumerate(ranking)}
        ids.sort(key=lambda key: places.get(key, len(places)))
    if only is not None:
        ids = [key for key in ids if key in only]
    number = min(max(1, number), max(1, -(-len(ids) // size)))
    shown = ids[(number - 1) * size : number * size]
    found = by_ids(shown)
    return Page([found[key] for key in shown if key in found], number, size, len(ids))


def _place(viewer_key: str, submission_id: int) -> bytes:
    return hashlib.blake2b(f"{viewer_key}:{submission_id}".encode(), digest_size=8).digest()


def _as_cards() -> Select[Submission]:
    """With pictures and the member, without the co-designers that a card never shows."""
    return select(Submission).options(lazyload(Submission.designers))


def _locking(query: Select[Any], condition: Any) -> Select[Any]:
    query = query.where(condition)
    return query.with_for_update() if is_postgresql() else query


def _fresh(submission_id: int) -> Submission:
    return db.session.scalars(
        select(Submission)
        .where(Submission.id == submission_id)
        .execution_options(populate_existing=True)
    ).one()
