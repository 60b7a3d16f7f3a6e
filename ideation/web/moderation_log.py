"""The public log of moderation: what was decided and why, without names."""

from flask import render_template, request

from ideation.contests import words
from ideation.http.guards import Who, who
from ideation.moderation import queries as moderation
from ideation.moderation import rules
from ideation.submissions import policies, queries
from ideation.submissions.drafting import SUBJECT
from ideation.web.blueprint import blueprint


@blueprint.get("/moderation")
@who(Who.ANYONE)
def moderation_log() -> str:
    """One page of decisions, the latest first. Only what is public is linked or called by name."""
    page = moderation.list_log(request.args.get("page", 1, type=int))
    subjects = queries.by_ids(
        {case.subject_id for _, case in page.items if case.subject_kind == SUBJECT}
    )
    rows = []
    for decision, case in page.items:
        subject = subjects.get(case.subject_id) if case.subject_kind == SUBJECT else None
        rows.append(
            {
                "decision": decision,
                "rule": rules.label(decision.rule) if decision.rule else "",
                "contest": words.full_name(subject.contest) if subject else "",
                "slug": subject.contest.slug if subject else "",
                "design": subject if subject and policies.is_public(subject) else None,
            }
        )
    return render_template("web/moderation_log/log.html", page=page, rows=rows)
