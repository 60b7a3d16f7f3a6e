"""What keeps an account its owner's: password, address, open sessions."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import addresses, confirmation, credentials, passwords, queries, sessions
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.core.i18n import gettext as _
from ideation.http import session
from ideation.http.browsers import browser_name
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, require_counter
from ideation.web.blueprint import blueprint


@blueprint.get("/settings/password")
@who(Who.SIGNED_IN)
def settings_password() -> str:
    """The form."""
    return render_template("web/settings/password.html", errors={})


@blueprint.post("/settings/password")
@GUESSES
@who(Who.SIGNED_IN)
def settings_password_change() -> Response | tuple[str, int]:
    """Set another password: every other browser is signed out, this one gets a new session."""
    require_counter()
    member = session.signed_in()
    try:
        credentials.check(member, request.form.get("current", ""), "current")
        fresh = credentials.hashed(
            request.form.get("password", ""), member.name, member.email or ""
        )
    except Invalid as error:
        return render_template("web/settings/password.html", errors=error.fields), 422
    member_id = member.id
    with transaction():
        member = queries.get(member_id)
        passwords.change(member, fresh, at=clock.now())
        session.begin(member)
    flash(_("Your password is changed, and every other browser is signed out."), "good")
    return redirect(url_for("web.settings_password"), 303)


@blueprint.get("/settings/email")
@who(Who.SIGNED_IN)
def settings_email() -> str:
    """The address in use, and the one it is changing to."""
    return _email_page({}, {})


@blueprint.post("/settings/email")
@GUESSES
@who(Who.SIGNED_IN)
def settings_email_change() -> Response | tuple[str, int]:
    """Send a code to the new address; the old one stays until it is typed."""
    require_counter()
    member = session.signed_in()
    form = Form(request.form)
    try:
        email = form.parsed("email", lambda: addresses.parse(request.form.get("email", "")))
        form.check()
        credentials.check(member, request.form.get("password", ""))
        member_id = member.id
        with transaction():
            confirmation.ask_change(queries.get(member_id), email or "", at=clock.now())
    except Invalid as error:
        return _email_page(request.form, error.fields), 422
    flash(_("Type the code that we sent to the new address."))
    return redirect(url_for("web.confirm", next=url_for("web.settings_email")), 303)


@blueprint.get("/settings/sessions")
@who(Who.SIGNED_IN)
def settings_sessions() -> str:
    """Browsers that are signed in."""
    here = session.current_session()
    live = sessions.list_live(session.signed_in().id, clock.now())
    return render_template(
        "web/settings/sessions.html",
        rows=[(row, browser_name(row.user_agent)) for row in live],
        here_id=here.id if here else None,
    )


@blueprint.post("/settings/sessions/endings")
@who(Who.SIGNED_IN)
def settings_sessions_end() -> Response:
    """Sign out one of the member's browsers, or all but this one."""
    member_id = session.signed_in().id
    here = session.current_session()
    here_id = here.id if here else None
    chosen = request.form.get("session", type=int)
    with transaction():
        at = clock.now()
        if chosen is None:
            sessions.end_all(member_id, at=at, but=here_id)
        else:
            sessions.end_own(member_id, chosen, at=at)
    flash(_("Signed out there."))
    return redirect(url_for("web.settings_sessions"), 303)


def _email_page(values: object, errors: object) -> str:
    member = session.signed_in()
    pending = confirmation.find_open(member, at=clock.now())
    return render_template(
        "web/settings/email.html", values=values, errors=errors, member=member, pending=pending
    )
