"""Giving money back by hand: what it would come to first, then, on a yes to that sum, doing it."""

from flask import render_template, request

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console.blueprint import blueprint
from ideation.console.orders import Answer, act, show
from ideation.core import clock
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.http.unlisted import unlisted
from ideation.orders import queries, refunding, words
from ideation.orders.models import Order, OrderLine
from ideation.orders.refunding import Part
from ideation.payments import charging

MOST_REASON = 500
#: More than any order comes to, so that a field of nonsense is refused before it is counted.
_MOST_SUM = 10**12 - 1


@blueprint.post("/orders/<public_id>/refunds/preview")
@WRITES
@who(Permission.REFUND)
def orders_refund_preview(public_id: str) -> Answer:
    """By line and together: what would go back, before anything does. Also the way back from it."""
    one = queries.get_by_public_id(public_id)
    if "change" in request.form:
        return show(public_id)
    form = Form(request.form)
    try:
        parts, reason, is_faulty = _read(form, one)
        form.check()
        plan = refunding.plan(signed_in(), one, parts, reason=reason, is_faulty=is_faulty)
    except Invalid as error:
        return show(public_id, error.fields or {"": error.message}), 422
    except Conflict as error:
        return show(public_id, {"": error.message}), 409
    page = render_template(
        "console/orders/refund.html",
        nav="orders",
        order=one,
        plan=plan,
        lines=[
            (line, words.line_name(line, one), plan.parts[line.id])
            for line in one.lines
            if line.id in plan.parts
        ],
        reason=reason,
        is_faulty=is_faulty,
        was_sent=refunding.was_sent(one),
        payment=next(
            (paid for paid in charging.list_for(one.reference) if paid.id == one.payment_id), None
        ),
        typed={
            name: value
            for name, value in request.form.items()
            if name in {"what", "key", "reason", "is_faulty"} or "-" in name
        },
    )
    return unlisted(page)


@blueprint.post("/orders/<public_id>/refunds")
@WRITES
@who(Permission.REFUND)
def orders_refund(public_id: str) -> Answer:
    """Give back the sum that was agreed to, with a reason that the buyer reads."""

    def give_back(actor: Member, one: Order) -> None:
        form, at = Form(request.form), clock.now()
        parts, reason, is_faulty = _read(form, one)
        key = f"desk:{public_id}:{form.line('key', most=60, required=True)}"
        agreed = form.whole("agreed", least=1, most=_MOST_SUM)
        form.check()
        if parts is not None:
            refunding.refund(
                actor,
                one.id,
                parts,
                reason=reason,
                is_faulty=is_faulty,
                agreed_minor=agreed,
                key=key,
                at=at,
            )
        elif not refunding.refund_all(
            one.id,
            reason=reason,
            is_faulty=is_faulty,
            agreed_minor=agreed,
            actor=actor,
            key=key,
            at=at,
        ):
            raise Conflict(lazy("Nothing is left to give back."))

    return act(public_id, give_back, _("It is on its way back. The buyer gets a mail."))


def _read(form: Form, one: Order) -> tuple[dict[int, Part] | None, str, bool]:
    """What to give back of each line, None for all that is left; why; whether it was faulty."""
    reason = form.paragraphs("reason", most=MOST_REASON, required=True)
    is_whole = form.choice("what", ["all", "some"]) == "all"
    parts = None if is_whole else {line.id: _read_part(form, one, line) for line in one.lines}
    return parts, reason, form.tick("is_faulty")


def _read_part(form: Form, one: Order, line: OrderLine) -> Part:
    """What the form gives back of a line; an empty field is nothing."""
    typed = form.values.get(f"units-{line.id}", "").strip()
    units = form.whole(f"units-{line.id}", least=0, most=line.quantity) if typed else 0
    return Part(
        form.amount(f"goods-{line.id}", one.currency) or 0,
        form.amount(f"shipping-{line.id}", one.currency) or 0,
        units,
    )
