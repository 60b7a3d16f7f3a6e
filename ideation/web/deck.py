"""The deck: one design, five stars, the next. Its page, its refill, and one's own votes.

After twenty designs the page suggests a pause. What comes next lies on it already, hidden, so
that going on costs no wait.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.models import Member
from ideation.accounts.policies import is_confirmed
from ideation.articles.models import ArticlePrice
from ideation.cards.contests import posters
from ideation.contests import formats, words
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.i18n import language
from ideation.http import viewer
from ideation.http.guards import Who, who
from ideation.http.session import current_member, signed_in
from ideation.integrity import mine
from ideation.submissions.models import Submission
from ideation.voting import ballots, deck, intents, keys, policies, queries
from ideation.voting.deck import Hand
from ideation.voting.models import Intent
from ideation.voting.policies import Refusal
from ideation.voting.prices import price_for
from ideation.voting.tokens import Ballot
from ideation.web.blueprint import blueprint
from ideation.web.deck_keys import act_words


@dataclass(frozen=True)
class Dealt:
    """A ballot as the page shows it."""

    token: str
    submission: Submission
    intent: Intent | None

    def most(self, price: ArticlePrice | None) -> str:
        """The most they'd pay, as they typed it, where it was in the price's currency."""
        return intents.typed_most(self.intent, price.currency) if price else ""


@blueprint.get("/score")
@who(Who.ANYONE)
def deck_current() -> Response | str:
    """On to the deck that closes first and still has something for this member."""
    at, member = clock.now(), current_member()
    scoring = _scored_now(member, at)
    for contest in scoring:
        if _has_something(member, contest, at):
            return redirect(url_for("web.deck", slug=contest.slug))
    why = policies.voter_refusal(member, scoring[0], at) if scoring else None
    if why is Refusal.SIGNED_OUT:
        (card,) = posters(scoring[:1], at, each=3, lot=viewer.lot())
        return render_template("web/deck/welcome.html", card=card)
    return render_template(
        "web/deck/nothing.html", contests=scoring, refusal=why, contest_name=words.full_name
    )


@blueprint.get("/contests/<slug>/score", endpoint="deck")
@who(Who.ANYONE)
def deck_page(slug: str) -> Response | str | tuple[str, int]:
    """The deck of one contest, its first four ballots already on the page."""
    at, member = clock.now(), current_member()
    contest = contests.get_by_slug(slug)
    why = policies.voter_refusal(member, contest, at)
    if why is not None or member is None:
        return _no_deck(contest, why or Refusal.SIGNED_OUT)
    hand, dealt = _deal(slug)
    page: dict[str, Any] = {
        "contest": contest,
        "contest_name": words.full_name(contest),
        "hand": hand,
        "last": _last_token(member, contest),
        "name_of": words.full_name,
        "others": _others(member, contest),
        "upcoming": contests.list_upcoming(at, 1),
        "is_confirmed": is_confirmed(member),
    }
    if not dealt:
        given = queries.count_stars(member.id, contest.id)
        wishes = intents.count_of(member.id, contest.id)
        return render_template("web/deck/done.html", given=given, wishes=wishes, **page)
    return render_template(
        "web/deck/deck.html",
        dealt=dealt,
        price=price_for(contest.article, language()),
        sitting=deck.SITTING,
        keys=keys.of(member),
        act_words=act_words(),
        **page,
    )


@blueprint.get("/contests/<slug>/deck")
@who(Who.SIGNED_IN)
def deck_hand(slug: str) -> Response:
    """The ballots that lie open now, for the script that keeps three pictures ahead."""
    hand, dealt = _deal(slug)
    # Rendered bare: what a whole page asks about its reader would cost more than dealing does.
    ballot = current_app.jinja_env.get_template("web/deck/_ballot.html")
    cards = [{"token": one.token, "html": ballot.render(one=one)} for one in dealt]
    return jsonify(
        ballots=cards,
        done=hand.done,
        total=hand.total,
        skips_left=hand.skips_left,
        sitting=hand.sitting,
    )


@blueprint.get("/contests/<slug>/my-votes")
@who(Who.SIGNED_IN)
def my_votes(slug: str) -> str:
    """What the member gave in this contest; to be changed until close."""
    at, member = clock.now(), signed_in()
    contest = contests.get_by_slug(slug)
    page = queries.page_of_votes(member.id, contest.id, request.args.get("page", 1, type=int))
    designs = queries.submissions_by_id([vote.submission_id for vote in page.items])
    rows = [
        (
            vote,
            designs[vote.submission_id],
            ballots.sign(
                Ballot(member.id, contest.id, vote.submission_id, vote.slot, vote.position)
            ),
        )
        for vote in page.items
    ]
    return render_template(
        "web/deck/my_votes.html",
        contest=contest,
        contest_name=words.full_name(contest),
        rows=rows,
        page=page,
        may_change=policies.voter_refusal(member, contest, at) is None,
        is_confirmed=is_confirmed(member),
        concerns=mine.list_of(member, contest, at),
    )


def _deal(slug: str) -> tuple[Hand, list[Dealt]]:
    with transaction():
        member = signed_in()
        hand = deck.deal(member, contests.get_by_slug(slug), at=clock.now())
        member_id = member.id
    ids = [ballot.submission_id for ballot in hand.ballots]
    designs = queries.pictures_by_id(ids)
    said = intents.find_many(member_id, ids)
    return hand, [
        Dealt(ballots.sign(one), designs[one.submission_id], said.get(one.submission_id))
        for one in hand.ballots
    ]


def _last_token(member: Member, contest: Contest) -> str | None:
    last = deck.find_last(member, contest)
    return ballots.sign(last) if last else None


def _others(member: Member, contest: Contest) -> list[Contest]:
    """Other contests in which the member still has something to score."""
    at = clock.now()
    return [
        one
        for one in _scored_now(member, at)
        if one.id != contest.id and _has_something(member, one, at)
    ]


def _scored_now(member: Member | None, at: datetime) -> list[Contest]:
    """Contests whose designs are scored now, by anyone or by a jury that the member is on."""
    return [
        one
        for one in contests.list_running(at)
        if phase(one, at) is Phase.SCORING
        and (not formats.has_jury(one) or policies.judges(member, one))
    ]


def _has_something(member: Member | None, contest: Contest, at: datetime) -> bool:
    """Whether the contest's deck still has a ballot for the member."""
    return (
        member is not None
        and policies.has_deck(contest)
        and policies.voter_refusal(member, contest, at) is None
        and deck.has_ballots_left(member, contest)
    )


def _no_deck(contest: Contest, why: Refusal) -> Response | tuple[str, int]:
    if why is Refusal.SIGNED_OUT and phase(contest, clock.now()) is Phase.SCORING:
        return redirect(url_for("web.sign_in", next=request.path))
    page: dict[str, Any] = {"contest": contest, "contest_name": words.full_name(contest)}
    status = 403 if why in {Refusal.INSIDER, Refusal.SUSPENDED} else 200
    return render_template("web/deck/shut.html", refusal=why, **page), status
