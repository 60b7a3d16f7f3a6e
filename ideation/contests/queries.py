"""Lists of contests and series. Pages see whole ones only; phases come from ``phases``."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from ideation.articles.models import Article, ArticlePrice
from ideation.contests.models import Contest, Series
from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.spaces.models import Space

ARCHIVE_SIZE = 24


def get_by_slug(slug: str) -> Contest:
    """The contest of an address. Raises NotFound, also while the demo still fills it."""
    contest = db.session.scalar(select(Contest).where(Contest.slug == slug, _whole()))
    if contest is None:
        raise NotFound(lazy("There is no such contest."))
    return contest


def get(contest_id: int) -> Contest:
    """The contest of a key. Raises NotFound."""
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise NotFound(lazy("There is no such contest."))
    return contest


def by_ids(contest_ids: Collection[int]) -> dict[int, Contest]:
    """Contests by key, in one statement: the batch twin of ``get``."""
    if not contest_ids:
        return {}
    rows = db.session.scalars(select(Contest).where(Contest.id.in_(set(contest_ids))))
    return {contest.id: contest for contest in rows}


def list_running(at: datetime) -> list[Contest]:
    """Contests on now, from the opening of entries to the announcement; soonest change first."""
    query = (
        select(Contest)
        .where(_whole(), Contest.cancelled_at.is_(None), Contest.entry_opens_at <= at, ~_past(at))
        .order_by(Contest.scoring_closes_at, Contest.id)
    )
    return list(db.session.scalars(query))


def list_upcoming(at: datetime, limit: int = 12) -> list[Contest]:
    """Contests whose entries open later, the soonest first."""
    query = (
        select(Contest)
        .where(_whole(), Contest.cancelled_at.is_(None), Contest.entry_opens_at > at)
        .order_by(Contest.entry_opens_at, Contest.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def list_archive(at: datetime, page: int = 1, size: int = ARCHIVE_SIZE) -> Page[Contest]:
    """Contests with results, and those called off after they opened; the latest first."""
    query = (
        select(Contest)
        .where(_whole(), or_(_past(at), Contest.cancelled_at >= Contest.entry_opens_at))
        .order_by(Contest.scoring_closes_at.desc(), Contest.id.desc())
    )
    return paginate(query, page, size)


def list_tallied(at: datetime, limit: int = 1) -> list[Contest]:
    """Contests whose scores are public, the latest close first."""
    query = (
        select(Contest)
        .where(_whole(), Contest.cancelled_at.is_(None), Contest.tallied_at <= at)
        .order_by(Contest.scoring_closes_at.desc(), Contest.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def list_latest(limit: int) -> list[Contest]:
    """Contests that have a page for everyone, the latest first."""
    query = (
        select(Contest)
        .where(_whole(), Contest.cancelled_at.is_(None))
        .order_by(Contest.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def list_managed(spaces: Collection[int] | None, page: int = 1, size: int = 40) -> Page[Contest]:
    """Contests of the given spaces (None: of all), the latest first, for the console."""
    query = select(Contest).order_by(Contest.entry_opens_at.desc(), Contest.id.desc())
    return paginate(_within(query, Contest.space_id, spaces), page, size)


def list_unfinished(spaces: Collection[int] | None, at: datetime) -> list[Contest]:
    """Contests running or to come, by what ends first, for the console."""
    query = (
        select(Contest)
        .where(Contest.cancelled_at.is_(None), ~_past(at))
        .order_by(Contest.scoring_closes_at, Contest.id)
    )
    return list(db.session.scalars(_within(query, Contest.space_id, spaces)))


def get_series(slug: str) -> Series:
    """The series of an address. Raises NotFound."""
    series = db.session.scalar(select(Series).where(Series.slug == slug))
    if series is None:
        raise NotFound(lazy("There is no such series."))
    return series


def list_series(spaces: Collection[int] | None = None) -> list[Series]:
    """Series of the given spaces (None: of all), active ones first."""
    query = select(Series).order_by(Series.is_active.desc(), Series.id)
    return list(db.session.scalars(_within(query, Series.space_id, spaces)))


def count_editions(series_ids: Collection[int]) -> dict[int, int]:
    """Series → how many editions it has had; one statement."""
    query = (
        select(Contest.series_id, func.count())
        .where(Contest.series_id.in_(series_ids))
        .group_by(Contest.series_id)
    )
    return {key: count for key, count in db.session.execute(query) if key is not None}


def last_opening(series_id: int) -> datetime | None:
    """When the entries of a series' latest edition open or opened; None before its first."""
    query = select(func.max(Contest.entry_opens_at)).where(Contest.series_id == series_id)
    return db.session.scalar(query)


def list_articles() -> list[Article]:
    """What can be printed on."""
    return list(db.session.scalars(select(Article).where(Article.is_active).order_by(Article.id)))


def list_currencies() -> list[str]:
    """The currencies that articles are priced in, and so prizes can be promised in."""
    query = select(ArticlePrice.currency).distinct().order_by(ArticlePrice.currency)
    return list(db.session.scalars(query))


def list_spaces(spaces: Collection[int] | None = None) -> list[Space]:
    """The given spaces (None: all), the oldest first."""
    return list(db.session.scalars(_within(select(Space).order_by(Space.id), Space.id, spaces)))


def _whole() -> ColumnElement[bool]:
    return Contest.is_whole.is_(True)


def _past(at: datetime) -> ColumnElement[bool]:
    """``Phase.RESULTS`` as the database says it."""
    decided = or_(
        Contest.announced_at.is_not(None), func.coalesce(Contest.decision_due_at <= at, False)
    )
    return and_(Contest.tallied_at.is_not(None), decided)


def _within(query: Select[Any], column: Any, spaces: Collection[int] | None) -> Select[Any]:
    return query if spaces is None else query.where(column.in_(spaces))
