"""The command palette: one line to any page, contest, member or thing to do that the viewer may.

Labels are looked through in all three languages and by pinyin, so that the words one knows lead
there whatever language the page speaks. Without script its button is a link to the search page.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Response, jsonify, request, url_for

from ideation.accounts import queries as accounts
from ideation.accounts.grants import Permission
from ideation.contests import briefs, words
from ideation.contests import queries as contests
from ideation.contests.models import Contest
from ideation.contests.phases import phase
from ideation.core import clock, i18n
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy
from ideation.core.pinyin import spells
from ideation.core.text import clean_line
from ideation.core.wording import LONGEST, fold
from ideation.http import destinations
from ideation.http.destinations import Destination
from ideation.http.guards import Who, who
from ideation.http.limits import SEARCHES
from ideation.http.session import current_member, may
from ideation.web.blueprint import blueprint

_SHOWN = 6
#: Contests older than these are for the search page.
_LATEST_CONTESTS = 200

_IN = Who.SIGNED_IN
destinations.declare(
    Destination(lazy("Home"), "web.home", "monitor"),
    Destination(lazy("Start scoring"), "web.deck_current", "star", is_action=True),
    Destination(lazy("Contests"), "web.contests_index", "trophy"),
    Destination(lazy("Shop"), "web.products", "shopping-bag"),
    Destination(lazy("Winners"), "web.winners", "trophy"),
    Destination(lazy("How winners are found"), "web.how", "info"),
    Destination(lazy("Moderation log"), "web.moderation_log", "gavel"),
    Destination(lazy("Notices"), "web.notices", "bell", _IN),
    Destination(lazy("My designs"), "web.my_submissions", "image", _IN),
    Destination(lazy("My favourites"), "web.my_favourites", "heart", _IN),
    Destination(lazy("My orders"), "web.my_orders", "package", _IN),
    Destination(lazy("Earnings"), "web.earnings", "wallet", _IN),
    Destination(
        lazy("Settings"), "web.settings_profile", "settings", _IN, also=(lazy("Language"),)
    ),
    Destination(lazy("Change the password"), "web.settings_password", "lock", _IN, is_action=True),
    Destination(lazy("Change the mail address"), "web.settings_email", "mail", _IN, is_action=True),
    Destination(lazy("Choose what you are told"), "web.settings_notices", "bell", _IN, True),
    Destination(lazy("Where payouts go"), "web.payout_details", "landmark", _IN, is_action=True),
    Destination(lazy("Confirm your address"), "web.confirm", "mail", _IN, is_action=True),
    Destination(lazy("Sign in"), "web.sign_in", "user"),
    Destination(lazy("Terms"), "web.terms", "file-text"),
    Destination(lazy("Privacy"), "web.privacy", "shield"),
)


@dataclass(frozen=True)
class Line:
    """One line of the list, and how well it fits: 0 is best."""

    fit: int
    label: str
    url: str
    icon: str
    note: str = ""


@blueprint.get("/palette")
@SEARCHES
@who(Who.ANYONE)
def palette() -> Response:
    """What fits the words typed so far, in groups, the best first."""
    typed = clean_line(request.args.get("q", ""))[:LONGEST]
    groups = [
        (_("To do"), _places(typed, is_action=True)),
        (_("Pages"), _places(typed, is_action=False)),
        (_("Contests"), _contests(typed)),
        (_("Members"), _members(typed)),
    ]
    response = jsonify(
        groups=[
            {"name": name, "lines": [_shown(line) for line in sorted(found, key=_by_fit)[:_SHOWN]]}
            for name, found in ((name, list(lines)) for name, lines in groups)
            if found
        ],
        search=url_for("web.search", q=typed),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """``palette_words`` for the header: what the palette's script says, as JSON."""
    return {"palette_words": _script_words}


def _script_words() -> str:
    said = {
        "label": _("Where to?"),
        "hint": _("A page, a contest, a member, something to do"),
        "none": _("Nothing fits these words."),
        "search": _("Search designs, products and everything else"),
        "found": _("%(n)s found", n="{n}"),
        "close": _("Close"),
    }
    return json.dumps(said, ensure_ascii=False)


def _places(typed: str, *, is_action: bool) -> Iterator[Line]:
    for one in destinations.for_viewer():
        if one.is_action is not is_action or (one.endpoint == "web.sign_in" and current_member()):
            continue
        fit = _fit(typed, _in_every_language(one))
        if fit is not None:
            yield Line(fit, str(one.label), url_for(one.endpoint), one.icon, str(one.place))


def _contests(typed: str) -> Iterator[Line]:
    """Contests that have a public page, by name and by every title; none before words are typed."""
    if not typed:
        return
    managed, at = may(Permission.MANAGE_CONTESTS), clock.now()
    for contest in contests.list_latest(_LATEST_CONTESTS):
        names = [*_names(contest), *(text.title for text in briefs.texts_of(contest).values())]
        fit = _fit(typed, names)
        if fit is not None:
            named, now = words.full_name(contest), str(words.PHASES[phase(contest, at)])
            yield Line(fit, named, url_for("web.contest", slug=contest.slug), "trophy", now)
            if managed:
                address = url_for("console.contests_show", slug=contest.slug)
                yield Line(fit + 1, _("Manage %(contest)s", contest=named), address, "settings")


def _members(typed: str) -> Iterator[Line]:
    """Members by name and handle, as their pages show them; only for who is signed in."""
    if len(typed) < 2 or current_member() is None:
        return
    to_console = may(Permission.MANAGE_MEMBERS)
    for member in accounts.list_named(typed, spells):
        fit = _fit(typed, [member.name, member.handle]) or 0
        page = "console.members_one" if to_console else "web.member"
        yield Line(
            fit, member.name, url_for(page, handle=member.handle), "user", f"@{member.handle}"
        )


def _fit(typed: str, names: Iterable[str]) -> int | None:
    """How well the names answer: from their beginning, at a word, within, by sound; None: not."""
    wanted = fold(typed)
    found = []
    for name in names:
        folded = fold(name)
        if folded.startswith(wanted):
            return 0
        if f" {wanted}" in folded:
            found.append(1)
        elif wanted in folded:
            found.append(2)
        elif spells(typed, name):
            found.append(3 if spells(typed, name, usually=True) else 4)
    return min(found, default=None)


def _in_every_language(one: Destination) -> list[str]:
    names: list[str] = []
    for tag in i18n.LOCALES:
        with i18n.speaking(tag, i18n.zone_name()):
            names += [str(label) for label in (one.label, one.place, *one.also) if label]
    return names


def _names(contest: Contest) -> list[str]:
    names: list[str] = []
    for tag in i18n.LOCALES:
        with i18n.speaking(tag, i18n.zone_name()):
            names.append(words.full_name(contest))
    return names


def _by_fit(line: Line) -> int:
    return line.fit


def _shown(line: Line) -> dict[str, str]:
    return {"label": line.label, "url": line.url, "icon": line.icon, "note": line.note}
