"""The first minute: what this place is, the first stars, and all else later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.models import Member
from ideation.accounts.policies import is_confirmed, sees_live_scores
from ideation.contests import formats, words
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.contests.phases import Phase, phase
from ideation.core import clock, config
from ideation.http import redirects
from ideation.http.guards import Who, who
from ideation.http.session import current_member, signed_in
from ideation.submissions.policies import is_invited
from ideation.voting import queries
from ideation.web.blueprint import blueprint

#: After so long nobody is new here.
_NEW_FOR = timedelta(days=14)
_COOKIE = "ideation_welcomed"


@dataclass(frozen=True)
class Welcome:
    """How far a new member is; read off their votes and their address, so done is done."""

    has_scored: bool
    is_confirmed: bool

    @property
    def is_done(self) -> bool:
        return self.has_scored and self.is_confirmed


@blueprint.get("/welcome")
@who(Who.SIGNED_IN)
def welcome() -> str:
    """Three steps on one page, the first of them one click from the first ballot."""
    at, member = clock.now(), signed_in()
    running, scoring = contests.list_running(at), _scored_now(at)
    return render_template(
        "web/welcome/welcome.html",
        far=_far(member),
        scoring=None if sees_live_scores(member) else next(iter(scoring), None),
        entering=next((one for one in running if is_invited(member, one, at)), None),
        coming=_opens_next(running, at),
        contest_name=words.full_name,
    )


@blueprint.post("/welcome/end")
@who(Who.SIGNED_IN)
def welcome_end() -> Response:
    """Never ask again in this browser."""
    response = redirect(redirects.asked_next() or url_for("web.home"), 303)
    response.set_cookie(
        _COOKIE,
        "1",
        max_age=_NEW_FOR,
        secure=config.current().is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.app_context_processor
def _reminder() -> dict[str, object]:
    """``welcome_left`` for pages that remind a new member of what is left; asked only there."""
    return {"welcome_left": _left}


def _left() -> Welcome | None:
    """How far a new member is; None where they are through, no longer new, or said "enough"."""
    member = current_member()
    if member is None or request.cookies.get(_COOKIE) or sees_live_scores(member):
        return None
    if clock.now() - member.registered_at > _NEW_FOR:
        return None
    far = _far(member)
    if far.is_done or not (far.has_scored or _scored_now(clock.now())):
        return None
    return far


def _scored_now(at: datetime) -> list[Contest]:
    """Contests that any member may score now, the soonest to close first."""
    return [
        one
        for one in contests.list_running(at)
        if phase(one, at) is Phase.SCORING and not formats.has_jury(one)
    ]


def _far(member: Member) -> Welcome:
    return Welcome(queries.has_voted_since(member.id, member.registered_at), is_confirmed(member))


def _opens_next(running: list[Contest], at: datetime) -> Contest | None:
    """The contest that is scored next, where none is now."""
    waiting = [one for one in running if phase(one, at) is Phase.ENTRY and one.scoring_opens_at]
    return min(waiting, key=lambda one: one.scoring_opens_at or at, default=None)
