"""The first operator's door: open by the printed link alone, once."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import setup
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import gettext as _
from ideation.http import session
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, require_counter
from ideation.http.templating import is_demo
from ideation.http.unlisted import unlisted
from ideation.web.blueprint import blueprint
from ideation.web.registration import read_newcomer


@blueprint.get("/setup/<token>")
@who(Who.ANYONE)
def setup_link(token: str) -> Response:
    """The form; looking does not use the link."""
    try:
        setup.get_link(token, at=clock.now())
    except NotFound as error:
        return _ended(error, 404)
    return _form(token, {}, {}, 200)


@blueprint.post("/setup/<token>")
@GUESSES
@who(Who.ANYONE)
def setup_operator(token: str) -> Response:
    """Become the first operator, and signed in."""
    require_counter()
    try:
        setup.get_link(token, at=clock.now())
        newcomer = read_newcomer(Form(request.form))
        with transaction():
            session.begin(setup.begin(token, newcomer, at=clock.now()))
    except Invalid as error:
        return _form(token, request.form, error.fields, 422)
    except (NotFound, Conflict) as error:
        return _ended(error, error.status)
    if is_demo():
        flash(_("This house is yours to run. What you see in it is a demo."), "good")
        return redirect(url_for("console.home"), 303)
    flash(_("This house is yours to run. Four short steps, and a contest is on."), "good")
    return redirect(url_for("console.beginning"), 303)


def _form(token: str, values: object, errors: object, status: int) -> Response:
    page = render_template("web/accounts/setup.html", token=token, values=values, errors=errors)
    return unlisted(page, status)


def _ended(error: NotFound | Conflict, status: int) -> Response:
    page = render_template("web/accounts/link_ended.html", message=error, is_setup=True)
    return unlisted(page, status)
