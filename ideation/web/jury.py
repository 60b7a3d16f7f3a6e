"""What a juror sees of a contest: how far they are, what they scored, what they will not judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.models import Member
from ideation.contests import formats, words
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Invalid, NotFound, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.redirects import back
from ideation.http.session import signed_in
from ideation.submissions import queries
from ideation.submissions.models import Submission
from ideation.voting import judging, jury, policies, recusals
from ideation.voting import queries as voting
from ideation.voting.models import Recusal
from ideation.web.blueprint import blueprint

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True)
class Judging:
    """What a design's own page offers one of its jurors."""

    stars: int | None
    recusal: Recusal | None
    #: Whether they may score it or recuse now.
    is_on: bool


def judging_for(submission: Submission, viewer: Member | None, at: datetime) -> Judging | None:
    """The block for a juror; None for everybody else, and for a juror's own design."""
    contest = submission.contest
    if viewer is None or not policies.judges(viewer, contest):
        return None
    if not policies.is_eligible(viewer, submission):
        return None
    return Judging(
        stars=voting.votes_of(viewer.id, [submission.id]).get(submission.id),
        recusal=recusals.find(viewer.id, submission.id),
        is_on=policies.voter_refusal(viewer, contest, at) is None,
    )


@blueprint.get("/contests/<slug>/jury", endpoint="jury")
@who(Who.SIGNED_IN)
def jury_page(slug: str) -> str:
    """A juror's own page: progress, then every design with what they did about it."""
    contest = _judged(slug)
    at, member = clock.now(), signed_in()
    page = queries.cards(
        contest, f"member:{member.id}", request.args.get("page", 1, type=int), at=at
    )
    ids = [one.id for one in page.items]
    done, total = judging.progress(member.id, contest.id)
    return render_template(
        "web/jury/jury.html",
        contest=contest,
        contest_name=words.full_name(contest),
        page=page,
        done=done,
        total=total,
        phase=phase(contest, at),
        stars=voting.votes_of(member.id, ids),
        recused=recusals.find_many(member.id, ids),
        may_leave=jury.may_change(contest, at),
        is_on=policies.voter_refusal(member, contest, at) is None,
        shows_designs=phase(contest, at) is not Phase.UPCOMING,
    )


@blueprint.post("/contests/<slug>/jury/departure")
@WRITES
@who(Who.SIGNED_IN)
def jury_leave(slug: str) -> Response:
    """Step down from the jury."""
    contest_id = _judged(slug).id
    with transaction():
        jury.step_down(signed_in(), contest_id, at=clock.now())
    flash(_("You are no longer on this jury. What you scored stays and counts."), "good")
    return redirect(url_for("web.contest", slug=slug), 303)


@blueprint.get("/designs/<public_id>/recusal")
@who(Who.SIGNED_IN)
def submission_recusal(public_id: str) -> str:
    """Ask a juror why they will not judge the design."""
    return _ask(public_id, {}, {})


@blueprint.post("/designs/<public_id>/recusal")
@WRITES
@who(Who.SIGNED_IN)
def submission_recuse(public_id: str) -> Answer:
    """Not judge a design, with a reason."""
    reason = Form(request.form).paragraphs("reason", most=recusals.MOST_REASON)
    try:
        with transaction():
            juror = signed_in()
            submission = queries.get_visible(public_id, juror)
            slug = submission.contest.slug
            recusals.recuse(juror, submission, reason, at=clock.now())
    except Invalid as error:
        return _ask(public_id, request.form, error.fields), 422
    flash(_("Noted: you do not judge this design, and the deck does not deal it to you."), "good")
    return back("web.jury", slug=slug)


@blueprint.post("/designs/<public_id>/recusal/removal")
@WRITES
@who(Who.SIGNED_IN)
def submission_unrecuse(public_id: str) -> Response:
    """Judge it after all."""
    with transaction():
        juror = signed_in()
        submission = queries.get_visible(public_id, juror)
        slug = submission.contest.slug
        recusals.take_back(juror, submission, at=clock.now())
    flash(_("Taken back: the deck deals it to you again."), "good")
    return back("web.jury", slug=slug)


def _ask(public_id: str, values: Mapping[str, str], errors: Mapping[str, Words]) -> str:
    juror = signed_in()
    submission = queries.get_visible(public_id, juror)
    _require_juror(juror, submission.contest)
    return render_template(
        "web/jury/recusal.html",
        submission=submission,
        contest=submission.contest,
        contest_name=words.full_name(submission.contest),
        recusal=recusals.find(juror.id, submission.id),
        stars=voting.votes_of(juror.id, [submission.id]).get(submission.id),
        most=recusals.MOST_REASON,
        values=values,
        errors=errors,
    )


def _judged(slug: str) -> Contest:
    """The contest of an address, for its jurors. Raises NotFound for everybody else."""
    contest = contests.get_by_slug(slug)
    _require_juror(signed_in(), contest)
    return contest


def _require_juror(member: Member, contest: Contest) -> None:
    if not formats.has_jury(contest) or not jury.is_juror(contest.id, member.id):
        raise NotFound(lazy("This page is for the jury of a contest, and you are not on it."))
