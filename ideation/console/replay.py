"""Replay: a past contest counted by another rule, prior, eligibility or quarantine."""

from flask import render_template, request

from ideation.accounts.grants import Permission
from ideation.console.blueprint import blueprint
from ideation.contests import queries as contests
from ideation.contests import words
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import who
from ideation.proof import replaying
from ideation.proof.replaying import Aside, Question, Rule
from ideation.voting import queries
from ideation.voting.scoring import LEAST_PRIOR, MOST_PRIOR

RULES = (
    (Rule.FAIR, lazy("Fair score"), lazy("As it was counted.")),
    (Rule.MEAN, lazy("Plain mean"), lazy("Every vote that counts is one; no prior, no leaning.")),
)
ASIDES = (
    (Aside.AS_IS, lazy("As it stands"), lazy("Those whom the desk has set aside.")),
    (Aside.NOBODY, lazy("Nobody"), lazy("Votes set aside count again.")),
    (Aside.EVERYBODY, lazy("Everybody ever named"), lazy("Restored ones as well.")),
)


@blueprint.get("/contests/<slug>/replay")
@who(Permission.SEE_LEAVES)
def replay(slug: str) -> str | tuple[str, int]:
    """The form, and the replay beside the tally once something was asked."""
    contest = contests.get_by_slug(slug)
    if queries.find_tally(contest.id) is None:
        return render_template(
            "console/replay/waiting.html", contest=contest, name=words.full_name(contest)
        ), 404
    form = Form(request.args)
    question = _read(form)
    again = replaying.replay(contest, question)
    page = render_template(
        "console/replay/replay.html",
        contest=contest,
        name=words.full_name(contest),
        again=again,
        question=question,
        is_asked=question != Question(),
        designs=queries.submissions_by_id([line.entry for line in again.lines]),
        errors=form.errors,
        rules=RULES,
        asides=ASIDES,
        least=LEAST_PRIOR,
        most=MOST_PRIOR,
    )
    return (page, 422) if form.errors else page


def _read(form: Form) -> Question:
    is_given = bool(form.values.get("prior", "").strip())
    prior = form.whole("prior", least=LEAST_PRIOR, most=MOST_PRIOR) if is_given else 0
    return Question(
        rule=Rule(form.choice("rule", list(Rule), Rule.FAIR)),
        prior=prior or None,
        aside=Aside(form.choice("aside", list(Aside), Aside.AS_IS)),
        without_light=form.tick("without_light"),
        with_unconfirmed=form.tick("with_unconfirmed"),
    )
