"""An instance's own stylesheet and icon: what they hold follows from their addresses."""

import re

from flask import Response, make_response
from werkzeug.exceptions import NotFound as PageNotFound

from ideation.branding import stylesheet
from ideation.branding.letters import STACKS
from ideation.http.assets import ONE_YEAR, STATIC
from ideation.http.guards import Who, who
from ideation.web.blueprint import blueprint

_DIGITS = re.compile(r"[0-9a-f]{6}")
_FOR_GOOD = f"public, max-age={ONE_YEAR}, immutable"
#: An address from before a release that writes the sheet otherwise.
_FOR_NOW = "public, max-age=300"
#: The head's colour in our icon.
_HEAD = "#e5492f"


@blueprint.get("/theme/<day>-<night>/<letters>/<edition>.css")
@who(Who.FILE)
def theme_sheet(day: str, night: str, letters: str, edition: str) -> Response:
    """The values of the tokens for two shades of an accent and a stack of letters."""
    if letters not in STACKS:
        raise PageNotFound()
    look = (_colour(day), _colour(night), letters)
    response = make_response(stylesheet.write(*look))
    response.mimetype = "text/css"
    is_current = edition == stylesheet.edition(*look)
    response.headers["Cache-Control"] = _FOR_GOOD if is_current else _FOR_NOW
    return response


@blueprint.get("/theme/<day>/icon.svg")
@who(Who.FILE)
def theme_icon(day: str) -> Response:
    """Our sign with a head in the accent."""
    drawn = (STATIC / "img" / "favicon.svg").read_text().replace(_HEAD, _colour(day))
    response = make_response(drawn)
    response.mimetype = "image/svg+xml"
    response.headers["Cache-Control"] = _FOR_GOOD
    return response


def _colour(digits: str) -> str:
    if not _DIGITS.fullmatch(digits):
        raise PageNotFound()
    return f"#{digits}"
