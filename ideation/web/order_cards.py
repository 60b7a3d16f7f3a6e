"""The last look at an order before its card, and on to the provider's page."""

from datetime import datetime

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.unlisted import unlisted
from ideation.orders import policies
from ideation.orders.models import OrderState
from ideation.payments import cards, returning
from ideation.payments.models import MethodState
from ideation.products import stock
from ideation.web.blueprint import blueprint
from ideation.web.orders import facts, open_order


@blueprint.get("/orders/<public_id>/review")
@who(Who.ANYONE)
def order_review(public_id: str) -> Response:
    """What, where to, how much, when it ships, when the card is charged and what if it fails."""
    at, found = clock.now(), open_order(public_id)
    may_give = found.state is OrderState.PLACED and policies.may_give_card(found, found.run, at)
    if not may_give or returning.is_waiting(found.reference, at):
        return redirect(url_for("web.order", public_id=public_id), 303)
    return unlisted(
        render_template(
            "web/orders/review.html", **facts(found), counted=stock.pledged(found.run_id)
        )
    )


@blueprint.post("/orders/<public_id>/cards")
@WRITES
@who(Who.ANYONE)
def order_card(public_id: str) -> Response:
    """On to the page where a card is given. Asked again before one was given, it is the same page.

    The provider is asked between two transactions: it may be slow, or away.
    """
    at, found = clock.now(), open_order(public_id)
    if not policies.may_give_card(found, found.run, at):
        raise Conflict(lazy("This order is over or already paid, so no card is needed."))
    total_minor, currency = found.total_minor, found.currency
    method_id = _asked(found.reference, at)
    page = cards.page_for(
        method_id,
        url_for("web.order", public_id=public_id, returned=1, _external=True),
        at=at,
        amount_minor=total_minor,
        currency=currency,
    )
    return redirect(page, 303)


def _asked(reference: str, at: datetime) -> str:
    """The public id of the card that is being asked for; a new one once the last is over."""
    last = cards.latest(reference)
    if last is not None and last.state is MethodState.PENDING and not cards.is_over(last, at):
        return last.public_id
    with transaction():
        return cards.ask(reference, at=at).public_id
