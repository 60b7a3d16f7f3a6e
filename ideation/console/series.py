"""Weekly series for those who run them, with a look ahead before anything is saved."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from babel.dates import get_day_names
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console import contest_fields
from ideation.console.blueprint import blueprint
from ideation.contests import briefs, formats, policies, queries, terms, wall_time
from ideation.contests import series as rules
from ideation.contests.briefs import Text
from ideation.contests.editions import MOST_SLUG
from ideation.contests.models import Format, PickRule, Series
from ideation.contests.schedule import Edition, WeeklyTemplate, find_zone
from ideation.contests.series import MOST_DAYS, SeriesPlan
from ideation.contests.terms import Terms
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.errors import Invalid, NotAllowed, Words
from ideation.core.i18n import LOCALES, lazy
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in

Answer = Response | str | tuple[str, int]
_DAYS = ("entry_days", "scoring_days", "decision_days")
_MOST_THEMES_TEXT = 60_000


@blueprint.get("/series")
@who(Permission.MANAGE_CONTESTS)
def series() -> str:
    """The series that the member manages, each with its next edition."""
    at = clock.now()
    found = queries.list_series(policies.managed_spaces(signed_in()))
    return render_template(
        "console/series/index.html",
        series=found,
        names={one.id: _name(one) for one in found},
        editions=queries.count_editions([one.id for one in found]),
        coming={one.id: rules.upcoming(one, at, 1)[0] for one in found},
        days=_day_names(),
    )


@blueprint.get("/series/new")
@who(Permission.MANAGE_CONTESTS)
def series_new() -> str:
    """The form of a series."""
    return _form(None, _first_values(), {})


@blueprint.post("/series")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def series_create() -> Answer:
    """Make a series and at once the editions that it owes; or only show what they would be."""
    member_id = signed_in().id
    try:
        plan = _read_plan(signed_in())
        if _is_preview():
            return _form(None, request.form, {}, _preview(plan))
        at = clock.now()
        with transaction():
            made = rules.create(accounts.get(member_id), plan, at=at)
            slug = made.slug
            rules.open_editions(made, at)
    except Invalid as error:
        return _form(None, request.form, _errors(error)), 422
    flash(_("The series runs. Its first editions stand under Contests."), "good")
    return redirect(url_for("console.series_edit", slug=slug), 303)


@blueprint.get("/series/<slug>")
@who(Permission.MANAGE_CONTESTS)
def series_edit(slug: str) -> str:
    """The form of an existing series, with its next editions."""
    one = _managed(slug)
    return _form(one, _values(one), {}, _shown(one, rules.upcoming(one, clock.now())))


@blueprint.post("/series/<slug>")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def series_change(slug: str) -> Answer:
    """Change what the editions to come will be; or only show it."""
    one = _managed(slug)
    series_id, member_id = one.id, signed_in().id
    try:
        plan = _read_plan(signed_in())
        if _is_preview():
            return _form(one, request.form, {}, _preview(plan))
        with transaction():
            rules.change(accounts.get(member_id), series_id, plan, at=clock.now())
    except Invalid as error:
        return _form(_managed(slug), request.form, _errors(error)), 422
    flash(_("Saved. Editions that exist already stay as they are."), "good")
    return redirect(url_for("console.series_edit", slug=plan.slug), 303)


@blueprint.post("/series/<slug>/pause")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def series_pause(slug: str) -> Response:
    """Make no further editions."""
    series_id, member_id = _managed(slug).id, signed_in().id
    with transaction():
        rules.pause(accounts.get(member_id), series_id, at=clock.now())
    flash(_("Paused. Editions that exist run their course."), "good")
    return redirect(url_for("console.series_edit", slug=slug), 303)


@blueprint.post("/series/<slug>/resumption")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def series_resume(slug: str) -> Response:
    """Make editions again."""
    series_id, member_id, at = _managed(slug).id, signed_in().id, clock.now()
    with transaction():
        rules.open_editions(rules.resume(accounts.get(member_id), series_id, at=at), at)
    flash(_("It runs again."), "good")
    return redirect(url_for("console.series_edit", slug=slug), 303)


def _managed(slug: str) -> Series:
    one = queries.get_series(slug)
    if not policies.may_manage(signed_in(), one.space_id):
        raise NotAllowed(lazy("You manage contests of another space, not of this one."))
    return one


def _is_preview() -> bool:
    return request.form.get("action") == "preview"


def _read_plan(member: Member) -> SeriesPlan:
    """The whole form. Raises Invalid with every wrong field."""
    form = Form(request.form)
    zone = form.choice("zone", contest_fields.ZONES, "UTC")
    slug = form.line("slug", most=MOST_SLUG, required=True)
    weekday = int(form.choice("weekday", [str(day) for day in range(7)], "0"))
    minute = form.parsed("opens", lambda: _read_minute(form.values.get("opens", "")))
    entry, scoring, decision = (
        form.whole(name, least=0 if name == "decision_days" else 1, most=MOST_DAYS, default=7)
        for name in _DAYS
    )
    starts_on = form.parsed(
        "starts_on", lambda: wall_time.read_day(form.values.get("starts_on", ""))
    )
    space_id = contest_fields.read_space(form, member)
    promised = contest_fields.read_terms(form, queries.list_currencies())
    texts = contest_fields.read_texts(form)
    format_, quorum = contest_fields.read_format(form)
    themes = _read_themes(form)
    form.check()
    assert minute is not None
    assert starts_on is not None
    template = WeeklyTemplate(zone, weekday, minute, entry, scoring, decision)
    return SeriesPlan(space_id, slug, template, starts_on, promised, texts, themes, format_, quorum)


def _read_minute(text: str) -> int:
    try:
        at = datetime.strptime(text.strip()[:5], "%H:%M")  # noqa: DTZ007  # a time of day
    except ValueError as error:
        raise Invalid(lazy("Write a time such as 12:00.")) from error
    return at.hour * 60 + at.minute


def _read_themes(form: Form) -> tuple[dict[str, Text], ...]:
    """A paragraph a theme: its title on the first line, its brief below; one list a language."""
    by_language = {
        tag: [
            paragraph.split("\n", 1)
            for paragraph in form.paragraphs(f"themes-{tag}", most=_MOST_THEMES_TEXT).split("\n\n")
            if paragraph.strip()
        ]
        for tag in LOCALES
    }
    for tag, paragraphs in by_language.items():
        if any(len(lines) < 2 for lines in paragraphs):
            form.errors[f"themes-{tag}"] = lazy(
                "Each theme needs a title on its first line and its brief on the next."
            )
            return ()
    together = zip_longest(*by_language.values())
    return tuple(
        {
            tag: Text(lines[0].strip(), lines[1].strip())
            for tag, lines in zip(by_language, theme, strict=True)
            if lines
        }
        for theme in together
    )


def _write_themes(themes: Sequence[Mapping[str, Text]], tag: str) -> str:
    written = [theme[tag] for theme in themes if tag in theme]
    return "\n\n".join(f"{text.title}\n{text.brief}" for text in written)


def _first_values() -> dict[str, str]:
    article = next(iter(queries.list_articles()), None)
    usual = Terms(6, PickRule.HYBRID, 1000, article.id if article else 0, ())
    return {
        "zone": i18n.zone_name(),
        "weekday": "0",
        "opens": "12:00",
        "starts_on": clock.now().astimezone(i18n.zone()).date().isoformat(),
        **dict.fromkeys(_DAYS, "7"),
        "format": Format.DEALT,
        "quorum": str(formats.USUAL_QUORUM),
        **contest_fields.fill_terms(usual),
    }


def _values(one: Series) -> dict[str, str]:
    themes = rules.themes_of(one)
    return {
        "slug": one.slug,
        "space_id": str(one.space_id),
        "zone": one.zone,
        "weekday": str(one.weekday),
        "opens": f"{one.minute_of_day // 60:02d}:{one.minute_of_day % 60:02d}",
        "starts_on": one.starts_on.isoformat(),
        **{name: str(getattr(one, name)) for name in _DAYS},
        **contest_fields.fill_format(one),
        **contest_fields.fill_terms(terms.of(one)),
        **contest_fields.fill_texts(briefs.series_texts(one)),
        **{f"themes-{tag}": _write_themes(themes, tag) for tag in LOCALES},
    }


def _preview(plan: SeriesPlan) -> list[dict[str, Any]]:
    coming = rules.preview(plan, clock.now())
    return [_row(edition, plan.template.zone, plan.template.minute_of_day) for edition in coming]


def _shown(one: Series, coming: list[Edition]) -> list[dict[str, Any]]:
    return [_row(edition, one.zone, one.minute_of_day) for edition in coming]


def _row(edition: Edition, zone: str, minute_of_day: int) -> dict[str, Any]:
    """An edition's dates, and whether a change of clocks moves one of them off its hour."""
    there = find_zone(zone)
    instants = (
        edition.entry_opens_at,
        edition.scoring_opens_at,
        edition.scoring_closes_at,
        edition.decision_due_at,
    )
    hours = {at.astimezone(there).hour * 60 + at.astimezone(there).minute for at in instants}
    return {
        "week": rules.week_of(edition, zone)[1],
        "edition": edition,
        "is_shifted": hours != {minute_of_day},
    }


def _name(one: Series) -> str:
    return briefs.choose(briefs.series_texts(one), i18n.language()).title


def _day_names() -> dict[int, str]:
    """0 is Monday."""
    return dict(get_day_names("wide", locale=i18n.locale()))


def _errors(error: Invalid) -> Mapping[str, Words]:
    return error.fields or {"": error.message}


def _form(
    one: Series | None,
    values: Mapping[str, str],
    errors: Mapping[str, Words],
    preview: Sequence[Mapping[str, Any]] = (),
) -> str:
    return render_template(
        "console/series/form.html",
        series=one,
        name=_name(one) if one else "",
        values=values,
        errors=errors,
        preview=preview,
        preview_zone=values.get("zone", "UTC"),
        is_preview=_is_preview(),
        days=list(_day_names().items()),
        themes_left=len(one.themes) if one else 0,
        last_opens_at=queries.last_opening(one.id) if one else None,
        **contest_fields.choices(signed_in()),
    )
