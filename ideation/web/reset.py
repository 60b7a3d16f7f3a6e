"""A forgotten password: a mailed link, and a page to choose another."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import credentials, passwords
from ideation.core import clock, config
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, require_counter
from ideation.http.unlisted import unlisted
from ideation.web.blueprint import blueprint


@blueprint.get("/reset")
@who(Who.ANYONE)
def reset() -> str:
    """Where the address is typed."""
    has_mail = bool(config.current().mail_url)
    return render_template("web/accounts/reset.html", has_mail=has_mail)


@blueprint.post("/reset")
@GUESSES
@who(Who.ANYONE)
def reset_mail() -> Response:
    """Have the link mailed; the answer and its time do not tell who has an account."""
    require_counter()
    with transaction():
        passwords.ask_reset(request.form.get("email", "")[:300], at=clock.now())
    return redirect(url_for("web.reset_asked"), 303)


@blueprint.get("/reset/asked")
@who(Who.ANYONE)
def reset_asked() -> str:
    """What happens next."""
    has_mail = bool(config.current().mail_url)
    return render_template("web/accounts/reset_asked.html", has_mail=has_mail)


@blueprint.get("/reset/<token>")
@who(Who.ANYONE)
def reset_link(token: str) -> Response:
    """The form for a new password; the link is used by sending it."""
    try:
        passwords.get_reset(token, at=clock.now())
    except NotFound as error:
        return unlisted(render_template("web/accounts/link_ended.html", message=error), 404)
    return unlisted(render_template("web/accounts/reset_link.html", token=token, errors={}))


@blueprint.post("/reset/<token>")
@GUESSES
@who(Who.ANYONE)
def reset_password(token: str) -> Response:
    """Set the password; every open session ends."""
    require_counter()
    try:
        passwords.get_reset(token, at=clock.now())
        password_hash = credentials.hashed(request.form.get("password", ""))
        with transaction():
            passwords.reset(token, password_hash, at=clock.now())
    except Invalid as error:
        page = render_template("web/accounts/reset_link.html", token=token, errors=error.fields)
        return unlisted(page, 422)
    except (NotFound, Conflict) as error:
        page = render_template("web/accounts/link_ended.html", message=error)
        return unlisted(page, error.status)
    flash(_("Your password is set. Sign in with it."), "good")
    return redirect(url_for("web.sign_in"), 303)
