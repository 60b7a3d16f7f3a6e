"""Paydays: a batch is drafted, looked over, approved, exported for the bank, and settled."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as members
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console.blueprint import blueprint
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy, ngettext
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.royalties import bank_file, paydays, payouts, queries, words
from ideation.royalties.models import BatchState, PayoutBatch, PayoutDetails, PayoutState

#: State of a batch → what it means, and what is to be done next.
NEXT: dict[BatchState, Words] = {
    BatchState.DRAFT: lazy(
        "Nothing has moved yet. Look over the lines, then approve; or throw the draft away."
    ),
    BatchState.APPROVED: lazy(
        "The amounts are no longer payable but on their way. Export the file and give it to the "
        "bank."
    ),
    BatchState.EXPORTED: lazy(
        "The bank has the file. Mark each line as paid or bounced when the bank has spoken."
    ),
    BatchState.SETTLED: lazy("Every line is paid or came back. There is nothing left to do."),
    BatchState.DISCARDED: lazy("Thrown away before anything moved."),
}

#: What may become of a line, and what is said then.
_DONE: dict[PayoutState, Words] = {
    PayoutState.PAID: lazy("Marked as paid. The designer was told."),
    PayoutState.BOUNCED: lazy("Marked as bounced: it is payable again, and the designer was told."),
    PayoutState.WITHHELD: lazy("Taken out: it is payable again."),
}


@blueprint.get("/payouts", endpoint="payouts")
@who(Permission.PAY_OUT)
def list_payouts() -> str:
    """Batches, the latest payday first, and the form for the next."""
    return _list_page({})


@blueprint.post("/payouts")
@WRITES
@who(Permission.PAY_OUT)
def payouts_draft() -> Response | tuple[str, int]:
    """Draw up the batch for a payday."""
    actor_id = signed_in().id
    try:
        pay_on = _day(request.form.get("pay_on", ""))
        with transaction():
            batch = payouts.draft(members.get(actor_id), pay_on, at=clock.now())
            public_id = batch.public_id
    except Invalid as error:
        return _list_page(error.fields), 422
    except Conflict as error:
        return _list_page({"": error.message}), 409
    return redirect(url_for("console.payouts_batch", public_id=public_id), 303)


@blueprint.get("/payouts/<public_id>")
@who(Permission.PAY_OUT)
def payouts_batch(public_id: str) -> str:
    """One batch with its lines and what to do next."""
    return _batch_page(queries.get_batch(public_id), {})


@blueprint.post("/payouts/<public_id>/approval")
@WRITES
@who(Permission.PAY_OUT)
def payouts_approve(public_id: str) -> Response | tuple[str, int]:
    """Take the amounts out of what is payable."""

    def approve(actor: Member, batch: PayoutBatch) -> None:
        payouts.approve(actor, batch.id, at=clock.now())

    return _act(public_id, approve, lambda: _("Approved. Now export the file for the bank."))


@blueprint.post("/payouts/<public_id>/removal")
@WRITES
@who(Permission.PAY_OUT)
def payouts_discard(public_id: str) -> Response | tuple[str, int]:
    """Throw a draft away."""

    def discard(actor: Member, batch: PayoutBatch) -> None:
        payouts.discard(actor, batch.id, at=clock.now())

    return _act(public_id, discard, lambda: _("Thrown away. Nothing had moved."))


@blueprint.post("/payouts/<public_id>/export")
@WRITES
@who(Permission.PAY_OUT)
def payouts_export(public_id: str) -> Response | tuple[str, int]:
    """The file for the bank. A POST: it opens bank details, and that is written down."""
    actor_id = signed_in().id
    try:
        with transaction():
            batch = queries.get_batch(public_id)
            text = bank_file.export_csv(members.get(actor_id), batch.id, at=clock.now())
            name = f"payouts-{batch.pay_on.isoformat()}-{batch.public_id}.csv"
    except Conflict as error:
        return _batch_page(queries.get_batch(public_id), {"": error.message}), 409
    response = make_response(text)
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/payouts/<public_id>/withheld")
@WRITES
@who(Permission.PAY_OUT)
def payouts_take_out_held(public_id: str) -> Response | tuple[str, int]:
    """All lines that something holds leave the batch, before the bank hears of it."""

    def take_out(actor: Member, batch: PayoutBatch) -> None:
        payouts.take_out_held(actor, batch.id, at=clock.now())

    return _act(public_id, take_out, lambda: str(_DONE[PayoutState.WITHHELD]))


@blueprint.post("/payouts/<public_id>/payments")
@WRITES
@who(Permission.PAY_OUT)
def payouts_mark_all(public_id: str) -> Response | tuple[str, int]:
    """All lines that have not come back are paid."""
    marked = 0

    def mark(actor: Member, batch: PayoutBatch) -> None:
        nonlocal marked
        marked = payouts.mark_all_paid(actor, batch.id, at=clock.now())

    return _act(
        public_id,
        mark,
        lambda: ngettext("%(n)s payout marked as paid.", "%(n)s payouts marked as paid.", marked),
    )


@blueprint.post("/payouts/<public_id>/lines/<payout_id>")
@WRITES
@who(Permission.PAY_OUT)
def payouts_settle(public_id: str, payout_id: str) -> Response | tuple[str, int]:
    """One line: taken out before the bank hears of it, paid, or sent back with a reason."""
    outcome = Form(request.form).choice("outcome", list(_DONE))

    def settle(actor: Member, batch: PayoutBatch) -> None:
        payout = queries.get_payout(payout_id)
        if payout.batch_id != batch.id or not outcome:
            raise Conflict(lazy("This line is not part of the batch."))
        if outcome == PayoutState.PAID:
            payouts.mark_paid(actor, payout.id, at=clock.now())
        elif outcome == PayoutState.WITHHELD:
            payouts.take_out(actor, payout.id, at=clock.now())
        else:
            reason = request.form.get("reason", "")
            payouts.mark_bounced(actor, payout.id, reason, at=clock.now())

    return _act(public_id, settle, lambda: str(_DONE[PayoutState(outcome)]))


def _act(
    public_id: str, rule: Callable[[Member, PayoutBatch], None], done: Callable[[], str]
) -> Response | tuple[str, int]:
    """Do one thing to a batch; show it again where a rule says no."""
    actor_id = signed_in().id
    try:
        with transaction():
            rule(members.get(actor_id), queries.get_batch(public_id))
    except Invalid as error:
        return _batch_page(queries.get_batch(public_id), error.fields), 422
    except Conflict as error:
        return _batch_page(queries.get_batch(public_id), {"": error.message}), 409
    flash(done(), "good")
    return redirect(url_for("console.payouts_batch", public_id=public_id), 303)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid(fields={"pay_on": lazy("Choose a day.")}) from None


def _list_page(errors: object) -> str:
    page = queries.list_batches(request.args.get("page", 1, type=int))
    return render_template(
        "console/payouts/index.html",
        page=page,
        sums={batch.id: _sums(batch) for batch in page.items},
        draft=queries.find_draft(),
        pay_on=request.form.get("pay_on") or paydays.next_payday(clock.now()).isoformat(),
        states=words.BATCH_STATES,
        errors=errors,
    )


def _batch_page(batch: PayoutBatch, errors: object) -> str:
    hints = {
        row.id: row
        for row in db.session.query(PayoutDetails).filter(
            PayoutDetails.id.in_([payout.details_id for payout in batch.payouts])
        )
    }
    open_lines = payouts.list_open(batch.id)
    staff = {key for key in (batch.created_by, batch.approved_by) if key}
    return render_template(
        "console/payouts/batch.html",
        batch=batch,
        sums=_sums(batch),
        open_count=len(open_lines),
        held=payouts.held_up(open_lines, clock.now()),
        details=hints,
        staff=members.by_ids(staff),
        states=words.BATCH_STATES,
        payout_states=words.PAYOUT_STATES,
        next_words=NEXT[batch.state],
        reason_longest=payouts.REASON_LONGEST,
        errors=errors,
    )


def _sums(batch: PayoutBatch) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for payout in batch.payouts:
        sums[payout.currency] += payout.amount_minor
    return dict(sorted(sums.items()))
