"""The link in a mail that ends mail of its kind: no sign-in, and a GET changes nothing.

Mail programs send the POST by themselves when somebody presses their button (RFC 8058), without
cookies and without a token of ours: the secret in the address is the proof.
"""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.accounts.models import Member
from ideation.core.db import transaction
from ideation.core.errors import NotFound
from ideation.core.i18n import gettext as _
from ideation.core.i18n import speaking
from ideation.http.csrf import protection
from ideation.http.guards import Who, who
from ideation.http.limits import LETTERS
from ideation.http.unlisted import unlisted
from ideation.notices import kinds, preferences, unsubscribing, ways
from ideation.notices.ways import Way
from ideation.web.blueprint import blueprint

#: What a mail program sends, by RFC 8058.
_ONE_CLICK = ("List-Unsubscribe", "One-Click")


@blueprint.get("/unsubscribe/<code>/<what>/<secret>")
@who(Who.ANYONE)
def unsubscribe(code: str, what: str, secret: str) -> Response:
    """The button that ends it, and the other choices."""
    try:
        reader = unsubscribing.get_reader(code, what, secret)
    except NotFound as error:
        return _refused(error)
    return _page(reader, what)


@blueprint.post("/unsubscribe/<code>/<what>/<secret>")
@protection.exempt  # type: ignore[untyped-decorator]  # Flask-WTF has no types
@LETTERS
@who(Who.ANYONE)
def unsubscribe_save(code: str, what: str, secret: str) -> Response:
    """End it or choose another way.

    A mail program is answered at once, as it follows no redirect; a person goes back to the page.
    """
    name, value = _ONE_CLICK
    is_program = request.form.get(name) == value
    chosen = "stop" if is_program else request.form.get("choice", "")
    try:
        with transaction():
            reader = unsubscribing.get_reader(code, what, secret)
            is_known = _choose(reader, what, chosen)
    except NotFound as error:
        return _refused(error)
    if not is_known:
        flash(_("Choose one of the ways below."), "bad")
        return _page(reader, what, 422)
    if is_program:
        return _page(reader, what)
    flash(_("Your choices are kept."), "good")
    return redirect(url_for("web.unsubscribe", code=code, what=what, secret=secret), 303)


def _choose(reader: Member, what: str, chosen: str) -> bool:
    """Do what was chosen; False for a word that is no choice."""
    if chosen == "stop":
        unsubscribing.stop(reader.id, what)
    elif chosen == "stop-all":
        unsubscribing.stop_all(reader.id)
    elif chosen in set(Way) and what != unsubscribing.DIGEST:
        names = unsubscribing.kinds_of(reader.id, what)
        preferences.choose(reader.id, dict.fromkeys(names, Way(chosen)))
    else:
        return False
    return True


def _page(reader: Member, what: str, status: int = 200) -> Response:
    """In the reader's own language: the browser may be anybody's."""
    kind = kinds.find(what)
    chosen = preferences.ways_of(reader.id)
    with speaking(reader.language, reader.zone):
        page = render_template(
            "web/notices/unsubscribe.html",
            kind=kind,
            way=chosen[kind.name].value if kind else "",
            has_mail=any(
                chosen[name] in ways.MAILED for name in unsubscribing.kinds_of(reader.id, what)
            ),
            ways=[(way.value, words) for way, words in ways.WORDS.items()],
        )
    return unlisted(page, status)


def _refused(error: NotFound) -> Response:
    return unlisted(render_template("web/notices/link_ended.html", message=error), error.status)
