"""An invitation to the team: taken up by whoever holds the link, with an account or a new one."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import invitations, queries, words
from ideation.accounts.invitations import Invitation
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import gettext as _
from ideation.http import session
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import GUESSES, require_counter
from ideation.http.unlisted import unlisted
from ideation.web.blueprint import blueprint
from ideation.web.registration import read_newcomer


@blueprint.get("/invitations/<token>")
@who(Who.ANYONE)
def invitation(token: str) -> Response:
    """What is asked, and the form or button to say yes; looking does not use the link."""
    try:
        found = invitations.get_link(token, at=clock.now())
    except NotFound as error:
        return _ended(error)
    return _page(token, found, {"email": found.email}, {}, 200)


@blueprint.post("/invitations/<token>")
@GUESSES
@who(Who.ANYONE)
def invitation_accept(token: str) -> Response:
    """Take the role, and be signed in with it."""
    require_counter()
    try:
        found = invitations.get_link(token, at=clock.now())
        _take(token)
    except Invalid as error:
        return _page(token, found, request.form, error.fields, 422)
    except (NotFound, Conflict) as error:
        return _ended(error)
    flash(_("Welcome to the team. What waits for you stands here."), "good")
    return redirect(url_for("console.home"), 303)


def _take(token: str) -> None:
    """Give the role to who is signed in, else to the new member of the form."""
    member = session.current_member()
    newcomer = read_newcomer(Form(request.form)) if member is None else None
    with transaction():
        at = clock.now()
        if newcomer is not None:
            session.begin(invitations.join(token, newcomer, at=at))
        else:
            taker = queries.get(session.signed_in().id)
            invitations.accept(token, taker, at=at)
            session.begin(taker)  # another hat, another session


def _page(token: str, found: Invitation, values: object, errors: object, status: int) -> Response:
    page = render_template(
        "web/accounts/invitation.html",
        token=token,
        giver=queries.get(found.by_id),
        role=words.ROLES[found.role],
        duty=words.DUTIES[found.role],
        values=values,
        errors=errors,
    )
    return unlisted(page, status)


def _ended(error: NotFound | Conflict) -> Response:
    page = render_template("web/accounts/link_ended.html", message=error)
    return unlisted(page, error.status)
