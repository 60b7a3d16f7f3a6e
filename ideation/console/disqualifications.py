"""Designs taken out of a result: the page before it, those that are out, and their appeals."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.console.blueprint import blueprint
from ideation.contests import queries as contests
from ideation.contests import words
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed, Words
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.products import queries as products
from ideation.selection import disqualifying, faults, policies, queries, ranking, reinstating
from ideation.selection.models import Fault
from ideation.submissions.models import Submission
from ideation.voting import queries as voting

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, Words]


@blueprint.get("/contests/<slug>/disqualifications")
@who(Permission.DECIDE)
def disqualifications(slug: str) -> str:
    """Every design that was taken out, why, and what its designers say."""
    return _list(_decided(slug), {})


@blueprint.post("/contests/<slug>/disqualifications/<public_id>/answer")
@WRITES
@who(Permission.DECIDE)
def disqualification_answer(slug: str, public_id: str) -> Answer:
    """Leave it out, or let it in again, in words that its designers read."""
    contest, actor_id = _decided(slug), signed_in().id
    contest_id, field = contest.id, f"answer-{public_id}"
    form = Form(request.form)
    try:
        verdict = form.choice("verdict", ("reject", "reinstate"))
        said = form.paragraphs(field, most=disqualifying.MOST_NOTE)
        form.check()
        act = reinstating.reject if verdict == "reject" else reinstating.reinstate
        with transaction():
            act(accounts.get(actor_id), contest_id, public_id, said, at=clock.now())
    except Invalid as error:
        named = {field if name == "answer" else name: one for name, one in error.fields.items()}
        return _list(_decided(slug), named), 422
    except (Conflict, NotAllowed) as error:
        return _list(_decided(slug), {"": error.message}), error.status
    flash(
        _("The appeal is answered, and the design stays out.")
        if verdict == "reject"
        else _("It is back in the result, which was counted anew. Its designers were told."),
        "good",
    )
    return redirect(url_for("console.disqualifications", slug=slug), 303)


@blueprint.get("/contests/<slug>/designs/<public_id>/disqualification")
@who(Permission.DECIDE)
def disqualification(slug: str, public_id: str) -> str:
    """What taking one design out means, before it is done."""
    contest = _decided(slug)
    return _form(contest, queries.get_entry(contest.id, public_id), {})


@blueprint.post("/contests/<slug>/designs/<public_id>/disqualification")
@WRITES
@who(Permission.DECIDE)
def disqualify(slug: str, public_id: str) -> Answer:
    """Take it out of the result, with a reason that its designers read."""
    contest, actor_id = _decided(slug), signed_in().id
    submission = queries.get_entry(contest.id, public_id)
    key, form = submission.id, Form(request.form)
    try:
        fault = form.choice("fault", [one.value for one in Fault])
        note = form.paragraphs("note", most=disqualifying.MOST_NOTE)
        form.check()
        with transaction():
            actor = accounts.get(actor_id)
            made = disqualifying.disqualify(actor, key, Fault(fault), note, at=clock.now())
            number = made.tally_number
    except Invalid as error:
        return _again(slug, public_id, error.fields), 422
    except (Conflict, NotAllowed) as error:
        return _again(slug, public_id, {"": error.message}), error.status
    flash(
        _(
            "Disqualified. Tally no. %(number)s is frozen without it, and its designers were told.",
            number=number,
        ),
        "good",
    )
    return redirect(url_for("console.decision", slug=slug), 303)


def _decided(slug: str) -> Contest:
    """The contest, if its winners are the member's to choose. Raises NotFound, NotAllowed."""
    contest = contests.get_by_slug(slug)
    policies.check_may_decide(signed_in(), contest.space_id)
    return contest


def _again(slug: str, public_id: str, errors: Errors) -> str:
    contest = _decided(slug)
    return _form(contest, queries.get_entry(contest.id, public_id), errors)


def _form(contest: Contest, submission: Submission, errors: Errors) -> str:
    tally = voting.find_tally(contest.id)
    line = ranking.lines_of(tally, [submission.id]).get(submission.id) if tally else None
    return render_template(
        "console/disqualifications/form.html",
        nav="contests",
        contest=contest,
        name=words.full_name(contest),
        submission=submission,
        tally=tally,
        line=line,
        product=products.by_submissions([submission.id]).get(submission.id),
        hindrance=_hindrance(contest, submission),
        faults=[(one.value, faults.LABELS[one], faults.SENTENCES[one]) for one in Fault],
        most_note=disqualifying.MOST_NOTE,
        errors=errors,
        values=request.form,
    )


def _hindrance(contest: Contest, submission: Submission) -> Words | None:
    """Why it cannot be taken out now, so that nobody writes a reason for nothing."""
    try:
        disqualifying.check(contest, submission, signed_in())
    except (Conflict, NotAllowed) as error:
        return error.message
    return None


def _list(contest: Contest, errors: Errors) -> str:
    rows = queries.list_disqualified(contest.id)
    people = {key for one in rows for key in (one.decided_by, one.appealed_by) if key}
    return render_template(
        "console/disqualifications/index.html",
        nav="contests",
        contest=contest,
        name=words.full_name(contest),
        rows=rows,
        people=accounts.by_ids(people),
        labels=faults.LABELS,
        most_note=disqualifying.MOST_NOTE,
        errors=errors,
        values=request.form,
    )
