"""A buyer's order: how it stands, and who may open it."""

from datetime import datetime
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Gone, NotFound, Words
from ideation.core.i18n import lazy
from ideation.http import order_links
from ideation.http.guards import Who, who
from ideation.http.pictures import product_image
from ideation.http.session import current_member, signed_in
from ideation.http.unlisted import unlisted
from ideation.orders import addresses, invoices, links, policies, progress, queries, words
from ideation.orders.models import Order, OrderChange, OrderState
from ideation.payments import cards, charging, failures, refunding, returning
from ideation.payments.models import MethodState, PaymentState
from ideation.products import stock
from ideation.products.words import variant_name
from ideation.web.blueprint import blueprint

_WRONG_LINK = lazy("There is no such order here. Open it with the link in the mail we sent you.")
_FORGOTTEN = lazy(
    "This order was over long ago, so we deleted whom and where it went to, and its page with that."
)


@blueprint.get("/my/orders")
@who(Who.SIGNED_IN)
def my_orders() -> str:
    """Everything the member ordered, newest first."""
    page = queries.page_of_mine(signed_in().id, request.args.get("page", 1, type=int))
    rows = [
        (one, product_image(one.run.product, one.lines[0].variant.colour), words.STATES[one.state])
        for one in page.items
    ]
    return render_template("web/orders/mine.html", page=page, rows=rows)


@blueprint.get("/orders/<public_id>/key/<secret>")
@who(Who.ANYONE)
def order_link(public_id: str, secret: str) -> Response:
    """A guest's link: this browser may open the order from now on. Works as often as it is used.

    After two years whom it went to is deleted, and the link opens nothing.
    """
    found = queries.find_by_public_id(public_id)
    if found is None or not links.fits(found, secret):
        raise NotFound(_WRONG_LINK)
    if links.is_forgotten(found):
        raise Gone(_FORGOTTEN)
    order_links.remember(public_id, found.link_hash)
    response = redirect(url_for("web.order", public_id=public_id), 303)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/orders/<public_id>")
@who(Who.ANYONE)
def order(public_id: str) -> Response:
    """How it stands and what can be done; also where the provider's page leads back to.

    Whoever comes from there is noted, and the provider is asked what came of it.
    """
    at, found = clock.now(), open_order(public_id)
    if "returned" in request.args:
        reference = found.reference
        with transaction():
            returning.note(reference, at=at)
        return redirect(url_for("web.order", public_id=public_id), 303)
    return show(found, at, is_waiting=_is_waiting(found, at))


@blueprint.get("/orders/<public_id>/state")
@who(Who.ANYONE)
def order_state(public_id: str) -> Response:
    """For the script that waits for the bank: whether its word is still to come."""
    return jsonify(is_waiting=_is_waiting(open_order(public_id), clock.now()))


def open_order(public_id: str) -> Order:
    """The order, if the visitor may open it; to a member's own, whoever is signed out signs in.

    Raises NotFound for everybody else: they learn nothing, not even that it exists.
    """
    found = queries.find_by_public_id(public_id)
    viewer = current_member()
    if found is not None:
        if policies.may_see(found, viewer, has_link=order_links.holds(found)):
            return found
        if found.member_id is not None and viewer is None:
            after = request.path if request.method == "GET" else None
            abort(redirect(url_for("web.sign_in", next=after), 303))
    raise NotFound(_WRONG_LINK)


def facts(found: Order) -> dict[str, Any]:
    """What every page of an order shows."""
    return {
        "order": found,
        "run": found.run,
        "product": found.run.product,
        "lines": [(line, words.line_name(line, found)) for line in found.lines],
        "shipping_minor": sum(line.shipping_minor for line in found.lines),
        "goods_minor": sum(line.goods_minor for line in found.lines),
        "bill_lines": [
            (words.line_name(line, found), line.quantity, line.goods_minor) for line in found.lines
        ],
        "address": addresses.lines(found.address),
        "picture": product_image(found.run.product, found.lines[0].variant.colour),
    }


def show(found: Order, at: datetime, *, is_waiting: bool = False, status: int = 200) -> Response:
    """The order's page."""
    may_change = policies.may_change(found, found.run, at)
    page = render_template(
        "web/orders/order.html",
        **facts(found),
        **_card(found),
        steps=progress.steps(found),
        state=words.STATES[found.state],
        is_waiting=is_waiting,
        may_change=may_change,
        may_give_card=policies.may_give_card(found, found.run, at),
        choices=_choices(found) if may_change else {},
        parcel=queries.find_parcel(found.id),
        documents=[
            (one, words.INVOICES[one.kind], invoices.written_number(one))
            for one in invoices.list_for(found.id)
        ],
        refunds=refunding.list_for(found.reference),
        changes=_changes(found),
        guest_link=links.url_of(found) if found.member_id is None else "",
    )
    return unlisted(page, status)


def _card(found: Order) -> dict[str, Any]:
    """What is to be said of the card and of the last try at charging it."""
    payment = charging.latest(found.reference)
    asked = cards.latest(found.reference)
    is_asked = payment is not None and payment.state is PaymentState.NEEDS_ACTION
    is_declined = payment is not None and payment.state is PaymentState.FAILED
    # What failed before the buyer's last return may be overtaken.
    is_refused = (
        asked is not None and asked.state is MethodState.FAILED and asked.awaited_since is None
    )
    return {
        "card": cards.latest_saved(found.reference),
        "confirm_url": payment.action_url if payment and is_asked else "",
        "charge_problem": failures.words(payment.failure) if payment and is_declined else "",
        "card_problem": failures.words(asked.failure) if asked and is_refused else "",
    }


def _is_waiting(found: Order, at: datetime) -> bool:
    """Whether the buyer is back and the provider's word is to come; it is asked, if it is time."""
    if found.state not in {OrderState.PLACED, OrderState.CONFIRMED, OrderState.CHARGING}:
        return False
    return returning.ask(found.reference, at=at)


def _changes(found: Order) -> list[tuple[OrderChange, Words, str, str]]:
    """Each change with its name and, of a size, what it was and is, as the buyer chose them."""
    product = found.run.product
    names = {one.sku: variant_name(product, one) for one in product.variants}
    return [
        (one, words.CHANGES[one.field], names.get(one.before, ""), names.get(one.after, ""))
        for one in queries.list_changes(found.id)
    ]


def _choices(found: Order) -> dict[int, list[tuple[int, str]]]:
    """Line → (variant, name) it may be swapped for: what is left, and what the order itself has."""
    product, left = found.run.product, stock.left(found.run)
    own = {line.variant_id for line in found.lines}

    def has_room(variant_id: int, units: int) -> bool:
        most = left[variant_id]
        return variant_id in own or most is None or most >= units

    variants = sorted((row.variant for row in found.run.stock), key=lambda one: one.position)
    return {
        line.id: [
            (one.id, variant_name(product, one))
            for one in variants
            if has_room(one.id, line.quantity)
        ]
        for line in found.lines
        if not line.refunded_quantity
    }
