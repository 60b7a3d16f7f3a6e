"""The receipt: the dated page that every entrant gets; and an appeal, where it was disqualified."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.contests import words
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotFound, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.integrity import published
from ideation.selection import faults, policies, queries, receipts, reinstating, rights
from ideation.submissions import designers
from ideation.submissions import policies as submissions
from ideation.submissions.models import State, Submission
from ideation.web.blueprint import blueprint


@blueprint.get("/designs/<public_id>/receipt")
@who(Who.SIGNED_IN)
def receipt(public_id: str) -> str | tuple[str, int]:
    """For the designers and those who decide; before it is out they read when it comes."""
    submission = _get(public_id)
    try:
        slip = receipts.receipt(submission.id, clock.now())
    except NotFound:
        return _not_yet(submission), 404
    return _show(submission, slip, {})


@blueprint.post("/designs/<public_id>/appeal")
@WRITES
@who(Who.SIGNED_IN)
def receipt_appeal(public_id: str) -> Response | tuple[str, int]:
    """Say why a disqualified design should be let in again; once."""
    submission = _get(public_id)
    key, member_id = submission.id, signed_in().id
    try:
        form = Form(request.form)
        said = form.paragraphs("appeal", most=reinstating.MOST_APPEAL)
        form.check()
        with transaction():
            reinstating.appeal(accounts.get(member_id), key, said, at=clock.now())
    except (Invalid, Conflict) as error:
        errors = error.fields if isinstance(error, Invalid) else {"": error.message}
        submission = _get(public_id)
        slip = receipts.receipt(submission.id, clock.now())
        return _show(submission, slip, errors), error.status
    flash(_("Your appeal is in. Somebody reads it, and you hear what comes of it."), "good")
    return redirect(url_for("web.receipt", public_id=public_id), 303)


def _get(public_id: str) -> Submission:
    """The design, for whom its receipt is meant. Raises NotFound."""
    submission = queries.get_design(public_id)
    took_part = submission.state in {State.APPROVED, State.DISQUALIFIED}
    if not took_part or not policies.may_read_receipt(signed_in(), submission):
        raise NotFound(lazy("There is no such design here."))
    return submission


def _show(submission: Submission, slip: receipts.Receipt, errors: Mapping[str, Words]) -> str:
    out = queries.find_disqualification(submission.id)
    return render_template(
        "web/receipts/receipt.html",
        slip=slip,
        submission=submission,
        contest=submission.contest,
        contest_name=words.full_name(submission.contest),
        made_by=designers.shown(submission),
        ways=published.ways(slip.tally, submission.id) if slip.tally else None,
        set_aside=published.set_aside([submission.id]).get(submission.id),
        out=out,
        fault=faults.SENTENCES[out.fault] if out else "",
        may_appeal=out is not None
        and reinstating.may_appeal(out)
        and submissions.is_designer(submission, signed_in()),
        most_appeal=reinstating.MOST_APPEAL,
        errors=errors,
        values=request.form,
    )


def _not_yet(submission: Submission) -> str:
    contest = submission.contest
    return render_template(
        "web/receipts/not_yet.html",
        submission=submission,
        contest=contest,
        contest_name=words.full_name(contest),
        rights=rights.status(submission, clock.now()),
        out=queries.find_disqualification(submission.id),
    )
