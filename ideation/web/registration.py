"""Joining: one short form, then signed in; the address is confirmed right after."""

from flask import redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from ideation.accounts import addresses, credentials, registration
from ideation.core import clock, i18n, identity, zones
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.core.i18n import lazy
from ideation.http import first_touch, redirects, session
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, require_counter
from ideation.web.blueprint import blueprint


@blueprint.get("/join")
@who(Who.ANYONE)
def register() -> str | Response:
    """The form."""
    if session.current_member() is not None:
        return redirects.back()
    return _page({}, {})


@blueprint.post("/join")
@GUESSES
@who(Who.ANYONE)
def register_member() -> Response | tuple[str, int]:
    """Make the account and sign in."""
    require_counter()
    try:
        newcomer = read_newcomer(Form(request.form))
        try:
            _join(newcomer)
        except IntegrityError:  # somebody of this address or name was faster: now they are seen
            _join(newcomer)
    except Invalid as error:
        return _page(request.form, error.fields), 422
    response = redirect(redirects.asked_next() or url_for("web.welcome"), 303)
    first_touch.forget(response)  # type: ignore[arg-type]  # Flask's own, typed as Werkzeug's
    return response


def read_newcomer(form: Form) -> registration.Newcomer:
    """Who joins, from a form; setup asks for the same. Raises Invalid with every wrong field."""
    name = form.line("name", most=registration.NAME_LONGEST, required=True)
    email = form.parsed("email", lambda: addresses.parse(form.values.get("email", ""))) or ""
    try:
        password_hash = credentials.hashed(form.secret("password"), name, email)
    except Invalid as error:
        form.errors |= error.fields
        password_hash = ""
    form.must_tick("agree", lazy("Without this we cannot keep an account for you."))
    form.check()
    zone = i18n.zone_name()  # a visitor's comes from a cookie, which may say anything
    return registration.Newcomer(
        name=name,
        email=email,
        password_hash=password_hash,
        language=i18n.language(),
        zone=zone if zone in zones.names() else identity.current().zone,
        touch=first_touch.read(),
    )


def _join(newcomer: registration.Newcomer) -> None:
    with transaction():
        session.begin(registration.join(newcomer, at=clock.now()))


def _page(values: object, errors: object) -> str:
    return render_template(
        "web/accounts/join.html", values=values, errors=errors, next=redirects.asked_next()
    )
