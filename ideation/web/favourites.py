"""Favourites: kept from a design's own page, listed for the member alone."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from ideation.accounts.models import Member
from ideation.contests import words
from ideation.contests.phases import is_blind
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.redirects import back
from ideation.http.session import signed_in
from ideation.submissions import queries
from ideation.submissions.models import Submission
from ideation.voting import favourites
from ideation.web.blueprint import blueprint


@blueprint.post("/designs/<public_id>/favourites")
@WRITES
@who(Who.SIGNED_IN)
def submission_favourites(public_id: str) -> Response:
    """Keep a design as a favourite, or no longer."""
    form = Form(request.form)
    with transaction():
        member = signed_in()
        submission = queries.get_visible(public_id, member)
        if form.tick("keep"):
            favourites.keep(member, submission, at=clock.now())
            said = _("Kept. You find it under “My favourites”; nobody else sees that.")
        else:
            favourites.drop(member, submission)
            said = _("No longer one of your favourites.")
    flash(said, "good")
    return back("web.submission", public_id=public_id)


@blueprint.get("/my/favourites")
@who(Who.SIGNED_IN)
def my_favourites() -> str:
    """Everything the member keeps, the latest first."""
    at, member = clock.now(), signed_in()
    page = favourites.page_of(member.id, request.args.get("page", 1, type=int))
    return render_template(
        "web/favourites/mine.html",
        page=page,
        contest_name=words.full_name,
        is_blind=lambda submission: is_blind(submission.contest, at),
    )


def is_favourite(submission: Submission, viewer: Member | None) -> bool | None:
    """Whether the viewer keeps the design; None where they have nothing to keep here."""
    if viewer is None or not favourites.may_keep(viewer, submission):
        return None
    return favourites.is_kept(viewer.id, submission.id)
