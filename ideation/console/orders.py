"""Orders: who ordered what, how it stands with the money, and what can be done about it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.audit import queries as audit
from ideation.console.blueprint import blueprint
from ideation.core import clock, ids
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.http.unlisted import unlisted
from ideation.orders import addresses, desk, dispatching, invoices, queries, refunding, words
from ideation.orders.carriers import PAGES
from ideation.orders.charging import MOST_TRIES
from ideation.orders.models import Order, OrderState
from ideation.payments import charging, failures
from ideation.payments import refunding as refunds
from ideation.payments.models import PaymentState, RefundState

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Words]
Rule = Callable[[Member, Order], object]

PAYMENT_STATES: dict[PaymentState, Words] = {
    PaymentState.REQUESTED: lazy("Asked for"),
    PaymentState.NEEDS_ACTION: lazy("Waits for the buyer"),
    PaymentState.CAPTURED: lazy("Captured"),
    PaymentState.FAILED: lazy("Card declined"),
}
REFUND_STATES: dict[RefundState, Words] = {
    RefundState.REQUESTED: lazy("Going back"),
    RefundState.DONE: lazy("Done"),
    RefundState.FAILED: lazy("Refused"),
}
#: Reasons that rules give.
REASONS: dict[str, Words] = {
    refunding.CANCELLED: lazy("The buyer cancelled."),
    refunding.RUN_FAILED: lazy("The run failed."),
    refunding.SURPLUS: lazy("It came when the order was over, or paid already."),
}
ACTS: dict[str, Words] = {
    "order.dispatched": lazy("Marked as sent"),
    "order.tracking_corrected": lazy("Tracking corrected"),
    "order.delivered": lazy("Marked as delivered"),
    "order.refunded": lazy("Money given back"),
}


@blueprint.get("/orders")
@who(Permission.SEE_ORDERS)
def orders() -> Response:
    """Every order, the latest first, narrowed to a run, a state or a few letters."""
    runs = desk.list_runs()
    chosen = next((run for run in runs if run.public_id == request.args.get("run")), None)
    asked = request.args.get("state", "")
    state = OrderState(asked) if asked in set(OrderState) else None
    typed = request.args.get("q", "")[:100]
    search = desk.Search(chosen.id if chosen else None, state, typed)
    page = desk.list_orders(search, request.args.get("page", 1, type=int))
    narrowed = {"run": chosen.public_id if chosen else None, "state": state, "q": typed or None}
    return unlisted(
        render_template(
            "console/orders/index.html",
            page=page,
            runs=runs,
            chosen=chosen,
            state=state,
            typed=typed,
            counts=desk.count_by_state(search.run_id),
            states=words.STATES,
            narrowed={name: value for name, value in narrowed.items() if value},
        )
    )


@blueprint.get("/orders/<public_id>")
@who(Permission.SEE_ORDERS)
def order(public_id: str) -> Response:
    """One order: its way so far, what was tried with the card, what went back."""
    return unlisted(show(public_id))


@blueprint.post("/orders/<public_id>/parcel")
@WRITES
@who(Permission.FULFIL)
def orders_dispatch(public_id: str) -> Answer:
    """Mark as sent."""

    def send(actor: Member, one: Order) -> None:
        carrier, number = request.form.get("carrier", ""), request.form.get("tracking_number", "")
        dispatching.dispatch(actor, one.id, carrier, number, at=clock.now())

    return act(public_id, send, _("Marked as sent. The buyer gets a mail."))


@blueprint.post("/orders/<public_id>/parcel/corrections")
@WRITES
@who(Permission.FULFIL)
def orders_correct(public_id: str) -> Answer:
    """Correct the carrier or the tracking number."""

    def correct(actor: Member, one: Order) -> None:
        carrier, number = request.form.get("carrier", ""), request.form.get("tracking_number", "")
        dispatching.correct(actor, one.id, carrier, number, at=clock.now())

    return act(public_id, correct, _("Corrected. The buyer gets a mail."))


@blueprint.post("/orders/<public_id>/delivery")
@WRITES
@who(Permission.FULFIL)
def orders_deliver(public_id: str) -> Answer:
    """Mark as delivered."""

    def deliver(actor: Member, one: Order) -> None:
        dispatching.deliver(actor, one.id, at=clock.now())

    return act(public_id, deliver, _("Marked as delivered."))


def act(public_id: str, rule: Rule, done: str) -> Answer:
    """Do one thing to an order; show its page again where a rule says no."""
    actor_id = signed_in().id
    try:
        with transaction():
            one = queries.get_by_public_id(public_id)
            rule(accounts.get(actor_id), one)
    except Invalid as error:
        return show(public_id, error.fields or {"": error.message}), 422
    except Conflict as error:
        return show(public_id, {"": error.message}), 409
    flash(done, "good")
    return redirect(url_for("console.order", public_id=public_id), 303)


def show(public_id: str, errors: Errors | None = None) -> str:
    one = queries.get_by_public_id(public_id)
    acts = audit.list_about("order", one.id)
    changes = queries.list_changes(one.id)
    known = {one.member_id, *(act.actor_id for act in acts), *(c.member_id for c in changes)}
    return render_template(
        "console/orders/order.html",
        nav="orders",
        order=one,
        errors=errors or {},
        values=request.form,
        key=request.form.get("key") or ids.public_id(20),
        address=addresses.lines(one.address),
        lines=[(line, words.line_name(line, one)) for line in one.lines],
        timeline=desk.timeline(one),
        states=words.STATES,
        changes=changes,
        change_words=words.CHANGES,
        acts=acts,
        act_words=ACTS,
        people=accounts.by_ids({member_id for member_id in known if member_id}),
        parcel=queries.find_parcel(one.id),
        carriers=sorted(PAGES),
        hindrance=dispatching.hindrance(one),
        most_tries=MOST_TRIES,
        **_money(one),
    )


def _money(one: Order) -> dict[str, Any]:
    """What was tried with the card, what went back, and the papers about it."""
    return {
        "payments": charging.list_for(one.reference),
        "payment_states": PAYMENT_STATES,
        "failure_of": failures.words,
        "refunds": refunds.list_for(one.reference),
        "refund_states": REFUND_STATES,
        "reasons": REASONS,
        "documents": [
            (paper, invoices.written_number(paper)) for paper in invoices.list_for(one.id)
        ],
        "document_words": words.INVOICES,
        "remaining": refunding.remaining(one) if one.payment_id else 0,
        "may_refund": refunding.may_refund(signed_in(), one),
        "was_sent": refunding.was_sent(one),
        "left": refunding.whole(one),
    }
