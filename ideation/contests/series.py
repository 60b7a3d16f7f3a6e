"""Weekly series: made, changed, paused; and the editions that they open by themselves.

An edition is made some weeks before its entries open, so that it can be seen and still be
changed, and editions overlap: while one is scored the next takes entries. An edition is named
for the ISO week in which its scoring opens, which is when most people meet it: entries for
"week 48" are taken in week 47.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.contests import briefs, editions, formats, schedule, terms
from ideation.contests.briefs import Text
from ideation.contests.models import Contest, Format, Series
from ideation.contests.policies import check_may_manage
from ideation.contests.schedule import Edition, WeeklyTemplate
from ideation.contests.terms import Terms
from ideation.core.db import db, insert_once, lock_row
from ideation.core.errors import Invalid, NotFound, Words
from ideation.core.i18n import lazy

log = structlog.get_logger(__name__)

#: How many editions stand ready whose entries have not opened yet.
AHEAD = 2
MOST_DAYS = 60
MOST_THEMES = 104
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class SeriesPlan:
    """All that an operator decides about a series.

    ``texts`` hold the series' name, its brief for weeks without a theme, and the rules of every
    edition. ``themes`` are the titles and briefs of the editions to come, in order.
    """

    space_id: int
    slug: str
    template: WeeklyTemplate
    starts_on: date
    terms: Terms
    texts: Mapping[str, Text]
    themes: tuple[Mapping[str, Text], ...] = ()
    #: What its editions are; the quorum is read only where they have a jury.
    format: Format = Format.DEALT
    quorum: int | None = None


def create(actor: Member | None, plan: SeriesPlan, *, at: datetime) -> Series:
    """Make a series; its first editions open with the next ``open_editions``.

    Raises NotAllowed outside the actor's space, Invalid for what cannot stand.
    """
    check_may_manage(actor, plan.space_id)
    _check(plan)
    series = Series(created_at=at, is_active=True)
    _write(plan, series)
    insert_once(series, Invalid(fields={"slug": lazy("Another series has this address.")}))
    _audit("series.created", actor, series, at)
    return series


def change(actor: Member | None, series_id: int, plan: SeriesPlan, *, at: datetime) -> Series:
    """Change what the editions not yet made will be; those that exist stay as they are.

    Raises NotAllowed outside the actor's space, Invalid for what cannot stand.
    """
    series = get_locked(series_id)
    check_may_manage(actor, series.space_id)
    check_may_manage(actor, plan.space_id)
    _check(plan, series)
    _write(plan, series)
    db.session.flush()
    _audit("series.changed", actor, series, at)
    return series


def pause(actor: Member | None, series_id: int, *, at: datetime) -> Series:
    """Make no further editions until it is resumed; those that exist run their course."""
    return _set_active(actor, series_id, False, at)


def resume(actor: Member | None, series_id: int, *, at: datetime) -> Series:
    """Make editions again. Weeks whose entries would be over by now are left out."""
    return _set_active(actor, series_id, True, at)


def open_editions(series: Series, at: datetime, ahead: int = AHEAD) -> list[Contest]:
    """Make the editions that are due: those taking entries now and ``ahead`` to come.

    One effect however often and by however many it is called: the series' row is locked, and
    behind the lock stands the unique number of an edition, which the loser of a race runs into.
    """
    series = get_locked(series.id)
    if not series.is_active:
        return []
    last = db.session.execute(
        select(func.max(Contest.number), func.max(Contest.entry_opens_at)).where(
            Contest.series_id == series.id
        )
    ).one()
    number = last[0] or 0
    made = []
    for edition in _due(series, at, ahead, after=last[1]):
        number += 1
        try:
            made.append(_make(series, edition, number, at))
        except Invalid as error:
            if set(error.fields) != {"slug"}:  # another series must not wait for this one's fault
                log.error("no edition opened", series=series.slug, wrong=sorted(error.fields))
            return made  # a rival made this one; what is left it makes as well
    return made


def open_all_editions(at: datetime, ahead: int = AHEAD) -> list[Contest]:
    """``open_editions`` for every active series."""
    active = db.session.scalars(select(Series).where(Series.is_active).order_by(Series.id)).all()
    return [contest for series in active for contest in open_editions(series, at, ahead)]


def preview(plan: SeriesPlan, at: datetime, count: int = 4) -> list[Edition]:
    """The next editions that a plan would open, without writing anything."""
    return _first(_editions(plan.template, plan.starts_on, at), count)


def first_edition(template: WeeklyTemplate, starts_on: date, at: datetime) -> Edition:
    """The first edition of a week's rhythm from a day on: before there are words to save it by."""
    return next(_editions(template, starts_on, at))


def upcoming(series: Series, at: datetime, count: int = 4) -> list[Edition]:
    """The next editions of a series by its present template, made or not."""
    return _first(_editions(template_of(series), series.starts_on, at), count)


def week_of(edition: Edition, zone: str) -> tuple[int, int]:
    """(ISO year, ISO week) of the day on which the edition's scoring opens, in its own zone."""
    year, week, _ = edition.scoring_opens_at.astimezone(schedule.find_zone(zone)).isocalendar()
    return year, week


def template_of(series: Series) -> WeeklyTemplate:
    """The series' weekly moment and lengths, for ``schedule``."""
    return WeeklyTemplate(
        zone=series.zone,
        weekday=series.weekday,
        minute_of_day=series.minute_of_day,
        entry_days=series.entry_days,
        scoring_days=series.scoring_days,
        decision_days=series.decision_days,
    )


