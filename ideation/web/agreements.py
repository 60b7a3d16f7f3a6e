"""The agreement: what a winner's designers read, and their answer to it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.contests import words
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.products import reverting
from ideation.royalties import shares
from ideation.selection import agreements, policies, terms
from ideation.selection.models import Agreement, AgreementParty
from ideation.web.blueprint import blueprint

Errors = Mapping[str, Words]


@blueprint.get("/agreements/<public_id>")
@who(Who.SIGNED_IN)
def agreement(public_id: str) -> str:
    """Everything that is promised, the terms as they were frozen, and the two answers."""
    return _show(_own(public_id), {}, {})


@blueprint.post("/agreements/<public_id>/answer")
@WRITES
@who(Who.SIGNED_IN)
def agreement_answer(public_id: str) -> Response | tuple[str, int]:
    """Accept it, with a tick, or decline it."""
    one = _own(public_id)
    key, member_id = one.id, signed_in().id
    form = Form(request.form)
    is_yes = form.choice("answer", ("accept", "decline")) == "accept"
    try:
        if is_yes:
            form.must_tick("agreed", lazy("Tick this to accept."))
        form.check()
        with transaction():
            agreements.answer(
                accounts.get(member_id),
                key,
                is_yes,
                prize_currency=request.form.get("prize_currency", ""),
                language=_language(),
                at=clock.now(),
            )
    except Invalid as error:
        return _show(_own(public_id), error.fields, request.form), 422
    except Conflict as error:
        return _show(_own(public_id), {"": error.message}, request.form), 409
    flash(_said(is_yes), "good")
    return redirect(url_for("web.agreement", public_id=public_id), 303)


@blueprint.post("/agreements/<public_id>/termination")
@WRITES
@who(Who.SIGNED_IN)
def agreement_end(public_id: str) -> Response | tuple[str, int]:
    """End an agreement of which nothing came, for all its designers."""
    one = _own(public_id)
    key, member_id = one.id, signed_in().id
    form = Form(request.form)
    try:
        form.must_tick("sure", lazy("Tick this to end it."))
        form.check()
        with transaction():
            reverting.end(accounts.get(member_id), key, at=clock.now())
    except Invalid as error:
        return _show(_own(public_id), error.fields, request.form), 422
    except Conflict as error:
        return _show(_own(public_id), {"": error.message}, request.form), 409
    flash(_("It has ended. All rights in the design are yours again."), "good")
    return redirect(url_for("web.agreement", public_id=public_id), 303)


def _said(is_yes: bool) -> str:
    if is_yes:
        return _("Accepted. Thank you: you are told when the winners are announced.")
    return _("Declined. All rights in the design are yours again.")


def _own(public_id: str) -> Agreement:
    """The agreement, if it is offered to the member. Raises NotFound."""
    one = agreements.get_by_public_id(public_id)
    if not policies.is_party(one, signed_in()):
        raise NotFound(lazy("There is no such agreement."))
    return one


def _language() -> str:
    """The language the terms are read in: the one asked for, else the page's."""
    asked = request.values.get("language", "")
    return asked if asked in i18n.LOCALES else i18n.language()


def _show(one: Agreement, errors: Errors, typed: Mapping[str, Any]) -> str:
    at, member = clock.now(), signed_in()
    contest = one.submission.contest
    party = next(each for each in one.parties if each.member_id == member.id)
    sold_in = {price.currency for price in contest.article.prices}
    sold_in |= {prize["currency"] for prize in one.prizes}
    language = party.language if party.answer else _language()
    way = reverting.way_out(one)
    return render_template(
        "web/agreements/agreement.html",
        way=way,
        may_end=way is not None and way.is_free(at),
        agreement=one,
        submission=one.submission,
        contest=contest,
        contest_name=words.full_name(contest),
        party=party,
        parts=_parts(one, party) if len(one.parties) > 1 else {},
        may_answer=party.answer is None and one.state == "offered" and at < one.expires_at,
        minimums=[each for each in one.minimums if each["currency"] in sold_in],
        terms=terms.read(one.terms_version, language),
        language=language,
        errors=errors,
        values=typed,
        at=at,
    )


def _parts(one: Agreement, party: AgreementParty) -> dict[str, dict[str, Any]]:
    """Currency → what the designer gets of the prize, to the cent as it will be paid."""
    bps, own = [each.share_bp for each in one.parties], one.parties.index(party)
    return {
        prize["currency"]: {
            "currency": prize["currency"],
            "cash_minor": shares.split(prize["cash_minor"], bps)[own],
            "credit_minor": shares.split(prize["credit_minor"], bps)[own],
        }
        for prize in one.prizes
    }
