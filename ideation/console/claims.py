"""Claims on designs: what was said, the art it is about, and the decision."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as members
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console.blueprint import blueprint
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.moderation import claims
from ideation.moderation.models import Claim, ClaimOutcome
from ideation.submissions import policies, queries


@blueprint.get("/claims", endpoint="claims")
@who(Permission.DECIDE_CLAIMS)
def list_claims() -> str:
    """Open claims, the oldest first; or those decided, the latest first."""
    is_open = request.args.get("which") != "decided"
    page = claims.list_page(is_open=is_open, page=request.args.get("page", 1, type=int))
    found = queries.by_ids([claim.subject_id for claim in page.items])
    return render_template(
        "console/claims/index.html",
        page=page,
        rows=[(claim, found[claim.subject_id]) for claim in page.items],
        is_open=is_open,
        open_count=claims.count_open(),
    )


@blueprint.get("/claims/<public_id>")
@who(Permission.DECIDE_CLAIMS)
def claims_one(public_id: str) -> str:
    """One claim beside the art."""
    return _page(claims.get(public_id), {})


@blueprint.post("/claims/<public_id>/decision")
@WRITES
@who(Permission.DECIDE_CLAIMS)
def claims_decide(public_id: str) -> Response | tuple[str, int]:
    """Uphold or reject, with a reason that both sides read."""
    actor_id = signed_in().id
    form = Form(request.form)
    try:
        outcome = form.choice("outcome", (ClaimOutcome.UPHELD, ClaimOutcome.REJECTED))
        reason = form.paragraphs("reason", most=claims.REASON_LONGEST)
        form.check()
        with transaction():
            claim, actor = claims.get(public_id), members.get(actor_id)
            _refuse_own(claim, actor)
            claims.decide(actor, claim.id, ClaimOutcome(outcome), reason, at=clock.now())
    except Invalid as error:
        return _page(claims.get(public_id), error.fields), 422
    except Conflict as error:
        return _page(claims.get(public_id), {"": error.message}), 409
    flash(
        _("Upheld. The designers' payouts stay on hold, and both sides were told.")
        if outcome == ClaimOutcome.UPHELD
        else _("Rejected. Payouts go on, and both sides were told."),
        "good",
    )
    return redirect(url_for("console.claims"), 303)


def _refuse_own(claim: Claim, actor: Member) -> None:
    """Nobody decides on their own design. Raises Conflict."""
    submission = queries.by_ids([claim.subject_id])[claim.subject_id]
    if policies.is_designer(submission, actor):
        raise Conflict(lazy("This is your own design: somebody else has to decide."))


def _page(claim: Claim, errors: object) -> str:
    submission = queries.by_ids([claim.subject_id])[claim.subject_id]
    people = [one.member for one in submission.designers]
    involved = {key for key in (claim.member_id, claim.closed_by) if key}
    known = members.by_ids(involved)
    return render_template(
        "console/claims/claim.html",
        claim=claim,
        lapses_at=None if claim.confirmed_at or claim.closed_at else claims.lapses_at(claim),
        submission=submission,
        designers=people,
        claimant=known.get(claim.member_id or 0),
        decided_by=known.get(claim.closed_by or 0),
        is_own=any(person.id == signed_in().id for person in people),
        errors=errors,
        values=request.form,
    )
