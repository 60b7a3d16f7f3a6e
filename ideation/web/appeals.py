"""Votes under review: what a voter reads of it, and how they answer or appeal."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as accounts
from ideation.accounts.models import Member
from ideation.contests import words
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Conflict, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.integrity import appeals, mine
from ideation.integrity.models import Case
from ideation.web.blueprint import blueprint

Answer = Response | str | tuple[str, int]


@blueprint.get("/reviews/<public_id>")
@who(Who.SIGNED_IN)
def review(public_id: str) -> str:
    """Why one's votes are looked at, what was decided, and what one can do."""
    return _show(public_id, {})


@blueprint.post("/reviews/<public_id>/appeal")
@WRITES
@who(Who.SIGNED_IN)
def review_appeal(public_id: str) -> Answer:
    """Appeal, once."""

    def appeal(member: Member, case: Case, words: str, at: datetime) -> str:
        appeals.appeal(member, case.id, words, at=at)
        return _("Your appeal is in. Somebody reads it, and you hear what comes of it.")

    return _act(public_id, "appeal", appeal)


@blueprint.post("/reviews/<public_id>/reply")
@WRITES
@who(Who.SIGNED_IN)
def review_reply(public_id: str) -> Answer:
    """Answer the question that was asked."""

    def reply(member: Member, case: Case, words: str, at: datetime) -> str:
        appeals.reply(member, case.id, words, at=at)
        return _("Thank you. Your answer is with those who decide.")

    return _act(public_id, "reply", reply)


def _act(public_id: str, field: str, act: Callable[[Member, Case, str, datetime], str]) -> Answer:
    member_id, form = signed_in().id, Form(request.form)
    try:
        said = form.paragraphs(field, most=appeals.MOST_WORDS, required=True)
        form.check()
        with transaction():
            member, at = accounts.get(member_id), clock.now()
            done = act(member, mine.get(member, public_id, at).case, said, at)
    except Invalid as error:
        return _show(public_id, {field: error.message}), 422
    except Conflict as error:
        return _show(public_id, {"": error.message}), 409
    flash(done, "good")
    return redirect(url_for("web.review", public_id=public_id), 303)


def _show(public_id: str, errors: Mapping[str, Words]) -> str:
    concern = mine.get(signed_in(), public_id, clock.now())
    return render_template(
        "web/appeals/review.html",
        concern=concern,
        contest=concern.contest,
        contest_name=words.full_name(concern.contest),
        most_words=appeals.MOST_WORDS,
        errors=errors,
        values=request.form,
    )
