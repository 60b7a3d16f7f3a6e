"""Every public list as an Atom feed (RFC 4287), in the language that the address names."""

import hashlib
from dataclasses import replace
from datetime import datetime

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts import queries as members
from ideation.accounts.models import Standing
from ideation.cards import feeds
from ideation.cards.feeds import Entry, Feed
from ideation.contests import queries as contests
from ideation.contests import words
from ideation.contests.models import Contest
from ideation.contests.phases import is_blind
from ideation.core import clock, config, identity
from ideation.core.errors import NotFound
from ideation.core.i18n import gettext as _
from ideation.core.i18n import language, lazy
from ideation.http.guards import Who, who
from ideation.moderation import queries as moderation
from ideation.moderation import rules
from ideation.products import queries as products
from ideation.selection import queries as selection
from ideation.selection.models import Decision
from ideation.submissions import designers, wall
from ideation.submissions import queries as submissions
from ideation.submissions.models import State, Submission
from ideation.voting import queries as voting
from ideation.web.blueprint import blueprint

#: Entries of a feed: more than a busy day brings.
MOST = 40
_MINUTES = 5


@blueprint.get("/contests.atom")
@who(Who.FEED)
def contests_feed() -> Response:
    """Contests on now, to come and past, what changed last first."""
    at = clock.now()
    archive = contests.list_archive(at, size=MOST).items
    found = [*contests.list_running(at), *contests.list_upcoming(at), *archive]
    entries = [feeds.of_contest(one, url_for("web.contest", slug=one.slug), at) for one in found]
    return _answer(_feed("contests", _("Contests"), url_for("web.contests_index"), entries))


@blueprint.get("/contests/<slug>/entries.atom")
@who(Who.FEED)
def entries_feed(slug: str) -> Response:
    """A contest's designs, the latest first; while they are scored, unnamed and drawn by lot.

    The lot changes by the day: whoever follows the feed sees all of them, and none hangs on top.
    """
    at, contest = clock.now(), contests.get_by_slug(slug)
    if is_blind(contest, at):
        lot = hashlib.sha256(f"{contest.slug}:{at:%Y-%m-%d}".encode()).digest()
        drawn = wall.draw([contest.id], MOST, int.from_bytes(lot[:8]) >> 2).get(contest.id, [])
        found = sorted(drawn, key=lambda one: one.public_id)
    else:
        page = submissions.cards(contest, "", 1, at=at, size=MOST)
        found = list(page.items)
    designers.load(found)
    entries = [_design(one, at) for one in found]
    title = _("All designs of %(contest)s", contest=words.full_name(contest))
    path = url_for("web.contest_entries", slug=slug)
    return _answer(Feed(_tag(contest, "entries"), title, path, entries, contest.created_at))


@blueprint.get("/results.atom")
@who(Who.FEED)
def results_feed() -> Response:
    """Contests whose winners were announced, with the winners."""
    at = clock.now()
    found = [one for one in contests.list_tallied(at, limit=MOST) if one.announced_at is not None]
    winners = selection.announced_winners([one.id for one in found])
    entries = [_result(one, winners.get(one.id, [])) for one in found]
    return _answer(_feed("results", _("Winners"), url_for("web.winners"), entries))


@blueprint.get("/products.atom")
@who(Who.FEED)
def products_feed() -> Response:
    """The shop: the latest products."""
    at = clock.now()
    found = products.list_latest(MOST)
    entries = [feeds.of_product(one, url_for("web.product", slug=one.slug), at) for one in found]
    return _answer(_feed("products", _("Shop"), url_for("web.products"), entries))


@blueprint.get("/members/<handle>.atom")
@who(Who.FEED)
def member_feed(handle: str) -> Response:
    """A designer's portfolio, as their page shows it to everybody."""
    at, person = clock.now(), members.get_by_handle(handle)
    if person.standing is Standing.ERASED:
        raise NotFound(lazy("This member has left and asked to be forgotten."))
    public = submissions.list_public_by_member(person.id, MOST)
    found = [one for one in public if not is_blind(one.contest, at)]
    designers.load(found)
    entries = [_design(one, at) for one in found]
    path = url_for("web.member", handle=person.handle)
    title = _("Designs by %(name)s", name=person.name)
    name = feeds.tag(person.registered_at, f"members/{person.id}")
    return _answer(Feed(name, title, path, entries, person.registered_at))


@blueprint.get("/moderation.atom")
@who(Who.FEED)
def moderation_feed() -> Response:
    """What moderators decided and why, as the public log says it."""
    path = url_for("web.moderation_log")
    entries = [
        Entry(
            id=feeds.tag(decision.at, f"moderation/{decision.id}"),
            title=_("Approved") if decision.rule is None else str(rules.label(decision.rule)),
            path=path,
            published=decision.at,
            updated=decision.at,
        )
        for decision, _case in moderation.list_log(size=MOST).items
    ]
    return _answer(_feed("moderation", _("Moderation log"), path, entries))


def _design(one: Submission, at: datetime) -> Entry:
    return feeds.of_design(one, url_for("web.submission", public_id=one.public_id), at)


def _result(contest: Contest, winners: list[Decision]) -> Entry:
    assert contest.announced_at is not None  # the caller chose those
    designs = voting.submissions_by_id({one.submission_id for one in winners})
    shown = [designs[one.submission_id] for one in winners]
    return Entry(
        id=_tag(contest, "result"),
        title=_("Winners of %(contest)s", contest=words.full_name(contest)),
        path=url_for("web.results", slug=contest.slug),
        published=contest.announced_at,
        updated=contest.announced_at,
        links=[
            (one.title, url_for("web.submission", public_id=one.public_id))
            for one in shown
            if one.state is State.APPROVED
        ],
    )


def _tag(contest: Contest, what: str) -> str:
    return feeds.tag(contest.created_at, f"contests/{contest.slug}/{what}")


def _feed(what: str, title: str, path: str, entries: list[Entry]) -> Feed:
    """A list of the whole instance, what changed last first; its id is the list's own."""
    latest = sorted(entries, key=lambda entry: entry.updated, reverse=True)[:MOST]
    feed = Feed("", f"{identity.current().name}: {title}", path, latest)
    return replace(feed, id=feeds.tag(feed.since, f"{what}/{language()}"))


def _answer(feed: Feed) -> Response:
    """The feed, to be kept for five minutes and then asked for again by its tag."""
    body = render_template("web/feeds/feed.xml", feed=feed, base=config.current().base_url)
    response = make_response(body)
    response.mimetype = "application/atom+xml"
    response.headers["Cache-Control"] = f"public, max-age={_MINUTES * 60}"
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:20])
    return response.make_conditional(request)
