"""Entering a design: begin it in a contest, fill it in on one page, hand it in.

Everything on the page is one form. Each of its buttons saves what was typed before it does its
own work, so that nothing is lost without JavaScript.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ideation.accounts.policies import is_confirmed
from ideation.articles.models import Article
from ideation.cards.previews import Preview, choices_of, others, preview_of
from ideation.contests import queries as contests
from ideation.contests import words
from ideation.core import clock, i18n, ids
from ideation.core.db import transaction
from ideation.core.errors import Conflict, DomainError, Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.guards import Who, who
from ideation.http.limits import UPLOADS, WRITES
from ideation.http.session import signed_in
from ideation.submissions import (
    artwork,
    designers,
    drafting,
    placing,
    policies,
    queries,
    sharpness,
    submitting,
)
from ideation.submissions.models import State, Submission
from ideation.submissions.words import standing
from ideation.web import uploads
from ideation.web.blueprint import blueprint

_HANDED_IN = frozenset({State.SUBMITTED, State.APPROVED})
#: On how many articles a design is looked at while it is made.
_MOST_ARTICLES = 4


@blueprint.get("/contests/<slug>/submissions/new")
@who(Who.SIGNED_IN)
def submission_new(slug: str) -> str:
    """What entering takes, before anything is made."""
    contest, member = contests.get_by_slug(slug), signed_in()
    refusal: Words = ""
    try:
        drafting.require_entrant(member, contest, clock.now())
    except DomainError as error:
        refusal = error.message
    return render_template(
        "web/submissions/new.html",
        contest=contest,
        contest_name=words.full_name(contest),
        refusal=refusal,
        drafts=queries.list_drafts(member.id, contest.id),
        form_key=ids.public_id(20),
    )


@blueprint.post("/contests/<slug>/submissions")
@WRITES
@who(Who.SIGNED_IN)
def submission_begin(slug: str) -> AnyResponse:
    """Begin a draft and go to its page."""
    with transaction():
        submission = drafting.begin(
            signed_in(),
            contests.get_by_slug(slug),
            at=clock.now(),
            key=request.form.get("form_key", ""),
        )
        public_id = submission.public_id
    return redirect(url_for("web.submission_edit", public_id=public_id), 303)


@blueprint.get("/designs/<public_id>/edit")
@who(Who.SIGNED_IN)
def submission_edit(public_id: str) -> str | AnyResponse:
    """The one page on which a design is made ready."""
    member = signed_in()
    submission = queries.get_visible(public_id, member)
    if not policies.may_edit(submission, member, clock.now()):
        return redirect(url_for("web.submission", public_id=public_id), 303)
    return render_template("web/submissions/edit.html", **_page(submission, clock.now()))


@blueprint.post("/designs/<public_id>")
@UPLOADS
@who(Who.SIGNED_IN)
def submission_save(public_id: str) -> AnyResponse:
    """Save what was typed and the pictures chosen."""
    saved = _save(public_id)
    if saved.errors:
        return _again(public_id, saved)
    flash(_("Saved."), "good")
    return redirect(url_for("web.submission_edit", public_id=public_id), 303)


@blueprint.post("/designs/<public_id>/words")
@WRITES
@who(Who.SIGNED_IN)
def submission_keep(public_id: str) -> AnyResponse:
    """Keep the words of what was not handed in yet, for the script that saves while one types.

    What cannot be kept is answered field by field, once the rest of it is. What was handed in
    changes by its designer's own act alone, since a moderator looks again.
    """
    with transaction():
        member = signed_in()
        submission = queries.get_for_change(public_id, member)
        drafting.require_editable(member, submission, clock.now())
        if submission.state in _HANDED_IN:
            raise Conflict(lazy("This design is already handed in."))
        wrong = _save_words(submission)
    if wrong:
        raise Invalid(fields=wrong)
    return Response(status=204)


@blueprint.post("/designs/<public_id>/entry")
@UPLOADS
@who(Who.SIGNED_IN)
def submission_enter(public_id: str) -> AnyResponse:
    """Save, then hand the design in."""
    saved = _save(public_id)
    if saved.errors:
        return _again(public_id, saved)
    declared = submitting.Declarations(
        is_original="original" in request.form,
        grants_display="licence" in request.form,
        language=i18n.language(),
    )
    try:
        with transaction():
            member = signed_in()
            submitting.submit(
                member,
                queries.get_for_change(public_id, member),
                declared,
                at=clock.now(),
                key=request.form.get("form_key", ""),
            )
    except Invalid as error:
        saved.add_all(error)
        return _again(public_id, saved)
    except DomainError as error:
        saved.add("", error.message)
        return _again(public_id, saved, error.status)
    flash(_("Handed in. A moderator looks at it next; you will be told."), "good")
    return redirect(url_for("web.submission", public_id=public_id), 303)


@blueprint.post("/designs/<public_id>/pictures/<picture>/removal")
@WRITES
@who(Who.SIGNED_IN)
def picture_remove(public_id: str, picture: str) -> AnyResponse:
    """Remove a picture."""
    saved = _save(public_id)
    with transaction():
        member = signed_in()
        submission = queries.get_for_change(public_id, member)
        artwork.remove(member, submission, picture, at=clock.now())
    return _after_picture(public_id, saved)


@blueprint.post("/designs/<public_id>/pictures/<picture>/place")
@WRITES
@who(Who.SIGNED_IN)
def picture_move(public_id: str, picture: str) -> AnyResponse:
    """Move a picture by so many places, ``?by=-1`` towards the cover."""
    saved = _save(public_id)
    by = request.args.get("by", 1, type=int)
    with transaction():
        member = signed_in()
        submission = queries.get_for_change(public_id, member)
        artwork.move(member, submission, picture, by, at=clock.now())
    return _after_picture(public_id, saved)


@dataclass
class _Saved:
    """What could not be saved: field → sentences."""

    errors: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, words_: Words) -> None:
        self.errors.setdefault(name, []).append(str(words_))

    def add_all(self, error: Invalid) -> None:
        for name, words_ in error.fields.items():
            self.add(name, words_)
        if not error.fields:
            self.add("", error.message)


def _save(public_id: str) -> _Saved:
    """Save each part by itself, so that one that is wrong does not lose the others."""
    saved = _Saved()
    for sentence in uploads.take_all(public_id, request.files.getlist("pictures")):
        saved.add("pictures", sentence)
    with _saving(public_id, saved) as submission:
        for name, words_ in _save_words(submission).items():
            saved.add(name, words_)
    with _saving(public_id, saved) as submission:
        _save_shares(submission)
    return saved


@contextlib.contextmanager
def _saving(public_id: str, saved: _Saved) -> Iterator[Submission]:
    """One part in a transaction of its own: where a rule refuses it, that is noted."""
    try:
        with transaction():
            yield queries.get_for_change(public_id, signed_in())
    except Invalid as error:
        saved.add_all(error)


def _save_words(submission: Submission) -> dict[str, Words]:
    """Of a draft keep what can be kept and say what cannot; what was handed in, all or nothing.

    What is not sent stays as it is.
    """
    at, member = clock.now(), signed_in()
    stored = _values(submission)
    text = drafting.Text(
        **{
            name: request.form.get(name, stored[name])
            for name in ("title", "story", "tags", "colour", "sources", "position", "art_size")
        }
    )
    alt_texts = {
        name.removeprefix("alt_"): value
        for name, value in request.form.items()
        if name.startswith("alt_")
    }
    if submission.state not in _HANDED_IN:
        return drafting.keep(member, submission, text, alt_texts, at=at)
    drafting.edit(member, submission, text, at=at)
    drafting.describe(member, submission, alt_texts, at=at)
    return {}


def _save_shares(submission: Submission) -> None:
    shares: dict[str, int] = {}
    rows = [(submission.member.handle, request.form.get("share_own", "100"))]
    rows += [
        (request.form.get(f"codesigner_{n}", ""), request.form.get(f"share_{n}", ""))
        for n in range(1, designers.MOST_DESIGNERS)
    ]
    for typed, percent in rows:
        handle = typed.strip().lstrip("@").lower()
        if not handle:
            continue
        if handle in shares:
            raise Invalid(fields={"shares": lazy("@%(handle)s is named twice.", handle=handle)})
        shares[handle] = designers.read_percent(percent)
    designers.divide(signed_in(), submission, shares, at=clock.now())


def _after_picture(public_id: str, saved: _Saved) -> AnyResponse:
    if saved.errors:
        return _again(public_id, saved)
    return redirect(url_for("web.submission_edit", public_id=public_id) + "#pictures", 303)


def _again(public_id: str, saved: _Saved, status: int = 422) -> Response:
    """The page once more, as it was typed, with what is wrong."""
    at = clock.now()
    submission = queries.get_visible(public_id, signed_in())
    page = render_template(
        "web/submissions/edit.html",
        **_page(submission, at, saved.errors, request.form),
    )
    return make_response(page, status)


def _page(
    submission: Submission,
    at: datetime,
    errors: dict[str, list[str]] | None = None,
    typed: Any = None,
) -> dict[str, Any]:
    co_designers = [one for one in submission.designers if one.member_id != submission.member_id]
    values = typed if typed is not None else _values(submission)
    return {
        "submission": submission,
        "contest": submission.contest,
        "contest_name": words.full_name(submission.contest),
        "standing": standing(submission, at),
        "errors": errors or {},
        "values": values,
        "positions": [
            (one.key, one.label) for one in placing.positions(submission.contest.article)
        ],
        **_previews(submission, values),
        "others": co_designers,
        "share_rows": min(len(co_designers) + 2, designers.MOST_DESIGNERS - 1),
        "is_confirmed": is_confirmed(submission.member),
        "is_handed_in": submission.state in _HANDED_IN,
        "may_discard": policies.may_discard(submission, submission.member),
        "most_pictures": artwork.MOST_PICTURES,
        "limits": drafting,
        "form_key": ids.public_id(20),
        "upload_strings": uploads.strings(),
        "upload_limits": uploads.limits(),
    }


def _values(submission: Submission) -> dict[str, str]:
    """The stored design as its form would send it."""
    position, art_size = placing.chosen(submission)
    values = {
        "title": submission.title,
        "story": submission.story,
        "tags": ", ".join(submission.tags),
        "colour": submission.colour,
        "position": position,
        "art_size": art_size,
        "sources": submission.sources,
        "share_own": "100",
    }
    if submission.declared_original_at is not None:
        values |= {"original": "1", "licence": "1"}
    others = 0
    for one in submission.designers:
        if one.member_id == submission.member_id:
            values["share_own"] = designers.in_percent(one.share_bp)
            continue
        others += 1
        values[f"codesigner_{others}"] = one.member.handle
        values[f"share_{others}"] = designers.in_percent(one.share_bp)
    return values


def _previews(submission: Submission, values: Any) -> dict[str, Any]:
    """The design on its own article and on up to three others, with every choice on each."""
    own = submission.contest.article
    articles = [own, *others(own, contests.list_articles(), most=_MOST_ARTICLES - 1)]
    return {
        "previews": [_preview(submission, article, values) for article in articles],
        "preview_choices": [choices_of(submission, article) for article in articles],
        "fill": sharpness.pixels_to_fill(own),
    }


def _preview(submission: Submission, article: Article, values: Any) -> Preview:
    return preview_of(
        submission,
        position=values.get("position", ""),
        size=values.get("art_size", ""),
        colour=values.get("colour", ""),
        article=article,
    )
