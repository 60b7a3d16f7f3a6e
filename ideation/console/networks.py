"""Networks that an operator vouches for: schools, offices, carriers that many share."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console.blueprint import blueprint
from ideation.contests import words as named
from ideation.core import clock, config
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import ngettext
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.integrity import cases
from ideation.integrity import networks as places

Answer = Response | str | tuple[str, int]

_MOST_CIDR = 64


@blueprint.get("/networks", endpoint="networks")
@who(Permission.VOUCH)
def list_networks() -> str:
    """What is vouched for, what waits for it, and a form."""
    return _show({})


@blueprint.post("/networks")
@WRITES
@who(Permission.VOUCH)
def networks_vouch() -> Answer:
    """Vouch for a range of addresses."""
    form = Form(request.form)

    def vouch(actor: Member, at: datetime) -> str:
        name = form.line("name", most=places.MOST_NAME, required=True)
        cidr = form.line("cidr", most=_MOST_CIDR, required=True)
        form.check()
        return _said(places.vouch(actor, cidr, name, at=at))

    return _act(vouch)


@blueprint.post("/networks/cases/<public_id>")
@WRITES
@who(Permission.VOUCH)
def networks_vouch_case(public_id: str) -> Answer:
    """Vouch for the network that the voters of a case share."""
    form, tail = Form(request.form), f"-{public_id}"

    def vouch(actor: Member, at: datetime) -> str:
        name = form.line(f"name{tail}", most=places.MOST_NAME, required=True)
        form.check()
        case = cases.get_by_public_id(public_id)
        return _said(places.vouch_for_case(actor, case.id, name, at=at))

    return _act(vouch, tail=tail)


@blueprint.post("/networks/<int:key>/ending")
@WRITES
@who(Permission.VOUCH)
def networks_end(key: int) -> Answer:
    """Stop vouching for a network."""

    def end(actor: Member, at: datetime) -> str:
        places.end(actor, key, at=at)
        return _("Ended. Counts from now on see it again.")

    return _act(end)


def _said(count: int) -> str:
    return ngettext(
        "Vouched for. Votes from this network make no cluster.",
        "Vouched for %(n)s networks. Votes from them make no cluster.",
        count,
    )


def _act(act: Callable[[Member, datetime], str], *, tail: str = "") -> Answer:
    actor_id = signed_in().id
    try:
        with transaction():
            done = act(accounts.get(actor_id), clock.now())
    except Invalid as error:
        fields = {
            name if name.endswith(tail) else name + tail: said
            for name, said in error.fields.items()
        }
        return _show(fields), 422
    except Conflict as error:
        return _show({"": error.message}), 409
    except places.TakesPart as error:
        with transaction():
            places.record_refusal(accounts.get(actor_id), at=clock.now())
        return _show({"": error.message}), 403
    flash(done, "good")
    return redirect(url_for("console.networks"), 303)


def _show(errors: Mapping[str, Words]) -> str:
    listed = places.list_places()
    return render_template(
        "console/networks/index.html",
        nav="networks",
        places=listed,
        people=accounts.by_ids({one.by_id for one in listed if one.by_id}),
        candidates=places.list_candidates(clock.now()),
        name_of=named.full_name,
        is_blind=config.current().trusted_proxies == 0,
        most_name=places.MOST_NAME,
        errors=errors,
        values=request.form,
    )
