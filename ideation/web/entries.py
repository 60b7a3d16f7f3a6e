"""A contest's gallery: everything that hangs on its wall."""

import re

from flask import render_template, request

from ideation.contests import formats, words
from ideation.contests import queries as contests
from ideation.contests.phases import Phase, is_blind, phase, shows_results
from ideation.core import clock, ids
from ideation.core.text import clean_line
from ideation.core.wording import LONGEST
from ideation.http.guards import Who, who
from ideation.http.session import current_member
from ideation.submissions import finding, queries
from ideation.submissions.policies import is_invited
from ideation.voting import open_scoring, policies
from ideation.voting import queries as voting
from ideation.web.blueprint import blueprint

_ORDER = re.compile(r"[0-9a-z]{8}")


@blueprint.get("/contests/<slug>/entries")
@who(Who.ANYONE)
def contest_entries(slug: str) -> str:
    """One page of the wall: while members score in an order of the viewer's own and unnamed, with
    the result by rank. Words and a tag leave out the rest without changing the order.

    A member's order is theirs for good. A visitor's hangs on the address, so that it needs no
    cookie: the first page draws one, and its links carry it on.
    """
    at, viewer = clock.now(), current_member()
    contest = contests.get_by_slug(slug)
    order = request.args.get("order", "")
    if viewer is not None or not _ORDER.fullmatch(order):
        order = ids.public_id(8)
    wanted = clean_line(request.args.get("q", ""))[:LONGEST]
    tag = clean_line(request.args.get("tag", ""))
    page = queries.cards(
        contest,
        f"member:{viewer.id}" if viewer else f"visitor:{order}",
        request.args.get("page", 1, type=int),
        at=at,
        ranking=voting.ranking(contest.id) if shows_results(contest, at) else None,
        only=finding.matching(contest.id, wanted, tag) if wanted or tag else None,
    )
    is_scoring = phase(contest, at) is Phase.SCORING
    return render_template(
        "web/submissions/entries.html",
        contest=contest,
        contest_name=words.full_name(contest),
        page=page,
        wanted=wanted,
        tag=tag,
        tags=finding.common_tags(contest.id),
        order=None if viewer or not is_scoring else order,
        is_scoring=is_scoring,
        choices=open_scoring.offer(viewer, contest, page.items, at=at),
        format_notice=formats.notice(contest),
        is_jury=formats.has_jury(contest) and not policies.judges(viewer, contest),
        is_named=not is_blind(contest, at),
        is_invited=is_invited(viewer, contest, at),
        shows_results=shows_results(contest, at),
    )
