"""What a member was told, and what they want to be told."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ideation.core import clock
from ideation.core.db import transaction
from ideation.core.i18n import gettext as _
from ideation.http.guards import Who, who
from ideation.http.session import signed_in
from ideation.notices import kinds, preferences, queries
from ideation.web.blueprint import blueprint


@blueprint.get("/notices")
@who(Who.SIGNED_IN)
def notices() -> str:
    """The member's notices, newest first."""
    page = queries.list_for(signed_in().id, request.args.get("page", 1, type=int))
    return render_template("web/notices/index.html", told=queries.in_words(page.items), page=page)


@blueprint.post("/notices/reading")
@who(Who.SIGNED_IN)
def notices_read() -> Response:
    """Mark everything as read."""
    member_id = signed_in().id
    with transaction():
        queries.mark_read(member_id, clock.now())
    return redirect(url_for("web.notices"), 303)


@blueprint.get("/settings/notices")
@who(Who.SIGNED_IN)
def settings_notices() -> str:
    """The table of choices."""
    return render_template(
        "web/notices/preferences.html", choices=queries.preferences(signed_in().id)
    )


@blueprint.post("/settings/notices")
@who(Who.SIGNED_IN)
def settings_notices_save() -> Response:
    """Keep the choices."""
    member_id = signed_in().id
    with transaction():
        for kind in kinds.all_kinds():
            preferences.choose(
                member_id,
                kind,
                in_app=f"{kind.name}:in_app" in request.form,
                by_mail=f"{kind.name}:by_mail" in request.form,
            )
    flash(_("Your choices are kept."), "good")
    return redirect(url_for("web.settings_notices"), 303)
