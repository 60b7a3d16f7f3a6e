"""The jury of a contest, for those who manage it: named, removed, how far they are."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.console.blueprint import blueprint
from ideation.contests import formats, policies, queries, words
from ideation.contests.models import Contest
from ideation.contests.phases import phase
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotAllowed, NotFound, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import may, signed_in
from ideation.submissions import wall
from ideation.voting import judging, recusals
from ideation.voting import jury as rules

Answer = Response | str | tuple[str, int]
Act = Callable[[Member, datetime], str]
_LONGEST_WHO = 254


@blueprint.get("/contests/<slug>/jury")
@who(Permission.MANAGE_CONTESTS)
def jury(slug: str) -> str:
    """Who is on the jury, who was, and who will not judge what."""
    return _show(_judged(slug), {}, {})


@blueprint.post("/contests/<slug>/jury")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def jury_name(slug: str) -> Answer:
    """Name a juror by handle or mail address."""
    contest = _judged(slug)
    form, contest_id = Form(request.form), contest.id
    wanted = form.line("who", most=_LONGEST_WHO, required=True)

    def name(actor: Member, at: datetime) -> str:
        form.check()
        juror = rules.name(actor, contest_id, wanted, at=at)
        return _("%(name)s is invited.", name=accounts.get(juror.member_id).name)

    return _act(contest, name)


@blueprint.post("/contests/<slug>/jury/<handle>/removal")
@WRITES
@who(Permission.MANAGE_CONTESTS)
def jury_remove(slug: str, handle: str) -> Answer:
    """Take a juror off the jury, with a reason they read."""
    contest = _judged(slug)
    contest_id, juror_id = contest.id, accounts.get_by_handle(handle).id
    reason = Form(request.form).paragraphs(f"reason-{handle}", most=rules.MOST_REASON)

    def remove(actor: Member, at: datetime) -> str:
        rules.remove(actor, contest_id, juror_id, reason=reason, at=at)
        return _("Taken off the jury, and told why.")

    return _act(contest, remove, tail=f"-{handle}")


def _act(contest: Contest, act: Act, tail: str = "") -> Answer:
    """Do one thing; show the page again where a rule says no. ``tail`` ends the field's name."""
    slug, member_id = contest.slug, signed_in().id
    try:
        with transaction():
            done = act(accounts.get(member_id), clock.now())
    except Invalid as error:
        named = {name + tail: said for name, said in error.fields.items()}
        return _show(_judged(slug), named or {"": error.message}, request.form), 422
    except Conflict as error:
        return _show(_judged(slug), {"": error.message}, request.form), 409
    flash(done, "good")
    return redirect(url_for("console.jury", slug=slug), 303)


def _judged(slug: str) -> Contest:
    """The contest, if it is the member's to manage and has a jury. Raises NotFound, NotAllowed."""
    contest = queries.get_by_slug(slug)
    if not policies.may_manage(signed_in(), contest.space_id):
        raise NotAllowed(lazy("You manage contests of another space, not of this one."))
    if not formats.has_jury(contest):
        raise NotFound(lazy("This contest has no jury."))
    return contest


def _show(contest: Contest, errors: Mapping[str, Words], typed: Mapping[str, str]) -> str:
    at = clock.now()
    # How many ballots came in is nobody's to know before the close, save who sees scores anyway.
    sees_progress = contest.closed_at is not None or may(Permission.SEE_LIVE_SCORES)
    listed = recusals.list_in(contest.id) if sees_progress else []
    return render_template(
        "console/jury/jury.html",
        nav="contests",
        contest=contest,
        name=words.full_name(contest),
        phase=phase(contest, at),
        jurors=rules.list_jurors(contest.id),
        former=rules.list_former(contest.id),
        progress_of=judging.counts(contest.id) if sees_progress else {},
        short=judging.count_short_of_quorum(contest) if sees_progress else None,
        designs=wall.count_turnout([contest.id])[contest.id].designs,
        recusals=listed,
        people=accounts.by_ids({recusal.member_id for recusal, _design in listed}),
        may_change=rules.may_change(contest, at),
        most_reason=rules.MOST_REASON,
        errors=errors,
        values=typed,
    )
