"""Contests for those who run them: made, changed, moved with a reason, called off."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console import contest_fields
from ideation.console.blueprint import blueprint
from ideation.contests import (
    briefs,
    changes,
    editions,
    formats,
    policies,
    queries,
    terms,
    wall_time,
    words,
)
from ideation.contests.editions import INSTANTS, MOST_SLUG, Plan
from ideation.contests.models import Contest, Format, PickRule
from ideation.contests.phases import phase
from ideation.contests.schedule import Windows
from ideation.contests.terms import Terms
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.submissions import wall

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Words]
_WEEK = timedelta(days=7)


@blueprint.get("/contests")
@who(Permission.MANAGE_CONTESTS)
def contests() -> str:
    """Every contest that the member manages, the latest first."""
    at = clock.now()
    spaces = policies.managed_spaces(signed_in())
    page = queries.list_managed(spaces, request.args.get("page", 1, type=int))
    return render_template(
        "console/contests/index.html",
        page=page,
        rows=[(contest, phase(contest, at), words.full_name(contest)) for contest in page.items],
        turnouts=wall.count_turnout([contest.id for contest in page.items]),
        phase_words=words.PHASES,
    )


@blueprint.get("/contests/new")
@who(Permission.MANAGE_CONTESTS)
def contests_new() -> str:
    """The form of a single contest."""
    return _form(None, _first_values(), {})


@blueprint.post("/contests")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def contests_create() -> Answer:
    """Make a single contest."""
    member_id = signed_in().id
    try:
        plan = _read_plan(signed_in())
        with transaction():
            slug = editions.create(accounts.get(member_id), plan, at=clock.now()).slug
    except Invalid as error:
        return _form(None, request.form, _errors(error)), 422
    flash(_("Made. It opens by itself; until then everything can be changed."), "good")
    return redirect(url_for("console.contests_show", slug=slug), 303)


@blueprint.get("/contests/<slug>")
@who(Permission.MANAGE_CONTESTS)
def contests_show(slug: str) -> str:
    """One contest: its dates and words, and what may still be done with it."""
    return _show(_managed(slug), {}, {})


@blueprint.get("/contests/<slug>/edit")
@who(Permission.MANAGE_CONTESTS)
def contests_edit(slug: str) -> Answer:
    """The form of a contest that has not opened."""
    contest = _managed(slug)
    if not policies.may_change_freely(contest, clock.now()):
        return redirect(url_for("console.contests_show", slug=slug))
    return _form(contest, _values(contest), {})


@blueprint.post("/contests/<slug>")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def contests_change(slug: str) -> Answer:
    """Change a contest that has not opened."""
    contest = _managed(slug)
    contest_id, member_id = contest.id, signed_in().id
    try:
        plan = _read_plan(signed_in())
        with transaction():
            editions.change(accounts.get(member_id), contest_id, plan, at=clock.now())
    except Invalid as error:
        return _form(contest, request.form, _errors(error)), 422
    except Conflict as error:
        return _show(_managed(slug), {"": error.message}, {}), 409
    flash(_("Saved."), "good")
    return redirect(url_for("console.contests_show", slug=plan.slug), 303)


@blueprint.post("/contests/<slug>/dates")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def contests_dates(slug: str) -> Answer:
    """Move dates of a contest that has opened, with a public reason."""
    contest = _managed(slug)
    zone = contest.zone
    stands = {name: getattr(contest, name) for name in INSTANTS}

    def move(actor: Member, contest_id: int, reason: str, at: datetime) -> None:
        form = Form(request.form)
        windows = _read_windows(form, zone, stands)
        editions.move_dates(actor, contest_id, windows, reason=reason, at=at)

    return _act(contest, move, _("Moved. The page says what, when and why."))


@blueprint.post("/contests/<slug>/brief")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def contests_brief(slug: str) -> Answer:
    """Publish a corrected brief after opening, with a public reason."""

    def correct(actor: Member, contest_id: int, reason: str, at: datetime) -> None:
        form = Form(request.form)
        texts = contest_fields.read_texts(form)
        form.check()
        editions.correct_brief(actor, contest_id, texts, reason=reason, at=at)

    return _act(_managed(slug), correct, _("Published as a new version."))


@blueprint.post("/contests/<slug>/cancellation")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def contests_cancel(slug: str) -> Answer:
    """Call a contest off, with a public reason."""

    def cancel(actor: Member, contest_id: int, reason: str, at: datetime) -> None:
        editions.cancel(actor, contest_id, reason=reason, at=at)

    return _act(_managed(slug), cancel, _("Called off. Its page gives your reason."))


def _act(contest: Contest, rule: Callable[[Member, int, str, datetime], None], done: str) -> Answer:
    """Do one thing that needs a reason; show the page again where a rule says no."""
    slug, contest_id, member_id = contest.slug, contest.id, signed_in().id
    reason = Form(request.form).paragraphs("reason", most=changes.MOST_REASON)
    try:
        with transaction():
            rule(accounts.get(member_id), contest_id, reason, clock.now())
    except Invalid as error:
        return _show(_managed(slug), _errors(error), request.form), 422
    except Conflict as error:
        return _show(_managed(slug), {"": error.message}, request.form), 409
    flash(done, "good")
    return redirect(url_for("console.contests_show", slug=slug), 303)


def _managed(slug: str) -> Contest:
    """The contest, if it belongs to a space of the member's. Raises NotFound, NotAllowed."""
    contest = queries.get_by_slug(slug)
    if not policies.may_manage(signed_in(), contest.space_id):
        raise NotAllowed(lazy("You manage contests of another space, not of this one."))
    return contest


