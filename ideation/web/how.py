"""How winners are found: the rule in plain words, and how to begin for real."""

from flask import render_template

from ideation.contests import queries as contests
from ideation.core import clock
from ideation.http.guards import Who, who
from ideation.voting import dealing, scoring
from ideation.web.blueprint import blueprint


@blueprint.get("/how-winners-are-found")
@who(Who.ANYONE)
def how() -> str:
    """The two sentences, then everything behind them."""
    tallied = contests.list_tallied(clock.now(), limit=1)
    return render_template(
        "web/how/how.html",
        latest=tallied[0] if tallied else None,
        few_votes=scoring.FEW_VOTES,
        free_skips=dealing.FREE_SKIPS,
        answers_a_skip=dealing.ANSWERS_A_SKIP,
        slots=dealing.SLOTS,
    )
