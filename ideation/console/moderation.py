"""The moderators' queue, and one design at a time to decide on."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.console.blueprint import blueprint
from ideation.contests import words
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.http.session import signed_in
from ideation.moderation import alarms, decisions, rules
from ideation.moderation import queries as cases
from ideation.moderation.models import Case, Rule, Verdict
from ideation.moderation.policies import moderated_spaces
from ideation.submissions import designers, drafting, outcomes, queries
from ideation.submissions.models import Submission

LONGEST_REASON = 600


@blueprint.get("/moderation")
@who(Permission.MODERATE)
def moderation() -> str:
    """What waits, the most urgent first."""
    at = clock.now()
    spaces = moderated_spaces(signed_in())
    waiting = [case for case in cases.list_open(spaces) if case.subject_kind == drafting.SUBJECT]
    found = queries.by_ids([case.subject_id for case in waiting])
    return render_template(
        "console/moderation/queue.html",
        rows=[
            (case, found[case.subject_id], words.name(found[case.subject_id].contest))
            for case in waiting
            if case.subject_id in found
        ],
        total=cases.count_open(spaces),
        urgent=cases.count_due(at + alarms.AHEAD, spaces),
        soon=at + alarms.AHEAD,
    )


@blueprint.get("/moderation/designs/<public_id>")
@who(Permission.MODERATE)
def moderation_case(public_id: str) -> str:
    """One design, large, with all that was declared about it."""
    submission, case = _get(public_id, signed_in())
    return _case_page(submission, case)


@blueprint.post("/moderation/designs/<public_id>/decision")
@who(Permission.MODERATE)
def moderation_decide(public_id: str) -> Response | tuple[str, int]:
    """Approve or decline, then on to the next."""
    verdict = Verdict.APPROVED if request.form.get("verdict") == "approved" else Verdict.DECLINED
    form = Form(request.form)
    try:
        with transaction():
            moderator = signed_in()
            submission, case = _get(public_id, moderator)
            submission = queries.get_locked(submission.id)
            outcomes.require_unchanged(submission, _seen_at())
            _decide(moderator, case, verdict, form)
    except Invalid as error:
        errors = {name: [str(told)] for name, told in error.fields.items()}
        return _case_page(*_get(public_id, signed_in()), errors), 422
    flash(_("Approved.") if verdict is Verdict.APPROVED else _("Declined."), "good")
    return redirect(_next_url(case), 303)


def _decide(moderator: Member, case: Case, verdict: Verdict, form: Form) -> None:
    rule: Rule | None = None
    reason = ""
    if verdict is Verdict.DECLINED:
        chosen = form.choice("rule", [rule.value for rule in Rule])
        reason = form.paragraphs("reason", most=LONGEST_REASON, required=True)
        form.check()
        rule = Rule(chosen)
    decisions.decide(moderator, case, verdict, at=clock.now(), rule=rule, reason=reason)


def _get(public_id: str, moderator: Member) -> tuple[Submission, Case]:
    submission = queries.get_visible(public_id, moderator)
    case = cases.get(drafting.SUBJECT, submission.id)
    if not holds(moderator, Permission.MODERATE, case.space_id):
        raise NotFound(lazy("Nothing to decide here."))
    return submission, case


def _seen_at() -> datetime:
    """When the version that the moderator looked at was last changed."""
    try:
        return datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError:
        raise Conflict(lazy("This page was open too long. Load it again.")) from None


def _next_url(case: Case) -> str:
    following = cases.find_next(case, moderated_spaces(signed_in()))
    found = queries.by_ids([following.subject_id]) if following else {}
    if following is None or following.subject_id not in found:
        return url_for("console.moderation")
    return url_for("console.moderation_case", public_id=found[following.subject_id].public_id)


def _case_page(
    submission: Submission, case: Case, errors: dict[str, list[str]] | None = None
) -> str:
    spaces = moderated_spaces(signed_in())
    return render_template(
        "console/moderation/case.html",
        submission=submission,
        case=case,
        contest=submission.contest,
        contest_name=words.full_name(submission.contest),
        designers=[
            (one.member, designers.in_percent(one.share_bp)) for one in submission.designers
        ],
        colour=next(
            (one for one in submission.contest.article.colours if one["key"] == submission.colour),
            None,
        ),
        rules=rules.choices(),
        last=cases.find_last_decision(drafting.SUBJECT, submission.id),
        rule_label=rules.label,
        is_own=any(one.member_id == signed_in().id for one in submission.designers),
        left=cases.count_open(spaces),
        skip_url=_next_url(case),
        soon=clock.now() + alarms.AHEAD,
        errors=errors or {},
        values=request.form,
    )