def _read_plan(member: Member) -> Plan:
    form = Form(request.form)
    zone = form.choice("zone", contest_fields.ZONES, "UTC")
    slug = form.line("slug", most=MOST_SLUG, required=True)
    format_, quorum = contest_fields.read_format(form)
    space_id = contest_fields.read_space(form, member)
    promised = contest_fields.read_terms(form, queries.list_currencies())
    texts = contest_fields.read_texts(form)
    windows = _read_windows(form, zone)
    return Plan(space_id, slug, format_, zone, windows, promised, texts, quorum)


def _read_windows(
    form: Form, zone: str, stands: Mapping[str, datetime | None] | None = None
) -> Windows:
    """The five instants. Raises Invalid with every wrong field of the form, the order included.

    Fields know minutes only: one that still shows the minute of the instant that stands means
    that instant, to the second.
    """
    read = {name: _read_instant(form, name, zone) for name in INSTANTS}
    read |= {
        name: at
        for name, at in (stands or {}).items()
        if at is not None and form.values.get(name, "")[:16] == wall_time.write(at, zone)
    }
    known = [(name, at) for name, at in read.items() if at is not None]
    for (before, earlier), (after, later) in pairwise(known):
        if later < earlier:
            form.errors[after] = lazy("This comes before “%(other)s”.", other=words.CHANGES[before])
    form.check()
    return Windows(**dict(known))


def _read_instant(form: Form, name: str, zone: str) -> datetime | None:
    return form.parsed(name, lambda: wall_time.read(form.values.get(name, ""), zone))


def _errors(error: Invalid) -> Errors:
    return error.fields or {"": error.message}


def _first_values() -> dict[str, str]:
    """Before anything is typed: a week of entries from next Monday at noon, six winners."""
    zone = i18n.zone_name()
    there = clock.now().astimezone(i18n.zone())
    monday = (there + timedelta(days=7 - there.weekday())).replace(
        hour=12, minute=0, second=0, microsecond=0
    )
    starts = [monday, monday + _WEEK, monday + _WEEK, monday + 2 * _WEEK, monday + 3 * _WEEK]
    dates = {name: f"{at:%Y-%m-%dT%H:%M}" for name, at in zip(INSTANTS, starts, strict=True)}
    article = next(iter(queries.list_articles()), None)
    usual = Terms(6, PickRule.HYBRID, 1000, article.id if article else 0, ())
    shape = {"format": Format.DEALT, "quorum": str(formats.USUAL_QUORUM)}
    return {"zone": zone, **shape, **dates, **contest_fields.fill_terms(usual)}


def _values(contest: Contest) -> dict[str, str]:
    return {
        "slug": contest.slug,
        "space_id": str(contest.space_id),
        **contest_fields.fill_format(contest),
        "zone": contest.zone,
        **_dates(contest),
        **contest_fields.fill_terms(terms.of(contest)),
        **contest_fields.fill_texts(briefs.texts_of(contest)),
    }


def _dates(contest: Contest) -> dict[str, str]:
    return {name: wall_time.write(getattr(contest, name), contest.zone) for name in INSTANTS}


def _form(contest: Contest | None, values: Mapping[str, str], errors: Errors) -> str:
    return render_template(
        "console/contests/form.html",
        contest=contest,
        values=values,
        errors=errors,
        date_words=words.CHANGES,
        instants=INSTANTS,
        **contest_fields.choices(signed_in()),
    )


def _show(contest: Contest, errors: Errors, typed: Mapping[str, Any]) -> str:
    at = clock.now()
    values = {**_dates(contest), **contest_fields.fill_texts(briefs.texts_of(contest)), **typed}
    logged = changes.list_changes(contest.id)
    return render_template(
        "console/contests/contest.html",
        contest=contest,
        name=words.full_name(contest),
        phase=phase(contest, at),
        phase_words=words.PHASES,
        errors=errors,
        values=values,
        instants=[(name, getattr(contest, name)) for name in INSTANTS],
        date_words=words.CHANGES,
        reading=briefs.read(contest, i18n.language()),
        texts=briefs.texts_of(contest),
        languages=i18n.LANGUAGE_NAMES,
        turnout=wall.count_turnout([contest.id])[contest.id],
        changes=[(one, *changes.instants(one)) for one in logged],
        actors=accounts.by_ids({one.member_id for one in logged if one.member_id}),
        pick_rules=words.PICK_RULES,
        shape=formats.SHAPES[contest.format],
        may_change=policies.may_change_freely(contest, at),
        may_move=policies.may_move_dates(contest, at),
        may_cancel=policies.may_cancel(contest, at),
        now=at,
    )
