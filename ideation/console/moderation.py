"""The moderators' queue, one design after the other to decide on, and several approved at once."""

from datetime import datetime

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.accounts.models import Member
from ideation.accounts.policies import holds
from ideation.console.blueprint import blueprint
from ideation.contests import words
from ideation.core import clock, i18n
from ideation.core.db import transaction
from ideation.core.errors import Conflict, DomainError, Invalid, NotFound
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy, ngettext
from ideation.http.forms import Form
from ideation.http.guards import wants_json, who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.moderation import alarms, decisions, rules
from ideation.moderation import queries as cases
from ideation.moderation.models import Case, Rule, Verdict
from ideation.moderation.policies import moderated_spaces
from ideation.submissions import designers, drafting, outcomes, queries
from ideation.submissions.models import Submission

LONGEST_REASON = 600
#: How many designs are in one line to be decided on; what waits behind them comes after.
LINE = 300


@blueprint.get("/moderation")
@who(Permission.MODERATE)
def moderation() -> str:
    """What waits, the most urgent first."""
    at = clock.now()
    spaces = moderated_spaces(signed_in())
    waiting = _line(spaces)
    found = queries.by_ids([case.subject_id for case in waiting])
    designers.load(found.values())
    return render_template(
        "console/moderation/queue.html",
        rows=[
            (case, found[case.subject_id], words.name(found[case.subject_id].contest))
            for case in waiting
            if case.subject_id in found
        ],
        own={key for key, one in found.items() if _is_own(one)},
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
    try:
        case = _decide(public_id, verdict, request.form.get("seen", ""), Form(request.form))
    except Invalid as error:
        if wants_json():
            raise
        errors = {name: [str(told)] for name, told in error.fields.items()}
        return _case_page(*_get(public_id, signed_in()), errors), 422
    if wants_json():
        return jsonify(left=cases.count_open(moderated_spaces(signed_in())))
    flash(_("Approved.") if verdict is Verdict.APPROVED else _("Declined."), "good")
    return redirect(_next_url(case), 303)


@blueprint.post("/moderation/approvals")
@WRITES
@who(Permission.MODERATE)
def moderation_approve() -> Response:
    """Approve what is selected, each by itself: what cannot be approved waits on, and says why."""
    done, refused = 0, dict[str, None]()
    for choice in dict.fromkeys(request.form.getlist("design")[:LINE]):
        public_id, _sign, seen = choice.partition("|")
        try:
            _decide(public_id, Verdict.APPROVED, seen, Form({}))
            done += 1
        except DomainError as error:
            refused[str(error)] = None
    if done:
        flash(ngettext("%(n)s design approved.", "%(n)s designs approved.", done), "good")
    for why in refused:
        flash(_("Some still wait: %(why)s", why=why), "warn")
    if not done and not refused:
        flash(_("Select the designs first."), "warn")
    return redirect(url_for("console.moderation"), 303)


def _decide(public_id: str, verdict: Verdict, seen: str, form: Form) -> Case:
    """Decide in a transaction of its own on the design as the moderator saw it."""
    with transaction():
        moderator = signed_in()
        submission, case = _get(public_id, moderator)
        submission = queries.get_locked(submission.id)
        outcomes.require_unchanged(submission, _instant(seen))
        rule: Rule | None = None
        reason = ""
        if verdict is Verdict.DECLINED:
            chosen = form.choice("rule", [rule.value for rule in Rule])
            reason = form.paragraphs("reason", most=LONGEST_REASON, required=True)
            form.check()
            rule = Rule(chosen)
        decisions.decide(moderator, case, verdict, at=clock.now(), rule=rule, reason=reason)
    return case


def _get(public_id: str, moderator: Member) -> tuple[Submission, Case]:
    submission = queries.get_visible(public_id, moderator)
    case = cases.get(drafting.SUBJECT, submission.id)
    if not holds(moderator, Permission.MODERATE, case.space_id):
        raise NotFound(lazy("Nothing to decide here."))
    return submission, case


def _instant(seen: str) -> datetime:
    """When the version that the moderator looked at was last changed."""
    try:
        return datetime.fromisoformat(seen)
    except ValueError:
        raise Conflict(lazy("This page was open too long. Load it again.")) from None


def _line(spaces: frozenset[int] | None) -> list[Case]:
    """The designs that wait, the most urgent first."""
    waiting = cases.list_open(spaces, limit=LINE)
    return [case for case in waiting if case.subject_kind == drafting.SUBJECT]


def _is_own(submission: Submission) -> bool:
    return any(one.member_id == signed_in().id for one in submission.designers)


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
    line = [one.subject_id for one in _line(spaces)]
    names = queries.public_ids(line)
    return render_template(
        "console/moderation/case.html",
        submission=submission,
        line=[names[key] for key in line if key in names],
        advice=_advice(submission.member),
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
        is_own=_is_own(submission),
        left=cases.count_open(spaces),
        skip_url=_next_url(case),
        soon=clock.now() + alarms.AHEAD,
        errors=errors or {},
        values=request.form,
    )


def _advice(designer: Member) -> dict[str, str]:
    """What to do next, by rule, in the designer's language: the words of a quick decline."""
    with i18n.speaking(designer.language):
        return {rule.value: str(rules.advice(rule)) for rule in Rule}
