"""Language, zone and theme of a request.

A member's own choice, else the visitor's cookie, else what the browser asks for, else the
instance's.
"""

import contextlib

from flask import Flask, g, request, session
from sqlalchemy.exc import OperationalError

from ideation.core import i18n, identity
from ideation.core.i18n import LOCALES
from ideation.http.guards import decides_itself, is_feed
from ideation.http.session import current_member

LANGUAGE_COOKIE = "ideation_language"
THEME_COOKIE = "ideation_theme"
#: Set by a script from the browser's own zone, for visitors without an account.
ZONE_COOKIE = "ideation_zone"
#: In the session, what its member speaks: for requests that do not look them up.
_SPOKEN = "language"
THEMES = ("auto", "light", "dark")


def install(app: Flask) -> None:
    """Put each request's language and zone in force."""
    app.before_request(_enter)
    app.teardown_request(_leave)


def _enter() -> None:
    if is_feed():
        _speak(i18n.match(request.args.get("language", "")) or i18n.DEFAULT, "UTC")
        g.theme = request.args.get("theme", "")
        g.theme = g.theme if g.theme in THEMES else "auto"
        return
    # A ballot is cast in one round trip: do not ask the database who this is.
    is_ballot = decides_itself()
    member = None if is_ballot else current_member()
    spoken = session.get(_SPOKEN) if is_ballot else None
    tag = member.language if member else spoken or requested_language()
    if member and session.get(_SPOKEN) != tag:
        session[_SPOKEN] = tag
    zone = member.zone if member else _visitors_zone(is_ballot)
    g.theme = member.theme if member else _theme_cookie()
    _speak(tag, zone)


def _speak(tag: str, zone: str) -> None:
    g.speaking = i18n.speaking(tag, zone)
    g.speaking.__enter__()


def _leave(_error: BaseException | None) -> None:
    speaking = g.pop("speaking", None)
    if speaking is not None:
        speaking.__exit__(None, None, None)


def requested_language() -> str:
    """The visitor's cookie, else the first of the browser's languages that we speak."""
    cookie = request.cookies.get(LANGUAGE_COOKIE, "")
    if cookie in LOCALES:
        return cookie
    for tag in request.accept_languages.values():
        ours = i18n.match(tag)
        if ours:
            return ours
    return i18n.DEFAULT if decides_itself() else identity.current().language


def _visitors_zone(is_same_for_everyone: bool) -> str:
    """As their browser told us, else the instance's own."""
    told = request.cookies.get(ZONE_COOKIE, "")[:64]
    if told or is_same_for_everyone:
        return told or identity.ZONE
    with contextlib.suppress(OperationalError):  # the page says so better than this could
        return identity.current().zone
    return identity.ZONE


def _theme_cookie() -> str:
    cookie = request.cookies.get(THEME_COOKIE, "")
    return cookie if cookie in THEMES else "auto"
