"""What a member was told, and what they want to be told."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.session import may, signed_in
from ideation.notices import kinds, preferences, queries, ways
from ideation.notices.kinds import Kind, Topic
from ideation.notices.ways import Way
from ideation.web.blueprint import blueprint

#: How many the bell shows before one goes to the page.
IN_THE_BELL = 5


@blueprint.get("/notices")
@who(Who.SIGNED_IN)
def notices() -> str:
    """The member's notices, newest first: all, or what is unread, or those of a topic."""
    member_id = signed_in().id
    show = request.args.get("show", "")
    topic = Topic(show) if show in set(Topic) else None
    page = queries.list_for(
        member_id,
        request.args.get("page", 1, type=int),
        only_unread=show == "unread",
        topic=topic,
    )
    return render_template(
        "web/notices/index.html",
        told=queries.in_words(page.items),
        until=max((notice.id for notice in page.items), default=0),
        page=page,
        show=show if topic or show == "unread" else "",
        topics=[(one.value, kinds.TOPICS[one]) for one in queries.topics_of(member_id)],
    )


@blueprint.get("/notices/latest")
@who(Who.SIGNED_IN)
def notices_latest() -> str:
    """What the bell shows: a few lines, without a page around them."""
    told = queries.in_words(queries.latest_of(signed_in().id, IN_THE_BELL))
    return render_template("web/notices/_latest.html", told=told)


@blueprint.post("/notices/reading")
@WRITES
@who(Who.SIGNED_IN)
def notices_read() -> Response:
    """Read one, and go where it leads; or mark all as read up to the latest that was seen."""
    member_id, one = signed_in().id, request.form.get("notice", type=int)
    link = ""
    with transaction():
        if one is not None:
            link = queries.open_one(member_id, one, at=clock.now())
        else:
            until = request.form.get("until", 0, type=int)
            queries.mark_read(member_id, clock.now(), up_to=until)
    return redirect(link or url_for("web.notices"), 303)


@blueprint.get("/settings/notices")
@who(Who.SIGNED_IN)
def settings_notices() -> str:
    """Every kind of notice that may reach the member, with their choice."""
    return _choices(preferences.ways_of(signed_in().id))


@blueprint.post("/settings/notices")
@WRITES
@who(Who.SIGNED_IN)
def settings_notices_save() -> Response | tuple[str, int]:
    """Keep the choices; one button makes the same choice for all of them."""
    member_id = signed_in().id
    same = request.form.get("all", "")
    wanted = {kind.name: same or request.form.get(kind.name, "") for kind in _open_kinds()}
    wanted = {name: way for name, way in wanted.items() if way}
    try:
        chosen = {name: _way(way) for name, way in wanted.items()}
    except Invalid as error:
        flash(str(error), "bad")
        return _choices(preferences.ways_of(member_id)), 422
    with transaction():
        preferences.choose(member_id, chosen)
    flash(_("Your choices are kept."), "good")
    return redirect(url_for("web.settings_notices"), 303)


def _choices(chosen: dict[str, Way]) -> str:
    grouped: dict[Topic, list[tuple[Kind, Way]]] = {}
    for kind in _kinds():
        grouped.setdefault(kind.topic, []).append((kind, chosen[kind.name]))
    return render_template(
        "web/notices/preferences.html",
        groups=[(kinds.TOPICS[topic], rows) for topic, rows in grouped.items()],
        ways=_ways(),
    )


def _kinds() -> list[Kind]:
    """Those that may reach the member: what is for the team only where they are in it."""
    is_team = may(Permission.ENTER_CONSOLE)
    return [kind for kind in kinds.all_kinds() if is_team or kind.topic is not Topic.TEAM]


def _open_kinds() -> list[Kind]:
    return [kind for kind in _kinds() if kind.always is None]


def _way(word: str) -> Way:
    if word not in set(Way):
        raise Invalid(lazy("Choose one of the four ways."))
    return Way(word)


def _ways() -> list[tuple[str, Words]]:
    return [(way.value, words) for way, words in ways.WORDS.items()]
