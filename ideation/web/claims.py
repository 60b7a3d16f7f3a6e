"""“This is my work”: anybody may say so of a public design, with or without an account."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import addresses
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import CLAIMS
from ideation.http.session import current_member
from ideation.moderation import claims
from ideation.moderation.claims import Claimant
from ideation.submissions import queries
from ideation.submissions.drafting import SUBJECT
from ideation.submissions.models import Submission
from ideation.web.blueprint import blueprint

NAME_LONGEST = 100


@blueprint.get("/designs/<public_id>/claim")
@who(Who.ANYONE)
def claim(public_id: str) -> str:
    """The design and the form; who is signed in need not type who they are."""
    member = current_member()
    values = {"name": member.name, "email": member.email} if member else {}
    return _page(queries.get_public(public_id), values, {})


@blueprint.post("/designs/<public_id>/claim")
@CLAIMS
@who(Who.ANYONE)
def claim_open(public_id: str) -> Response | tuple[str, int]:
    """Take it down; a person looks at it, and payouts rest until then."""
    submission = queries.get_public(public_id)
    try:
        claimant = _read(Form(request.form))
    except Invalid as error:
        return _page(submission, request.form, error.fields), 422
    submission_id = submission.id
    with transaction():
        claims.open(SUBJECT, submission_id, claimant, at=clock.now())
    flash(_("Thank you. A person looks at it, and you have a mail that we received it."), "good")
    return redirect(url_for("web.submission", public_id=public_id), 303)


def _read(form: Form) -> Claimant:
    member = current_member()
    claimant = Claimant(
        name=form.line("name", most=NAME_LONGEST, required=True),
        email=form.parsed("email", lambda: addresses.parse(form.values.get("email", ""))) or "",
        words=form.paragraphs("words", most=claims.WORDS_LONGEST, required=True),
        language=i18n.language(),
        member_id=member.id if member else None,
    )
    form.must_tick("true", i18n.lazy("Tick this: a claim holds up somebody's pay."))
    form.check()
    return claimant


def _page(submission: Submission, values: object, errors: object) -> str:
    return render_template(
        "web/claims/claim.html",
        submission=submission,
        values=values,
        errors=errors,
        words_longest=claims.WORDS_LONGEST,
    )
