"""“This is my work”: anybody may say so of a public design, with or without an account."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import addresses
from ideation.accounts.models import Member
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.errors import Invalid, NotFound
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import CLAIMS, WRITES
from ideation.http.session import current_member
from ideation.http.unlisted import unlisted
from ideation.moderation import claim_links, claims
from ideation.moderation.claims import Claimant
from ideation.moderation.models import Claim
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
        is_confirmed = (
            claims.open(SUBJECT, submission_id, claimant, at=clock.now()).confirmed_at is not None
        )
    flash(
        _("Thank you. A person looks at it, and you have a mail that we received it.")
        if is_confirmed
        else _("Thank you. We sent you a mail: confirm with it, within a week, that it is you."),
        "good",
    )
    return redirect(url_for("web.submission", public_id=public_id), 303)


@blueprint.get("/claims/<public_id>/confirmation/<secret>")
@who(Who.ANYONE)
def claim_confirmation(public_id: str, secret: str) -> Response:
    """Where the claimant's mail leads. Opening it does nothing: mail programs do that as well."""
    found = _linked(public_id, secret)
    page = render_template(
        "web/claims/confirmation.html",
        claim=found,
        secret=secret,
        submission=queries.by_ids([found.subject_id])[found.subject_id],
    )
    return unlisted(page)


@blueprint.post("/claims/<public_id>/confirmation/<secret>")
@WRITES
@who(Who.ANYONE)
def claim_confirm(public_id: str, secret: str) -> Response:
    """Note that the address is theirs."""
    _linked(public_id, secret)
    with transaction():
        claims.confirm(public_id, at=clock.now())
    flash(_("Thank you, it is confirmed. We write to you once it is decided."), "good")
    return redirect(url_for("web.claim_confirmation", public_id=public_id, secret=secret), 303)


def _linked(public_id: str, secret: str) -> Claim:
    """The claim of a link in a mail. Raises NotFound."""
    found = claims.get(public_id)
    if not claim_links.fits(found, secret):
        raise NotFound(i18n.lazy("There is no such claim."))
    return found


def _read(form: Form) -> Claimant:
    member = current_member()
    email = form.parsed("email", lambda: addresses.parse(form.values.get("email", ""))) or ""
    claimant = Claimant(
        name=form.line("name", most=NAME_LONGEST, required=True),
        email=email,
        words=form.paragraphs("words", most=claims.WORDS_LONGEST, required=True),
        language=i18n.language(),
        member_id=member.id if member else None,
        is_confirmed=_is_theirs(member, email),
    )
    form.must_tick("true", i18n.lazy("Tick this: a claim holds up somebody's pay."))
    form.check()
    return claimant


def _is_theirs(member: Member | None, email: str) -> bool:
    """Whether the address is the one that the signed-in member confirmed."""
    return (
        member is not None
        and member.email_confirmed_at is not None
        and (member.email or "").lower() == email.lower()
    )


def _page(submission: Submission, values: object, errors: object) -> str:
    return render_template(
        "web/claims/claim.html",
        submission=submission,
        values=values,
        errors=errors,
        words_longest=claims.WORDS_LONGEST,
    )
