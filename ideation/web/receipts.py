"""The receipt: the dated page that every entrant gets."""

from flask import render_template

from ideation.contests import words
from ideation.core import clock
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.http.guards import Who, who
from ideation.http.session import signed_in
from ideation.integrity import published
from ideation.selection import policies, queries, receipts, rights
from ideation.submissions import designers
from ideation.submissions.models import State, Submission
from ideation.web.blueprint import blueprint


@blueprint.get("/designs/<public_id>/receipt")
@who(Who.SIGNED_IN)
def receipt(public_id: str) -> str | tuple[str, int]:
    """For the designers and those who decide; before it is out they read when it comes."""
    at, viewer = clock.now(), signed_in()
    submission = queries.get_design(public_id)
    took_part = submission.state is State.APPROVED
    if not took_part or not policies.may_read_receipt(viewer, submission):
        raise NotFound(lazy("There is no such design here."))
    try:
        slip = receipts.receipt(submission.id, at)
    except NotFound:
        return _not_yet(submission), 404
    return render_template(
        "web/receipts/receipt.html",
        slip=slip,
        submission=submission,
        contest=submission.contest,
        contest_name=words.full_name(submission.contest),
        made_by=designers.shown(submission),
        ways=published.ways(slip.tally, submission.id) if slip.tally else None,
        set_aside=published.set_aside([submission.id]).get(submission.id),
    )


def _not_yet(submission: Submission) -> str:
    contest = submission.contest
    return render_template(
        "web/receipts/not_yet.html",
        submission=submission,
        contest=contest,
        contest_name=words.full_name(contest),
        rights=rights.status(submission, clock.now()),
    )
