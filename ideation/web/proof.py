"""The page of proof: what anybody needs to count a contest again, and the file to count."""

from flask import Response, render_template

from ideation.contests import commitments, formats, words
from ideation.contests import queries as contests
from ideation.contests.phases import Phase, phase, shows_results
from ideation.core import clock
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.http.downloads import send_stored
from ideation.http.guards import Who, who
from ideation.integrity.words import cause
from ideation.proof import batching, files, notices
from ideation.voting import queries
from ideation.web.blueprint import blueprint

CHECKER = "verify_results.py"


@blueprint.get("/contests/<slug>/proof")
@who(Who.ANYONE)
def proof(slug: str) -> str:
    """Heads, tallies, files and how to check them; until close only that they are being kept.

    Heads are public from close on. Before, their number and count would tell of others' votes.
    """
    at, contest = clock.now(), contests.get_by_slug(slug)
    seed = commitments.revealed_seed(contest, at)
    if seed is None or phase(contest, at) is Phase.CANCELLED:
        return render_template(
            "web/proof/sealed.html",
            contest=contest,
            contest_name=words.full_name(contest),
            phase=phase(contest, at),
        )
    tallies = queries.list_tallies(contest.id) if shows_results(contest, at) else []
    return render_template(
        "web/proof/proof.html",
        contest=contest,
        contest_name=words.full_name(contest),
        format_notice=formats.notice(contest),
        tallies=tallies[::-1],
        files=files.of_tallies(contest.id),
        name_of=files.name_of,
        cause=cause,
        batches=batching.list_batches(contest.id),
        has_witness=notices.was_mailed_before_close(contest),
        seed=seed,
        checker=CHECKER,
    )


@blueprint.get("/contests/<slug>/proof/<int:number>/ballots")
@who(Who.ANYONE)
def proof_ballots(slug: str, number: int) -> Response:
    """Everybody's file of one tally, to be counted again."""
    contest = contests.get_by_slug(slug)
    file = files.of_tallies(contest.id).get((number, files.PUBLIC))
    if file is None or not shows_results(contest, clock.now()):
        raise NotFound(lazy("There is no such file, or it is still being made."))
    name = files.name_of(slug, number, files.PUBLIC)
    return send_stored(file.storage_key, name, etag=file.digest[:32])
