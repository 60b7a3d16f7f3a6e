"""Runs for those who start them: plan one, watch it, change its caps, begin production."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.console.blueprint import blueprint
from ideation.contests import wall_time
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.products import planning, policies, queries, runs, words
from ideation.products.models import Product, Run
from ideation.products.phases import Phase, phase
from ideation.products.planning import MOST_CAP, MOST_GOAL, RunPlan

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Words]


@blueprint.get("/products/<slug>/runs/new")
@who(Permission.MANAGE_PRODUCTS)
def runs_new(slug: str) -> str:
    """The form that starts a run, filled in with what is usual."""
    product = queries.get_by_slug(slug)
    return _form(product, _usual_values(), {})


@blueprint.post("/products/<slug>/runs")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def runs_start(slug: str) -> Answer:
    """Start it."""
    product = queries.get_by_slug(slug)
    member_id, product_id, at = signed_in().id, product.id, clock.now()
    try:
        plan = _read_plan(product, at)
        with transaction():
            run = planning.start(accounts.get(member_id), product_id, plan, at=at)
            public_id = run.public_id
    except (Invalid, Conflict) as error:
        errors = error.fields if isinstance(error, Invalid) else {}
        page = _form(queries.get_by_slug(slug), request.form, errors or {"": error.message})
        return page, error.status
    flash(_("Started. Whoever said they'd buy it is told when it opens."), "good")
    return redirect(url_for("console.run", public_id=public_id), 303)


@blueprint.get("/runs/<public_id>")
@who(Permission.MANAGE_PRODUCTS)
def run(public_id: str) -> str:
    """One run: what was ordered, what is left, what comes next."""
    return _show(queries.get_run(public_id), {}, {})


@blueprint.post("/runs/<public_id>/caps")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def run_caps(public_id: str) -> Answer:
    """Change how many of each variant there are."""
    shown = queries.get_run(public_id)
    member_id, run_id = signed_in().id, shown.id
    try:
        caps = _read_caps(Form(request.form), [row.variant_id for row in shown.stock])
        before = {row.variant_id: row.cap for row in shown.stock}
        changed = {key: cap for key, cap in caps.items() if cap != before[key]}
        with transaction():
            if changed:
                planning.change_caps(accounts.get(member_id), run_id, changed, at=clock.now())
    except (Invalid, Conflict) as error:
        errors = error.fields if isinstance(error, Invalid) else {}
        page = _show(queries.get_run(public_id), errors or {"": error.message}, request.form)
        return page, error.status
    flash(_("Changed."), "good")
    return redirect(url_for("console.run", public_id=public_id), 303)


@blueprint.post("/runs/<public_id>/production")
@WRITES
@who(Permission.MANAGE_PRODUCTS)
def run_lock(public_id: str) -> Response:
    """Start production: from here on orders stay as they are."""
    run_id, member_id = queries.get_run(public_id).id, signed_in().id
    with transaction():
        is_first = runs.lock(accounts.get(member_id), run_id, at=clock.now())
    if is_first:
        flash(_("Production has started. Orders stay as they are from now on."), "good")
    else:
        flash(_("Production had started already."), "info")
    return redirect(url_for("console.run", public_id=public_id), 303)


def _read_plan(product: Product, at: datetime) -> RunPlan:
    form, zone = Form(request.form), i18n.zone_name()
    opens = _read_instant(form, "opens_at", zone)
    closes = _read_instant(form, "closes_at", zone)
    locks = _read_instant(form, "locks_at", zone, required=False)
    ships_from, ships_by = _read_day(form, "ships_from"), _read_day(form, "ships_by")
    goal = form.whole("goal", least=1, most=MOST_GOAL)
    days = form.whole("extension_days", least=0, most=30)
    percent = form.whole("extension_percent", least=1, most=100)
    caps = _read_caps(form, [variant.id for variant in product.variants])
    form.check()
    # What the field does not know are seconds: "now" must not lie a few of them back.
    opens = at if opens is None or opens <= at else opens
    return RunPlan(
        opens_at=opens,
        closes_at=closes or opens,
        ships_from=ships_from or at.date(),
        ships_by=ships_by or at.date(),
        goal=goal,
        caps=caps,
        locks_at=locks,
        extension_days=days,
        extension_percent=percent,
    )


def _read_caps(form: Form, variant_ids: list[int]) -> dict[int, int | None]:
    """Variant → cap; an empty field is no cap. Raises Invalid."""
    caps: dict[int, int | None] = {}
    for variant_id in variant_ids:
        name = f"cap-{variant_id}"
        is_empty = not form.values.get(name, "").strip()
        caps[variant_id] = None if is_empty else form.whole(name, least=0, most=MOST_CAP)
    form.check()
    return caps


def _read_instant(form: Form, name: str, zone: str, *, required: bool = True) -> datetime | None:
    typed = form.values.get(name, "").strip()
    if not typed and not required:
        return None
    return form.parsed(name, lambda: wall_time.read(typed, zone))


def _read_day(form: Form, name: str) -> date | None:
    return form.parsed(name, lambda: wall_time.read_day(form.values.get(name, "")))


def _usual_values() -> dict[str, str]:
    plan, zone = planning.usual(clock.now()), i18n.zone_name()
    return {
        "goal": str(plan.goal),
        "opens_at": wall_time.write(plan.opens_at, zone),
        "closes_at": wall_time.write(plan.closes_at, zone),
        "locks_at": "",
        "ships_from": plan.ships_from.isoformat(),
        "ships_by": plan.ships_by.isoformat(),
        "extension_days": str(plan.extension_days),
        "extension_percent": str(plan.extension_percent),
    }


def _form(product: Product, values: Mapping[str, Any], errors: Errors) -> str:
    return render_template(
        "console/runs/form.html",
        product=product,
        values=values,
        errors=errors,
        variants=[(one, words.variant_name(product, one)) for one in product.variants],
        zone=i18n.zone_name(),
        may_start=product.published_at is not None and not policies.has_living_run(product),
    )


def _show(shown: Run, errors: Errors, typed: Mapping[str, Any]) -> str:
    at = clock.now()
    units = queries.count_units([shown.id]).get(shown.id, queries.Units())
    rows = sorted(shown.stock, key=lambda row: row.variant.position)
    return render_template(
        "console/runs/run.html",
        run=shown,
        product=shown.product,
        phase=phase(shown, at),
        words=words,
        units=units,
        unpaid=units.pledged - units.collected,
        rows=[(row, words.variant_name(shown.product, row.variant)) for row in rows],
        errors=errors,
        values=typed,
        may_change_caps=not policies.is_over(shown, at),
        may_lock=phase(shown, at) is Phase.GO,
        now=at,
    )
