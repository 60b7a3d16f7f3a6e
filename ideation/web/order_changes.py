"""What a buyer changes on an order until production starts: sizes, the address, their mind."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.session import current_member
from ideation.http.unlisted import unlisted
from ideation.orders import addresses, changing, policies, shipping
from ideation.orders.models import Order
from ideation.web.blueprint import blueprint
from ideation.web.orders import facts, open_order, show

#: A line's field is ``line`` and its id; ``was`` and its id names the size that the page showed.
_LINE, _WAS = "line", "was"


@blueprint.post("/orders/<public_id>/sizes")
@WRITES
@who(Who.ANYONE)
def order_sizes(public_id: str) -> Response:
    """Other sizes for its lines: those that the buyer changed on the page they had before them.

    The others stay as they are now, which may be as they were changed in another tab.
    """
    order_id, by = open_order(public_id).id, _actor_id()
    shown = _ids_by_line(_WAS)
    wanted = {
        line_id: variant_id
        for line_id, variant_id in _ids_by_line(_LINE).items()
        if shown.get(line_id) != variant_id
    }
    try:
        with transaction():
            is_changed = bool(changing.change_sizes(order_id, wanted, by=by, at=clock.now()))
    except Conflict as error:
        return _refused(public_id, error)
    if is_changed:
        flash(_("Your sizes are changed."), "good")
    else:
        flash(_("Nothing was changed: these are the sizes you have."))
    return _back(public_id)


@blueprint.get("/orders/<public_id>/address")
@who(Who.ANYONE)
def order_address(public_id: str) -> Response:
    """The form of the address, for the country it goes to or the one just chosen."""
    found = open_order(public_id)
    if not policies.may_change(found, found.run, clock.now()):
        return _back(public_id)
    country = request.args.get("country_code") or found.address.get("country_code", "")
    is_same = found.address.get("country_code") == country
    return _form(found, country, found.address if is_same else {}, {})


@blueprint.post("/orders/<public_id>/address")
@WRITES
@who(Who.ANYONE)
def order_address_save(public_id: str) -> Response:
    """Send it elsewhere, or say what is wrong with that."""
    order_id, by = open_order(public_id).id, _actor_id()
    try:
        with transaction():
            changing.change_address(order_id, request.form, by=by, at=clock.now())
    except Invalid as error:
        country = request.form.get("country_code", "")
        return _form(open_order(public_id), country, request.form, error.fields, status=422)
    except Conflict as error:
        return _refused(public_id, error)
    flash(_("It goes to the new address."), "good")
    return _back(public_id)


@blueprint.get("/orders/<public_id>/cancellation")
@who(Who.ANYONE)
def order_cancellation(public_id: str) -> Response:
    """What ending it means, before it is done: with a script or without, it takes two steps."""
    found = open_order(public_id)
    if not policies.may_change(found, found.run, clock.now()):
        return _back(public_id)
    return unlisted(render_template("web/orders/cancellation.html", **facts(found)))


@blueprint.post("/orders/<public_id>/cancellation")
@WRITES
@who(Who.ANYONE)
def order_cancel(public_id: str) -> Response:
    """End it; what was paid goes back."""
    order_id, by = open_order(public_id).id, _actor_id()
    try:
        with transaction():
            changing.cancel(order_id, by=by, at=clock.now())
    except Conflict as error:
        return _refused(public_id, error)
    flash(_("Cancelled. Nothing more will be charged."), "good")
    return _back(public_id)


def _refused(public_id: str, error: Conflict) -> Response:
    """The order as it stands now, with why nothing was changed."""
    flash(str(error), "bad")
    return show(open_order(public_id), clock.now(), status=error.status)


def _actor_id() -> int | None:
    member = current_member()
    return member.id if member else None


def _ids_by_line(prefix: str) -> dict[int, int]:
    """Line → variant, as the fields of that name say."""
    return {
        int(name.removeprefix(prefix)): int(value)
        for name, value in request.form.items()
        if name.startswith(prefix) and _is_id(name.removeprefix(prefix)) and _is_id(value)
    }


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 18


def _back(public_id: str) -> Response:
    return redirect(url_for("web.order", public_id=public_id), 303)


def _form(
    found: Order,
    country: str,
    values: Mapping[str, str],
    errors: Mapping[str, Words],
    *,
    status: int = 200,
) -> Response:
    known = shipping.countries()
    country = country if country in known else found.address.get("country_code", known[0])
    page = render_template(
        "web/orders/address.html",
        **facts(found),
        country=country,
        countries=addresses.country_options(known),
        rows=addresses.rows(country),
        labels=addresses.labels(country),
        values=values,
        errors=errors,
    )
    return unlisted(page, status)
