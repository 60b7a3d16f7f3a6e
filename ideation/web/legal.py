"""What members agree to, written out in each language rather than translated sentence by sentence.

A text's version is the one in ``accounts.consents``; a change of meaning changes both.
"""

from flask import render_template

from ideation.accounts.consents import DISPLAY_LICENCE_VERSION, PRIVACY_VERSION, TERMS_VERSION
from ideation.core import i18n
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.web.blueprint import blueprint


@blueprint.get("/terms")
@who(Who.ANYONE)
def terms() -> str:
    """The rules of the house."""
    return _text("terms", _("Terms"), TERMS_VERSION)


@blueprint.get("/licence")
@who(Who.ANYONE)
def licence() -> str:
    """What a designer lets us do with an entry."""
    return _text("licence", _("Display licence"), DISPLAY_LICENCE_VERSION)


@blueprint.get("/privacy")
@who(Who.ANYONE)
def privacy() -> str:
    """What is kept about whom, for how long, and how it goes away."""
    return _text("privacy", _("Privacy"), PRIVACY_VERSION)


def _text(name: str, title: str, version: str) -> str:
    return render_template(
        "web/legal/text.html",
        title=title,
        version=version,
        text=f"web/legal/{name}.{i18n.language()}.html",
    )
