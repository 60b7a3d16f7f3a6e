"""Finding the cards that are due: never drawn, or outdated; a handful at a time."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from ideation.contests.models import Contest
from ideation.core import jobs
from ideation.core.db import db
from ideation.core.i18n import DEFAULT
from ideation.core.outbox import OutboxRow
from ideation.products.models import Product, ProductPicture
from ideation.sharing.cards import DRAW
from ideation.sharing.models import Kind, ShareCard
from ideation.submissions.models import State, Submission

LOOK = jobs.declare("sharing.look")

#: A worker draws some three a second.
AT_ONCE = 60


def look(at: datetime) -> int:
    """Ask for what is due, what most people see first; nothing while earlier wishes wait.

    A card that cannot be drawn is asked for once a day. Returns how many were asked for.
    """
    if _some_wait():
        return 0
    due = [
        *_outdated(),
        *_missing(Kind.CONTEST, _contests(at)),
        *_missing(Kind.PRODUCT, _products()),
        *_missing(Kind.DESIGN, _designs()),
    ][:AT_ONCE]
    for kind, subject_id, asked_at in due:
        since = asked_at.isoformat() if asked_at else "new"
        jobs.enqueue(
            DRAW,
            at=at,
            key=f"card:{kind.value}:{subject_id}:{since}:{at.date()}",
            kind=kind.value,
            subject_id=subject_id,
        )
    return len(due)


def _some_wait() -> bool:
    query = select(OutboxRow.id).where(
        OutboxRow.job == DRAW.name, OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None


def _outdated() -> list[tuple[Kind, int, datetime | None]]:
    query = (
        select(ShareCard.kind, ShareCard.subject_id, ShareCard.asked_at)
        .where(ShareCard.asked_at.is_not(None), ShareCard.language == DEFAULT)
        .order_by(ShareCard.asked_at)
        .limit(AT_ONCE)
    )
    return [(kind, key, asked_at) for kind, key, asked_at in db.session.execute(query)]


def _missing(kind: Kind, query: Select[int]) -> list[tuple[Kind, int, datetime | None]]:
    return [(kind, key, None) for key in db.session.scalars(query.limit(AT_ONCE))]


def _contests(at: datetime) -> Select[int]:
    """From the opening of entries, when brief and rules are frozen."""
    return (
        select(Contest.id)
        .where(
            Contest.is_whole,
            Contest.cancelled_at.is_(None),
            Contest.entry_opens_at <= at,
            _has_none(Kind.CONTEST, Contest.id),
        )
        .order_by(Contest.id.desc())
    )


def _products() -> Select[int]:
    is_drawn = exists().where(ProductPicture.product_id == Product.id)
    return (
        select(Product.id)
        .where(Product.published_at.is_not(None), is_drawn, _has_none(Kind.PRODUCT, Product.id))
        .order_by(Product.id.desc())
    )


def _designs() -> Select[int]:
    return (
        select(Submission.id)
        .join(Contest, Contest.id == Submission.contest_id)
        .where(
            Submission.state == State.APPROVED,
            Contest.is_whole,
            _has_none(Kind.DESIGN, Submission.id),
        )
        .order_by(Submission.id.desc())
    )


def _has_none(kind: Kind, subject_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    mine = and_(
        ShareCard.kind == kind,
        ShareCard.subject_id == subject_id,
        ShareCard.language == DEFAULT,
    )
    return ~exists().where(mine)