def themes_of(series: Series) -> list[dict[str, Text]]:
    """The themes still to come, in order."""
    return [
        {tag: Text(words.get("title", ""), words.get("brief", "")) for tag, words in theme.items()}
        for theme in series.themes
    ]


def get_locked(series_id: int) -> Series:
    """The series, fresh and locked against rivals. Raises NotFound."""
    query = select(Series).where(Series.id == series_id).execution_options(populate_existing=True)
    series: Series | None = db.session.scalar(lock_row(query))
    if series is None:
        raise NotFound(lazy("There is no such series."))
    return series


def _due(series: Series, at: datetime, ahead: int, after: datetime | None) -> Iterator[Edition]:
    to_come = 0
    for edition in _editions(template_of(series), series.starts_on, at):
        to_come += edition.entry_opens_at > at
        if to_come > ahead:
            return
        if after is None or edition.entry_opens_at > after:
            yield edition


def _editions(template: WeeklyTemplate, starts_on: date, at: datetime) -> Iterator[Edition]:
    """Editions that open on or after a day and whose entries are not over at ``at``, in order."""
    here = at.astimezone(schedule.find_zone(template.zone)).date()
    monday = max(starts_on, here - timedelta(days=template.entry_days)) - _WEEK
    while True:
        edition = schedule.edition(template, monday)
        opens_on = edition.week_start + timedelta(days=template.weekday)
        if opens_on >= starts_on and edition.entry_closes_at > at:
            yield edition
        monday += _WEEK


def _first(editions_in_order: Iterator[Edition], count: int) -> list[Edition]:
    return [next(editions_in_order) for _ in range(count)]


def _make(series: Series, edition: Edition, number: int, at: datetime) -> Contest:
    year, week = week_of(edition, series.zone)
    contest = editions.create(
        None,
        editions.Plan(
            space_id=series.space_id,
            slug=_free_slug(series, year, week, number),
            format=series.format,
            zone=series.zone,
            windows=edition,
            terms=terms.of(series),
            texts=_edition_texts(series),
            quorum=series.quorum,
        ),
        at=at,
        series_id=series.id,
        number=number,
        week=week,
    )
    series.themes = series.themes[1:]
    db.session.flush()
    return contest


def _edition_texts(series: Series) -> dict[str, Text]:
    """The first theme's words with the series' rules; the series' own words without a theme."""
    own = briefs.series_texts(series)
    themes = themes_of(series)
    if not themes:
        return own
    return {
        tag: Text(text.title, text.brief, briefs.choose(own, tag).text.rules)
        for tag, text in themes[0].items()
    }


def _free_slug(series: Series, year: int, week: int, number: int) -> str:
    """``week-47-2026``, with the series' name where another series had it first."""
    plain = f"week-{week}-{year}"
    wanted = [plain, f"{series.slug[:40]}-{plain}", f"{series.slug[:40]}-{number}-{plain}"]
    taken = set(db.session.scalars(select(Contest.slug).where(Contest.slug.in_(wanted))))
    return next((slug for slug in wanted if slug not in taken), wanted[-1])


def _check(plan: SeriesPlan, series: Series | None = None) -> None:
    formats.check_can_open(plan.format)
    wrong = terms.wrong_fields(plan.terms) | briefs.wrong_fields(plan.texts)
    wrong |= formats.wrong_fields(plan.format, plan.quorum)
    if not editions.is_slug(plan.slug):
        wrong["slug"] = lazy("Small letters, digits and single hyphens, such as small-cities.")
    elif _is_taken(plan.slug, series):
        wrong["slug"] = lazy("Another series has this address.")
    for name in ("entry_days", "scoring_days", "decision_days"):
        if getattr(plan.template, name) > MOST_DAYS:
            wrong[name] = lazy("At most %(most)s days.", most=MOST_DAYS)
    if len(plan.themes) > MOST_THEMES:
        wrong["themes"] = lazy("At most %(most)s themes at a time.", most=MOST_THEMES)
    for theme in plan.themes:
        words: list[Words] = list(briefs.wrong_fields(theme).values())
        if words:
            wrong["themes"] = words[0]
    if wrong:
        raise Invalid(fields=wrong)


def _is_taken(slug: str, series: Series | None) -> bool:
    query = select(Series.id).where(Series.slug == slug)
    if series is not None:
        query = query.where(Series.id != series.id)
    return db.session.scalar(query) is not None


def _write(plan: SeriesPlan, series: Series) -> None:
    series.space_id = plan.space_id
    series.slug = plan.slug
    series.starts_on = plan.starts_on
    series.format = plan.format
    series.quorum = plan.quorum if plan.format is Format.JURY else None
    for name in ("zone", "weekday", "minute_of_day", "entry_days", "scoring_days", "decision_days"):
        setattr(series, name, getattr(plan.template, name))
    series.themes = [_theme_document(theme) for theme in plan.themes]
    terms.put(plan.terms, series)
    briefs.put_series(plan.texts, series)


def _theme_document(theme: Mapping[str, Text]) -> dict[str, Any]:
    return {tag: {"title": text.title, "brief": text.brief} for tag, text in theme.items()}


def _set_active(actor: Member | None, series_id: int, active: bool, at: datetime) -> Series:
    series = get_locked(series_id)
    check_may_manage(actor, series.space_id)
    if series.is_active is not active:
        series.is_active = active
        db.session.flush()
        _audit("series.resumed" if active else "series.paused", actor, series, at)
    return series


def _audit(action: str, actor: Member | None, series: Series, at: datetime) -> None:
    trail.record(
        action,
        actor_id=actor.id if actor else None,
        subject_kind="series",
        subject_id=series.id,
        at=at,
    )
