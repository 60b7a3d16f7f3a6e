"""Confirming an address: by the code on a page, or by the mailed link and its button."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import confirmation, queries, tokens
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, NotFound
from ideation.core.i18n import gettext as _
from ideation.http import redirects, session
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, require_counter
from ideation.http.unlisted import unlisted
from ideation.web.blueprint import blueprint


@blueprint.get("/confirm")
@who(Who.SIGNED_IN)
def confirm() -> str | Response:
    """Where the code is typed; who has nothing to confirm goes on."""
    return _page()


@blueprint.post("/confirm")
@GUESSES
@who(Who.SIGNED_IN)
def confirm_code() -> Response | tuple[str | Response, int]:
    """Take a guess; it counts also when it is wrong."""
    require_counter()
    member_id = session.signed_in().id
    with transaction():
        is_right = confirmation.by_code(
            queries.get(member_id), request.form.get("code", "")[:20], at=clock.now()
        )
    if not is_right:
        return _page(_("This is not the code, or it is too old.")), 422
    flash(_("Thank you, this address is yours. Your votes count."), "good")
    return redirects.back()


@blueprint.post("/confirm/mails")
@GUESSES
@who(Who.SIGNED_IN)
def confirm_mail() -> Response:
    """Send another link and code; the ones before end."""
    require_counter()
    member_id = session.signed_in().id
    with transaction():
        confirmation.ask_again(queries.get(member_id), at=clock.now())
    flash(_("A new mail is on its way. The code before it no longer works."))
    return redirect(url_for("web.confirm", next=redirects.asked_next() or None), 303)


@blueprint.get("/confirm/<token>")
@who(Who.ANYONE)
def confirm_link(token: str) -> Response:
    """A button: mail programs open links by themselves, and must not confirm by it."""
    try:
        confirmation.get_link(token, at=clock.now())
    except NotFound as error:
        return unlisted(render_template("web/accounts/link_ended.html", message=error), 404)
    return unlisted(render_template("web/accounts/confirm_link.html", token=token))


@blueprint.post("/confirm/<token>")
@GUESSES
@who(Who.ANYONE)
def confirm_by_link(token: str) -> Response:
    """Confirm."""
    require_counter()
    try:
        with transaction():
            confirmation.by_link(token, at=clock.now())
    except (NotFound, Conflict) as error:
        page = render_template("web/accounts/link_ended.html", message=error)
        return unlisted(page, error.status)
    flash(_("Thank you, this address is yours. Your votes count."), "good")
    return redirect(url_for("web.home" if session.current_member() else "web.sign_in"), 303)


def _page(error: str = "") -> str | Response:
    member = session.signed_in()
    token = confirmation.find_open(member, at=clock.now())
    if token is None and member.email_confirmed_at is not None:
        return redirects.back()
    return render_template(
        "web/accounts/confirm.html",
        email=token.payload.get("email", member.email) if token else member.email,
        code=confirmation.code_to_show(token),
        is_open=token is not None and tokens.may_guess(token),
        needs_operator=confirmation.needs_operator(),
        error=error,
        next=redirects.asked_next(),
    )
