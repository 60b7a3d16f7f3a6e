"""Where a designer is paid: seen masked, changed only with the password."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import credentials, queries
from ideation.accounts.models import Member
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import gettext as _
from ideation.http import session
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, require_counter
from ideation.royalties import payout_details
from ideation.royalties.payout_details import DetailsKind
from ideation.web.blueprint import blueprint


@blueprint.get("/settings/payouts", endpoint="payout_details")
@who(Who.SIGNED_IN)
def show_payout_details() -> str:
    """What is in force, and the form to change it."""
    return _page({}, {})


@blueprint.post("/settings/payouts")
@GUESSES
@who(Who.SIGNED_IN)
def payout_details_change() -> Response | tuple[str, int]:
    """Be paid somewhere else; the password again, since this is where money goes."""
    require_counter()
    member = session.signed_in()
    try:
        details = payout_details.read(request.form)
        credentials.check(member, request.form.get("password", ""))
    except Invalid as error:
        return _page(request.form, error.fields), 422
    member_id = member.id
    with transaction():
        row = payout_details.change(queries.get(member_id), details, at=clock.now())
        is_held = row.held_until is not None and row.held_until > clock.now()
    flash(
        _("Kept. For your safety payouts rest for seven days, and you have a mail about it.")
        if is_held
        else _("Kept, and sealed. This is where you are paid."),
        "good",
    )
    return redirect(url_for("web.payout_details"), 303)


@blueprint.post("/settings/payouts/removal")
@GUESSES
@who(Who.SIGNED_IN)
def payout_details_remove() -> Response | tuple[str, int]:
    """Forget where to pay."""
    require_counter()
    member = session.signed_in()
    try:
        credentials.check(member, request.form.get("removal_password", ""), "removal_password")
        member_id = member.id
        with transaction():
            payout_details.remove(queries.get(member_id), at=clock.now())
    except Invalid as error:
        return _page({}, error.fields), 422
    except Conflict as error:
        return _page({}, {"": error.message}), 409
    flash(_("Gone. Without payout details what you earn waits here."))
    return redirect(url_for("web.payout_details"), 303)


def _page(values: object, errors: object) -> str:
    member = session.signed_in()
    kind = _kind()
    return render_template(
        "web/settings/payouts.html",
        values=values,
        errors=errors,
        kind=kind,
        current=_masked(member),
        at=clock.now(),
        countries=_countries() if kind is DetailsKind.ACCOUNT else [],
    )


def _kind() -> DetailsKind:
    """The form that was asked for, or sent; IBAN is the usual one."""
    asked = Form(request.values).choice("kind", [kind.value for kind in DetailsKind], "iban")
    return DetailsKind(asked)


def _masked(member: Member) -> dict[str, object] | None:
    """As much as tells its owner which account it is, and a stranger at their screen little."""
    row = payout_details.find_current(member.id)
    if row is None:
        return None
    return {
        "hint": row.hint,
        "country": str(i18n.locale().territories.get(row.country, row.country)),
        "entered_at": row.entered_at,
        "held_until": row.held_until,
    }


def _countries() -> list[tuple[str, str]]:
    """Every country by its name in the reader's language, in that order, after an empty choice."""
    names = i18n.locale().territories
    known = [(code, str(names.get(code, code))) for code in payout_details.COUNTRIES]
    return [("", _("Choose …")), *sorted(known, key=lambda one: one[1])]
