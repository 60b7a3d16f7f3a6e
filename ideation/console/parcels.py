"""The orders of a run together: how they stand, what to make, and its parcels out and in."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.audit import trail
from ideation.console.blueprint import blueprint
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import lazy, ngettext
from ideation.core.text import clean_line
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.orders import desk, dispatching, sheets, words
from ideation.orders.models import OrderState
from ideation.orders.sheets import Planned, Row, Verdict, What
from ideation.products import stock
from ideation.products.models import Run
from ideation.products.words import variant_name

Answer = Response | str | tuple[str, int]


@blueprint.get("/runs/<public_id>/orders")
@who(Permission.SEE_ORDERS)
def orders_of_run(public_id: str) -> str:
    """How a run's orders stand."""
    return _show(desk.get_run(public_id))


@blueprint.get("/runs/<public_id>/parcels.csv")
@who(Permission.FULFIL)
def orders_sheet(public_id: str) -> Response:
    """What to send where, as a table; it holds addresses, so that it was taken is kept."""
    run = desk.get_run(public_id)
    run_id, actor_id, at = run.id, signed_in().id, clock.now()
    name = quote(f"{run.product.slug}-{run.number}.csv")
    with transaction():
        trail.record(
            "run.parcels_taken", actor_id=actor_id, subject_kind="run", subject_id=run_id, at=at
        )
    return FileResponse(
        sheets.write(run_id),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f"attachment; filename=parcels.csv; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


@blueprint.post("/runs/<public_id>/parcels/preview")
@WRITES
@who(Permission.FULFIL)
def orders_preview(public_id: str) -> Answer:
    """What a table would do, row by row; nothing is done yet."""
    run = desk.get_run(public_id)
    form = Form(request.form)
    what = What(form.choice("what", list(What), What.SENT))
    upload = request.files.get("table")
    try:
        if upload is None or not upload.filename:
            raise Invalid(lazy("Choose the table first."))
        rows = sheets.read(upload.stream.read(sheets.MOST_BYTES + 1), what)
    except Invalid as error:
        return _show(run, {"table": str(error)}), 422
    return _preview(run, what, sheets.plan(run.id, rows, what))


@blueprint.post("/runs/<public_id>/parcels")
@WRITES
@who(Permission.FULFIL)
def orders_apply(public_id: str) -> Answer:
    """Do what the preview said: each row by itself, whole or not at all."""
    run = desk.get_run(public_id)
    what = What(Form(request.form).choice("what", list(What), What.SENT))
    try:
        rows = _read_rows(request.form.get("rows", ""))
    except Invalid as error:
        return _show(run, {"table": str(error)}), 422
    planned = sheets.plan(run.id, rows, what)
    done = sum(_do(one, what) for one in planned if one.verdict is Verdict.DO)
    _tell(done, what)
    left = sum(one.verdict is Verdict.WRONG for one in planned)
    if left:
        words_ = ngettext("%(n)s row was left as it is.", "%(n)s rows were left as they are.", left)
        flash(words_)
    return redirect(url_for("console.orders_of_run", public_id=public_id), 303)


@blueprint.post("/runs/<public_id>/deliveries")
@WRITES
@who(Permission.FULFIL)
def orders_deliver_all(public_id: str) -> Answer:
    """Mark everything that is on its way as delivered."""
    run = desk.get_run(public_id)
    on_their_way = desk.list_in_state(run.id, OrderState.DISPATCHED)
    _tell(sum(_deliver(order_id) for order_id in on_their_way), What.DELIVERED)
    return redirect(url_for("console.orders_of_run", public_id=public_id), 303)


def _do(one: Planned, what: What) -> bool:
    """The row in a transaction of its own; False where it cannot be done any more."""
    assert one.order_id is not None
    if what is What.DELIVERED:
        return _deliver(one.order_id)
    actor_id = signed_in().id
    try:
        with transaction():
            actor = accounts.get(actor_id)
            row = one.row
            dispatching.dispatch(
                actor, one.order_id, row.carrier, row.tracking_number, at=clock.now()
            )
    except (Conflict, Invalid):
        return False
    return True


def _deliver(order_id: int) -> bool:
    actor_id = signed_in().id
    try:
        with transaction():
            return dispatching.deliver(accounts.get(actor_id), order_id, at=clock.now())
    except Conflict:
        return False


def _tell(done: int, what: What) -> None:
    if what is What.SENT:
        said = ngettext("%(n)s order marked as sent.", "%(n)s orders marked as sent.", done)
    else:
        said = ngettext(
            "%(n)s order marked as delivered.", "%(n)s orders marked as delivered.", done
        )
    flash(said, "good" if done else "message")


def _read_rows(kept: str) -> list[Row]:
    """The rows as the preview kept them. Raises Invalid."""
    try:
        rows = [
            Row(int(number), clean_line(order), clean_line(carrier), clean_line(tracking))
            for number, order, carrier, tracking in json.loads(kept)
        ]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Invalid(lazy("Send the table again, please: it got lost on its way.")) from error
    return rows[: sheets.MOST_ROWS]


def _preview(run: Run, what: What, planned: Sequence[Planned]) -> str:
    rows = [one.row for one in planned if one.verdict is Verdict.DO]
    return render_template(
        "console/orders/preview.html",
        nav="orders",
        run=run,
        what=what,
        planned=planned,
        to_do=len(rows),
        wrong=sum(one.verdict is Verdict.WRONG for one in planned),
        kept=json.dumps(
            [[row.number, row.order, row.carrier, row.tracking_number] for row in rows]
        ),
    )


def _show(run: Run, errors: dict[str, str] | None = None) -> str:
    counts = desk.count_by_state(run.id)
    return render_template(
        "console/orders/run.html",
        nav="orders",
        run=run,
        errors=errors or {},
        what=request.form.get("what", What.SENT),
        counts=counts,
        states=words.STATES,
        pledged=stock.pledged(run.id),
        collected=stock.collected(run.id),
        to_make=[
            (variant_name(run.product, variant), variant, units)
            for variant, units in desk.list_to_make(run.id)
        ],
        is_locked=dispatching.is_locked(run),
        on_their_way=counts[OrderState.DISPATCHED],
        most_rows=sheets.MOST_ROWS,
    )
