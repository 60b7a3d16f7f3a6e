"""A member's keys in the deck: which does what, or that none does anything."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.core.i18n import gettext as _
from ideation.core.i18n import lazy, ngettext
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import WRITES
from ideation.http.session import signed_in
from ideation.voting import keys
from ideation.voting.keys import DEFAULTS, Act
from ideation.web.blueprint import blueprint

_WORDS = {
    Act.UNDO: lazy("Undo"),
    Act.SKIP: lazy("Skip"),
    Act.ZOOM: lazy("Look closer"),
    Act.BUY: lazy("I’d buy it"),
    Act.HELP: lazy("Show the keys"),
}


def act_words() -> dict[str, str]:
    """What each act is called, in the reader's language."""
    stars = {
        act.value: ngettext("%(num)s star", "%(num)s stars", n, num=n)
        for n, act in enumerate([*Act][:5], 1)
    }
    return stars | {act.value: str(words) for act, words in _WORDS.items()}


@blueprint.get("/settings/keys")
@who(Who.SIGNED_IN)
def settings_keys() -> str:
    """The form, as things stand."""
    chosen = keys.of(signed_in())
    return _page({act.value: key for act, key in chosen.keys.items()}, chosen.is_on)


@blueprint.post("/settings/keys")
@WRITES
@who(Who.SIGNED_IN)
def settings_keys_save() -> Response | tuple[str, int]:
    """Keep the choice, or say which key will not do."""
    form = Form(request.form)
    is_on = form.tick("is_on")
    wanted = {act: form.values.get(act.value, "") for act in Act}
    if "defaults" in form.values:
        wanted, is_on = DEFAULTS, True
    try:
        with transaction():
            keys.choose(signed_in(), wanted, is_on=is_on, at=clock.now())
    except Invalid as error:
        return _page(form.values, is_on, error.fields), 422
    flash(_("Saved."), "good")
    return redirect(url_for("web.settings_keys"), 303)


def _page(
    values: Mapping[str, str], is_on: bool, errors: Mapping[str, object] | None = None
) -> str:
    return render_template(
        "web/settings/keys.html",
        values=values,
        is_on=is_on,
        errors=errors or {},
        acts=act_words().items(),
    )
