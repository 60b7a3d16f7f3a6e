"""Who is owed what, what holds it, and the standing of tax forms, which finance sets by hand."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as members
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console.blueprint import blueprint
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.paging import Page
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.royalties import (
    balances,
    obstacles,
    paydays,
    payout_details,
    queries,
    tax_forms,
    words,
)
from ideation.royalties.balances import Balance
from ideation.royalties.models import PayoutDetails, TaxForm, TaxFormStatus

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Owed:
    """One designer and currency: what is where, and what holds the payout."""

    member: Member
    currency: str
    balance: Balance
    reasons: list[Words]
    short: Words | None


@blueprint.get("/owed")
@who(Permission.SEE_MONEY)
def owed() -> str:
    """Everybody who ever earned something, the most payable first, with the sums on top."""
    at, chosen = clock.now(), request.args.get("currency", "")
    everybody = balances.of_everybody()
    totals = balances.totals(everybody)
    chosen = chosen if chosen in totals else next(iter(totals), "")
    mine = {key: found[chosen] for key, found in everybody.items() if chosen in found}
    return render_template(
        "console/owed/index.html",
        totals=totals,
        chosen=chosen,
        page=_page(mine, chosen, request.args.get("page", 1, type=int), at),
        payday=paydays.next_payday(at),
        least=paydays.threshold(chosen, paydays.next_payday(at)) if chosen else 0,
    )


@blueprint.get("/owed/<handle>")
@who(Permission.SEE_MONEY)
def owed_one(handle: str) -> str:
    """One designer: balances, what holds, where they are paid, the tax form, payouts."""
    return _member_page(members.get_by_handle(handle), {})


@blueprint.post("/owed/<handle>/tax-form")
@WRITES
@who(Permission.PAY_OUT)
def owed_tax_form(handle: str) -> Response | tuple[str, int]:
    """Note the standing of the tax form."""
    actor_id = signed_in().id
    form = Form(request.form)
    try:
        status = form.choice("status", [status.value for status in TaxFormStatus])
        note = form.line("note", most=tax_forms.NOTE_LONGEST)
        form.check()
        with transaction():
            member_id = members.get_by_handle(handle).id
            actor = members.get(actor_id)
            tax_forms.set_status(actor, member_id, TaxFormStatus(status), note, at=clock.now())
    except Invalid as error:
        return _member_page(members.get_by_handle(handle), error.fields), 422
    flash(_("Noted."), "good")
    return redirect(url_for("console.owed_one", handle=handle), 303)


def _page(mine: dict[int, Balance], currency: str, number: int, at: datetime) -> Page[Owed]:
    """One page of the list; only its members are looked up."""
    order = sorted(mine, key=lambda key: (-mine[key].payable, -mine[key].owed, key))
    number = min(max(1, number), max(1, -(-len(order) // ROWS_A_PAGE)))
    shown = order[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
    people, blocked = members.by_ids(shown), obstacles.blocked_by_member(shown, at)
    payday = paydays.next_payday(at)
    rows = [
        Owed(
            people[key],
            currency,
            mine[key],
            blocked[key],
            obstacles.below_threshold(mine[key].payable, currency, payday),
        )
        for key in shown
    ]
    return Page(rows, number, ROWS_A_PAGE, len(order))


def _member_page(member: Member, errors: object) -> str:
    at = clock.now()
    details: PayoutDetails | None = payout_details.find_current(member.id)
    form: TaxForm | None = tax_forms.by_member([member.id]).get(member.id)
    setters = members.by_ids([form.set_by]) if form else {}
    return render_template(
        "console/owed/member.html",
        member=member,
        balances=balances.of(member.id),
        reasons=obstacles.blocked(member.id, at),
        details=details,
        at=at,
        form=form,
        set_by=setters.get(form.set_by) if form else None,
        statuses=[(status.value, words.TAX_FORMS[status]) for status in TaxFormStatus],
        payouts=queries.list_payouts(member.id),
        payout_states=words.PAYOUT_STATES,
        errors=errors,
        values=request.form,
    )
