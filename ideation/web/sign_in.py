"""Signing in and out."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import credentials
from ideation.core.db import transaction
from ideation.core.errors import Invalid, NotAllowed, Words
from ideation.http import redirects, session
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, GUESSES_AT_ONE, require_counter
from ideation.web.blueprint import blueprint


@blueprint.get("/sign-in")
@who(Who.ANYONE)
def sign_in() -> str | Response:
    """The form."""
    if session.current_member() is not None:
        return redirects.back()
    return render_template(
        "web/accounts/sign_in.html",
        values={},
        errors={},
        refusal="",
        next=redirects.asked_next(),
    )


@blueprint.post("/sign-in")
@GUESSES
@GUESSES_AT_ONE
@who(Who.ANYONE)
def sign_in_member() -> Response | tuple[str, int]:
    """Open a session, or say no in the same words whatever was wrong."""
    require_counter()
    password = request.form.get("password", "")
    try:
        member = credentials.authenticate(request.form.get("email", "")[:300], password)
        member_id, verified = member.id, member.password_hash
        stronger = credentials.rehashed(password) if credentials.needs_rehash(member) else None
        with transaction():
            member = credentials.hold(member_id, verified)
            if stronger is not None:
                member.password_hash = stronger
            session.begin(member)
    except Invalid as error:
        return _again(error.message, 422)
    except NotAllowed as error:
        return _again(error.message, 403)
    return redirects.back()


@blueprint.post("/sign-out")
@who(Who.ANYONE)
def sign_out() -> Response:
    """End this browser's session; nothing to end is fine too."""
    with transaction():
        session.leave()
    return redirect(url_for("web.home"), 303)


def _again(refusal: Words, status: int) -> tuple[str, int]:
    page = render_template(
        "web/accounts/sign_in.html",
        values=request.form,
        errors={"password": refusal} if status == 422 else {},
        refusal=refusal if status != 422 else "",
        next=redirects.asked_next(),
    )
    return page, status
