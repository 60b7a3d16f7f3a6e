"""Stubs: the voter's own, to keep; and looking one up, for whoever holds it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, current_app, render_template, request
from sqlalchemy import select

from ideation.contests import queries as contests
from ideation.contests import words
from ideation.contests.models import Contest
from ideation.contests.phases import shows_results
from ideation.core import clock, config
from ideation.core.db import db
from ideation.http.guards import Who, who
from ideation.http.limits import by_address, limiter
from ideation.http.session import signed_in
from ideation.proof import stubs
from ideation.proof.stubs import Stub
from ideation.proof.words import REASONS
from ideation.submissions.models import Submission
from ideation.voting import queries, weight_files
from ideation.voting.models import Vote
from ideation.voting.weighing import Weight
from ideation.web.blueprint import blueprint

#: Finding a path hashes a whole batch again.
LOOKUPS = limiter.shared_limit("30 per minute", scope="stubs", key_func=by_address, methods=["GET"])


@dataclass(frozen=True)
class Slip:
    """One ballot of the member's own: the design, the stub, and what it weighed once counted."""

    vote: Vote
    submission: Submission
    stub: Stub
    weight: Weight | None


@blueprint.get("/stubs")
@LOOKUPS
@who(Who.ANYONE)
def stubs_look_up() -> str:
    """Whether a ballot is in the log, and under which head; never its stars."""
    typed = request.args.get("stub", "")[:80]
    tag = stubs.read(typed)
    found = stubs.look_up(tag, at=clock.now()) if tag else None
    return render_template(
        "web/stubs/look_up.html",
        typed=stubs.code_of(tag) if tag else typed.strip(),
        is_stub=tag is not None,
        found=found,
        contest_name=words.full_name(found.contest) if found else "",
    )


@blueprint.get("/contests/<slug>/my-votes/stubs")
@who(Who.SIGNED_IN)
def my_stubs(slug: str) -> str:
    """A stub for each of the member's ballots; after close with weight and reason."""
    contest = contests.get_by_slug(slug)
    number = request.args.get("page", 1, type=int)
    page = queries.page_of_votes(signed_in().id, contest.id, number)
    return render_template(
        "web/stubs/mine.html",
        contest=contest,
        contest_name=words.full_name(contest),
        page=page,
        slips=_slips(contest, page.items),
        reasons=REASONS,
        is_closed=contest.closed_at is not None,
    )


@blueprint.get("/contests/<slug>/my-votes/stubs.txt")
@who(Who.SIGNED_IN)
def my_stubs_text(slug: str) -> Response:
    """The same as text to keep, every ballot with the line that its stub is the hash of."""
    contest = contests.get_by_slug(slug)
    query = select(Vote).where(Vote.contest_id == contest.id, Vote.member_id == signed_in().id)
    votes = db.session.scalars(query.order_by(Vote.submission_id)).all()
    text = render_template(
        "web/stubs/mine.txt",
        contest=contest,
        contest_name=words.full_name(contest),
        slips=_slips(contest, votes),
        reasons=REASONS,
        base_url=config.current().base_url,
    )
    response = current_app.response_class(text, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-stubs.txt"'
    return response


def _slips(contest: Contest, votes: Sequence[Vote]) -> list[Slip]:
    member = signed_in()
    designs = queries.submissions_by_id([vote.submission_id for vote in votes])
    held = stubs.of_votes(member, contest, votes)
    tally = queries.find_tally(contest.id) if shows_results(contest, clock.now()) else None
    weights = weight_files.weight_of_voter(tally, member.id) if tally else {}
    return [
        Slip(
            vote,
            designs[vote.submission_id],
            held[vote.submission_id],
            weights.get(vote.submission_id),
        )
        for vote in votes
    ]
