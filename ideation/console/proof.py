"""Heads of a ballot log as they are made, and the auditors' files."""

from flask import Response, render_template, request

from ideation.accounts.grants import Permission
from ideation.audit import trail
from ideation.console.blueprint import blueprint
from ideation.contests import queries as contests
from ideation.contests import words
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.http.downloads import send_stored
from ideation.http.guards import who
from ideation.http.limits import WRITES
from ideation.http.session import may, signed_in
from ideation.integrity.words import cause
from ideation.proof import batching, files
from ideation.voting import queries


@blueprint.get("/proof")
@who(Permission.SEE_LEAVES)
def proof_index() -> str:
    """Contests whose ballot log is sealed, the one sealed last first."""
    page = batching.page_of_heads(request.args.get("page", 1, type=int))
    return render_template(
        "console/proof/index.html",
        page=page,
        full_name=words.full_name,
        shows_times=may(Permission.SEE_LIVE_SCORES),
    )


@blueprint.get("/contests/<slug>/proof", endpoint="proof")
@who(Permission.SEE_LEAVES)
def proof_show(slug: str) -> str:
    """Every head so far.

    Before the close, how many ballots are in a batch and at what hour they came is for those who
    see live scores: others may vote and enter.
    """
    contest = contests.get_by_slug(slug)
    is_closed = contest.closed_at is not None
    return render_template(
        "console/proof/proof.html",
        contest=contest,
        name=words.full_name(contest),
        batches=batching.list_batches(contest.id)[::-1],
        tallies=queries.list_tallies(contest.id)[::-1],
        files=files.of_tallies(contest.id),
        cause=cause,
        is_closed=is_closed,
        shows_counts=is_closed or may(Permission.SEE_LIVE_SCORES),
    )


@blueprint.post("/contests/<slug>/proof/<int:number>/downloads")
@WRITES
@who(Permission.SEE_LEAVES)
def proof_download(slug: str, number: int) -> Response:
    """The auditors' file of one tally; that it was taken is written down."""
    contest = contests.get_by_slug(slug)
    file = files.of_tallies(contest.id).get((number, files.AUDITORS))
    if file is None:
        raise NotFound(lazy("There is no such file, or it is still being made."))
    answer = send_stored(
        file.storage_key, files.name_of(slug, number, files.AUDITORS), etag=file.digest[:32]
    )
    with transaction():
        trail.record(
            "ballots.taken",
            actor_id=signed_in().id,
            subject_kind="contest",
            subject_id=contest.id,
            at=clock.now(),
            detail={"tally": number},
        )
    return answer
