"""Stylesheets, inside the page until the browser has them.

Nothing is drawn before its sheets are there, and a phone on a slow network waits more than half a
second for whatever it has to ask for. So a browser that comes for the first time finds the house's
sheets in its page, and fetches them for later once that page stands; a cookie says which edition
it has. A page's own sheet is small and always inside, as are an instance's own colours.

The policy of content admits each of them by its hash: no other style in a page applies.
"""

import base64
import functools
import hashlib
import posixpath
import re

from flask import Flask, Response, g, request
from markupsafe import Markup

from ideation.core import config
from ideation.http import assets
from ideation.http.headers import CSP

#: What every page needs.
HOUSE = "css/tokens+base+components+prints.css"
COOKIE = "ideation_sheets"

_ADDRESS = re.compile(r'url\("(?!data:)([^"]+)"\)')
_POLICY = "style-src 'self'"


def install(app: Flask) -> None:
    """Offer the sheets to templates. To be installed after ``headers``, so that it runs before."""
    app.jinja_env.globals |= {
        "house_sheets_url": lambda: assets.static_url(HOUSE),
        "house_sheets": house_sheets,
        "is_known_here": is_known_here,
        "rules_within": within,
        "sheet": sheet,
    }
    app.after_request(_admit)


def is_known_here() -> bool:
    """Whether the browser was here before, and has the sheets of the house as they are now."""
    return request.cookies.get(COOKIE) == assets.fingerprint()


def house_sheets() -> Markup:
    """The sheets of the whole house: by their address for a browser that has them."""
    if is_known_here():
        return Markup('<link rel="stylesheet" href="{}">').format(assets.static_url(HOUSE))
    g.brings_house_sheets = True
    return sheet(HOUSE)


def sheet(path: str) -> Markup:
    """Sheets under ``static/``, joined by ``+`` as in an address, inside the page."""
    return within(_rules(path))


def within(rules: str) -> Markup:
    """These rules inside the page; ours, never a visitor's words."""
    hashes: dict[str, None] = g.setdefault("style_hashes", {})
    hashes[_hash(rules)] = None
    return Markup("<style>{}</style>").format(Markup(rules))  # noqa: S704  # nosec  # see above


@functools.cache
def _rules(path: str) -> str:
    """The text of a sheet, whose addresses count from its folder, as it is to stand in a page."""
    folder = posixpath.dirname(path)

    def absolute(found: re.Match[str]) -> str:
        return f'url("{assets.static_url(posixpath.normpath(posixpath.join(folder, found[1])))}")'

    return _ADDRESS.sub(absolute, assets.read_joined(path).decode())


@functools.lru_cache(maxsize=256)
def _hash(rules: str) -> str:
    return base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()


def _admit(response: Response) -> Response:
    hashes = g.get("style_hashes")
    if hashes:
        admitted = " ".join(f"'sha256-{each}'" for each in hashes)
        policy = CSP.replace(_POLICY, f"{_POLICY} {admitted}")
        response.headers.setdefault("Content-Security-Policy", policy)
    if g.get("brings_house_sheets") and response.status_code == 200:
        response.set_cookie(
            COOKIE,
            assets.fingerprint(),
            max_age=assets.ONE_YEAR,
            secure=config.current().is_https,
            httponly=True,
            samesite="Lax",
        )
    return response
