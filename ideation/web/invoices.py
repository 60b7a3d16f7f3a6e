"""An invoice or credit note as it was issued, on a page that prints well."""

from datetime import date

from flask import render_template
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.http import order_links
from ideation.http.guards import Who, who
from ideation.http.session import current_member, may
from ideation.http.unlisted import unlisted
from ideation.orders import invoices, policies, queries, words
from ideation.web.blueprint import blueprint


@blueprint.get("/orders/<public_id>/invoice/<int:number>")
@who(Who.ANYONE)
def invoice(public_id: str, number: int) -> Response:
    """For the buyer, and for staff who see orders or money."""
    order = queries.find_by_public_id(public_id)
    is_staff = may(Permission.SEE_ORDERS) or may(Permission.SEE_MONEY)
    has_link = order is not None and order_links.holds(order)
    if order is None or not (
        is_staff or policies.may_see(order, current_member(), has_link=has_link)
    ):
        raise NotFound(lazy("There is no such invoice."))
    found = invoices.get(order.id, number)
    return unlisted(
        render_template(
            "web/orders/invoice.html",
            order=order,
            invoice=found,
            body=found.body,
            kind=words.INVOICES[found.kind],
            number=invoices.written_number(found),
            ordered_on=date.fromisoformat(found.body["ordered_on"]),
        )
    )
