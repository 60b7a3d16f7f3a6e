"""Payments, refunds and what providers told of them; first of all what needs a person."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.console.blueprint import blueprint
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import may, signed_in
from ideation.payments import failures, queries, refunding, words
from ideation.payments.providers.sandbox import deliveries
from ideation.payments.providers.sandbox import queries as letters

_LISTS = {
    "payments": queries.list_payments,
    "refunds": queries.list_refunds,
    "events": queries.list_events,
    "letters": letters.list_letters,
}


@blueprint.get("/payments")
@who(Permission.SEE_MONEY)
def payments() -> str:
    """One list at a time; without a choice, what waits for a person."""
    view = request.args.get("view", "")
    if view not in _LISTS:
        return _waiting({})
    page = _LISTS[view](request.args.get("page", 1, type=int))
    return render_template(f"console/payments/{view}.html", page=page, **_frame(view))


@blueprint.post("/payments/refunds/<public_id>/retries")
@WRITES
@who(Permission.REFUND)
def payments_refund_retry(public_id: str) -> Response:
    """Have a refused refund tried once more."""
    member, at = signed_in(), clock.now()
    with transaction():
        refunding.try_again(member, queries.get_refund(public_id).id, at=at)
    flash(_("The provider is asked once more."), "good")
    return _back()


@blueprint.post("/payments/refunds/<public_id>/settlement")
@WRITES
@who(Permission.REFUND)
def payments_refund_settle(public_id: str) -> Response | tuple[str, int]:
    """Note how a refused refund was given back after all."""
    member, at, form = signed_in(), clock.now(), Form(request.form)
    note = form.line("note", most=200, required=True)
    try:
        form.check()
    except Invalid as error:
        return _waiting({public_id: error.fields["note"]}), 422
    with transaction():
        refunding.settle_by_hand(member, queries.get_refund(public_id).id, note, at=at)
    flash(_("Noted: the money was given back."), "good")
    return _back()


@blueprint.post("/payments/letters/<int:delivery_id>/retries")
@WRITES
@who(Permission.SEE_MONEY)
def payments_letter_retry(delivery_id: int) -> Response:
    """Have one of the sandbox's letters brought again."""
    member, at = signed_in(), clock.now()
    with transaction():
        deliveries.send_again(member, delivery_id, at=at)
    flash(_("It is sent again at once."), "good")
    return _back()


def _waiting(errors: dict[str, Words]) -> str:
    return render_template(
        "console/payments/index.html",
        refused=queries.list_refused_refunds(),
        mismatched=queries.list_mismatched_events(),
        given_up=letters.list_given_up(),
        may_refund=may(Permission.REFUND),
        errors=errors,
        values=request.form,
        **_frame(""),
    )


def _frame(view: str) -> dict[str, object]:
    """What every list needs: the tabs, and words for codes."""
    waiting = queries.count_refused_refunds() + letters.count_given_up()
    labels = {
        "": _("For you"),
        "payments": _("Payments"),
        "refunds": _("Refunds"),
        "events": _("Events"),
        "letters": _("Test letters"),
    }
    return {
        "view": view,
        "tabs": [
            (key, url_for("console.payments", view=key or None), label, None if key else waiting)
            for key, label in labels.items()
        ],
        "failure_of": failures.words,
        "kind_of": words.kind,
        "outcome_of": words.outcome,
        "payment_states": words.PAYMENT_STATES,
        "refund_states": words.REFUND_STATES,
    }


def _back() -> Response:
    return redirect(url_for("console.payments"), 303)
