"""What is kept about a member, and how it goes away."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import consents, credentials, erasure, hindrances, queries
from ideation.accounts.models import ConsentKind
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http import session
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, require_counter
from ideation.web.blueprint import blueprint

CONSENT_NAMES: dict[ConsentKind, Words] = {
    ConsentKind.TERMS: lazy("Terms"),
    ConsentKind.PRIVACY: lazy("Privacy"),
    ConsentKind.DISPLAY_LICENCE: lazy("Display licence"),
    ConsentKind.ORIGINALITY: lazy("That the work is my own"),
    ConsentKind.NEWS: lazy("News by mail"),
}


@blueprint.get("/settings/privacy")
@who(Who.SIGNED_IN)
def settings_privacy() -> str:
    """Consents, where the member came from, and the way out."""
    return _page({})


@blueprint.post("/settings/privacy/erasure")
@GUESSES
@who(Who.SIGNED_IN)
def settings_erase() -> Response | tuple[str, int]:
    """Forget the member for good."""
    require_counter()
    member = session.signed_in()
    form = Form(request.form)
    form.must_tick("sure", lazy("Tick this if you mean it: nobody can bring the account back."))
    try:
        form.check()
        credentials.check(member, request.form.get("password", ""))
        member_id = member.id
        with transaction():
            erasure.erase(member_id, at=clock.now())
            session.leave()
    except Invalid as error:
        return _page(error.fields), 422
    except Conflict as error:
        return _page({"": error.message}), 409
    flash(_("You are forgotten. Thank you for having been here."))
    return redirect(url_for("web.home"), 303)


def _page(errors: object) -> str:
    member = session.signed_in()
    return render_template(
        "web/settings/privacy.html",
        member=member,
        consents=consents.list_of(member.id),
        consent_names=CONSENT_NAMES,
        origin=queries.find_attribution(member.id),
        hindrances=hindrances.list_for(member.id, clock.now()),
        errors=errors,
    )
