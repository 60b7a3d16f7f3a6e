"""What a voter does with a ballot: cast it, take it back, skip it, say they would buy it; go on.

Our script asks for JSON and goes on at once; a plain form comes back to the deck.
"""

from flask import jsonify, request
from werkzeug.wrappers import Response

from ideation.contests import queries as contests
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.core.i18n import lazy
from ideation.http.forms import Form
from ideation.http.guards import Who, wants_json, who
from ideation.http.limits import VOTES
from ideation.http.redirects import back
from ideation.http.session import current_token_hash, network_hash, signed_in
from ideation.submissions.models import Submission
from ideation.voting import ballots, deck, intents, policies
from ideation.voting.policies import Refusal
from ideation.web.blueprint import blueprint
from ideation.web.demand import read_wish


@blueprint.post("/contests/<slug>/votes")
@VOTES
@who(Who.BALLOT)
def votes_create(slug: str) -> Response:
    """Cast a ballot or change it: one round trip to the database, which finds out who votes."""
    token, stars = _token(), _stars()
    session_hash = current_token_hash()
    if session_hash is None:
        raise policies.error_for(Refusal.SIGNED_OUT)
    network = network_hash()
    cast = ballots.cast(session_hash, token, stars, at=clock.now(), network=network)
    cast.raise_refusal()
    if wants_json():
        return jsonify(outcome=cast.outcome.value)
    if "with_intent" in request.form:
        _put_intent(token)
    return _back(slug)


@blueprint.post("/contests/<slug>/retractions")
@VOTES
@who(Who.SIGNED_IN)
def retractions_create(slug: str) -> Response:
    """Take a vote or a skip back; its ballot lies on top of the deck again."""
    with transaction():
        deck.undo(signed_in(), _token(), at=clock.now())
    return _done(slug)


@blueprint.post("/contests/<slug>/skips")
@VOTES
@who(Who.SIGNED_IN)
def skips_create(slug: str) -> Response:
    """Put an open ballot to the back."""
    with transaction():
        deck.skip(signed_in(), _token(), at=clock.now())
    return _done(slug)


@blueprint.post("/contests/<slug>/sittings")
@VOTES
@who(Who.SIGNED_IN)
def sittings_create(slug: str) -> Response:
    """Go on after a pause: twenty more."""
    with transaction():
        deck.sit_on(signed_in(), contests.get_by_slug(slug), at=clock.now())
    return _done(slug)


@blueprint.post("/contests/<slug>/intents")
@VOTES
@who(Who.SIGNED_IN)
def intents_create(slug: str) -> Response:
    """Say of a dealt design that one would buy it, or take that back."""
    _put_intent(_token())
    return _done(slug)


def _put_intent(token: str) -> None:
    """What the form says of buying stands now: said, changed or taken back."""
    with transaction() as current:
        member, ballot = signed_in(), ballots.read_token(token)
        if ballot.voter_id != member.id:
            raise policies.error_for(Refusal.NOT_YOURS)
        submission = current.get_one(Submission, ballot.submission_id)
        form = Form(request.form)
        if form.tick("buy"):
            intents.say(member, submission, read_wish(form), at=clock.now())
        elif intents.find(member.id, submission.id) is not None:
            intents.unsay(member, submission, at=clock.now())


def _token() -> str:
    return request.form.get("ballot", "")


def _stars() -> int:
    stars = request.form.get("stars", "")
    if stars not in {"1", "2", "3", "4", "5"}:
        raise Invalid(fields={"stars": lazy("Give one to five stars.")})
    return int(stars)


def _done(slug: str) -> Response:
    return jsonify(outcome="done") if wants_json() else _back(slug)


def _back(slug: str) -> Response:
    after = request.form.get("back", "")
    endpoint = "web.my_votes" if after == "my_votes" else "web.deck"
    return back(endpoint, slug=slug)
