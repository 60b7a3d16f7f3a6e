"""Language and light: a member's in the database, a visitor's in a cookie."""

from flask import request
from werkzeug.wrappers import Response

from ideation.accounts import profiles, queries
from ideation.core import config
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.core.i18n import LOCALES, lazy
from ideation.http import redirects
from ideation.http.guards import Who, who
from ideation.http.locale import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from ideation.http.session import current_member
from ideation.web.blueprint import blueprint

ONE_YEAR = 31_536_000


@blueprint.post("/preferences/language")
@who(Who.ANYONE)
def set_locale() -> Response:
    """Speak another language from now on."""
    tag = request.form.get("locale", "")
    if tag not in LOCALES:
        raise Invalid(lazy("We do not speak this language yet."))
    member = current_member()
    if member is not None:
        member_id = member.id
        with transaction():
            profiles.speak(queries.get(member_id), tag)
    return _remembered(LANGUAGE_COOKIE, tag)


@blueprint.post("/preferences/theme")
@who(Who.ANYONE)
def set_theme() -> Response:
    """Light, dark, or as the system has it."""
    theme = request.form.get("theme", "")
    if theme not in THEMES:
        raise Invalid(lazy("Choose light, dark or automatic."))
    member = current_member()
    if member is not None:
        member_id = member.id
        with transaction():
            queries.get(member_id).theme = theme
    return _remembered(THEME_COOKIE, theme)


def _remembered(name: str, value: str) -> Response:
    """Back, with a cookie too: the sign-in page is to look the same as the house behind it."""
    response = redirects.back()
    response.set_cookie(
        name,
        value,
        max_age=ONE_YEAR,
        secure=config.current().is_https,
        httponly=True,
        samesite="Lax",
    )
    return response
