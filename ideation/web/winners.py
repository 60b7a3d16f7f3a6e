"""The hall of fame: every edition's winners, the latest announcement first."""

from flask import render_template, request

from ideation.contests import words
from ideation.contests.models import Contest
from ideation.http.guards import Who, who
from ideation.products import queries as products
from ideation.selection import grounds, honours
from ideation.selection import queries as selection
from ideation.submissions.policies import is_public
from ideation.voting import queries as voting
from ideation.web.blueprint import blueprint


@blueprint.get("/winners")
@who(Who.ANYONE)
def winners() -> str:
    """A page of editions, each with who won, by which place, why, and what was made of it."""
    page = honours.page_of_editions(request.args.get("page", 1, type=int))
    chosen = selection.announced_winners([contest.id for contest in page.items])
    keys = [one.submission_id for each in chosen.values() for one in each]
    return render_template(
        "web/winners/winners.html",
        page=page,
        winners=chosen,
        designs=voting.submissions_by_id(keys),
        is_public=is_public,
        products=products.by_submissions(keys),
        name=words.name,
        title=_title,
        sentence=grounds.sentence,
    )


def _title(contest: Contest) -> str:
    """Empty where the title is the contest's whole name already."""
    return words.title(contest) if contest.week is not None else ""
