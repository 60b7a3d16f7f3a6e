"""Addresses of an instance's own stylesheet and icon, which follow from its accent and letters."""

from flask import url_for

from ideation.branding import stylesheet
from ideation.core.identity import Identity
from ideation.http.assets import static_url


def theme_url(ours: Identity) -> str | None:
    """The sheet after ours; None where the instance looks as the house does by itself."""
    return sheet_url(ours.accent, ours.accent_dark, ours.letters) if ours.is_themed else None


def theme_rules(ours: Identity) -> str | None:
    """The same sheet's words."""
    return stylesheet.write(ours.accent, ours.accent_dark, ours.letters) if ours.is_themed else None


def sheet_url(accent: str, accent_dark: str, letters: str) -> str:
    """The sheet of these colours (``#rrggbb``) and letters, under an address of its own."""
    return url_for(
        "web.theme_sheet",
        day=accent[1:],
        night=accent_dark[1:],
        letters=letters,
        edition=stylesheet.edition(accent, accent_dark, letters),
    )


def icon_url(ours: Identity) -> str:
    """The sign in the browser's tab, its head in the accent."""
    if ours.accent == Identity.accent:
        return static_url("img/favicon.svg")
    return url_for("web.theme_icon", day=ours.accent[1:])
