"""A member's profile and language."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from ideation.accounts import profiles, queries
from ideation.accounts.registration import NAME_LONGEST
from ideation.core import zones
from ideation.core.db import transaction
from ideation.core.errors import Invalid
from ideation.core.i18n import LOCALES
from ideation.core.i18n import gettext as _
from ideation.http.forms import Form
from ideation.http.guards import Who, who
from ideation.http.limits import UPLOADS
from ideation.http.session import signed_in
from ideation.web.blueprint import blueprint


@blueprint.get("/settings/profile")
@who(Who.SIGNED_IN)
def settings_profile() -> str:
    """The form, as things stand."""
    member = signed_in()
    values = {
        "name": member.name,
        "bio": member.bio,
        "links": "\n".join(member.links),
        "language": member.language,
        "zone": member.zone,
    }
    return render_template(
        "web/settings/profile.html",
        values=values,
        errors={},
        zones=zones.names().items(),
        member=member,
    )


@blueprint.post("/settings/profile")
@UPLOADS
@who(Who.SIGNED_IN)
def settings_profile_save() -> Response | tuple[str, int]:
    """Store it all at once, or say all that is wrong."""
    member_id = signed_in().id
    try:
        profile = _read_profile(Form(request.form))
        portrait_key = _read_portrait(request.files.get("portrait"))
        with _kept_only_if_stored(portrait_key), transaction():
            profiles.change(queries.get(member_id), profile, portrait_key=portrait_key)
    except Invalid as error:
        page = render_template(
            "web/settings/profile.html",
            values=request.form,
            errors=error.fields,
            zones=zones.names().items(),
            member=signed_in(),
        )
        return page, 422
    flash(_("Saved."), "good")
    return redirect(url_for("web.settings_profile"), 303)


@blueprint.post("/settings/profile/portrait/removal")
@who(Who.SIGNED_IN)
def settings_portrait_remove() -> Response:
    """Show the initial again."""
    member_id = signed_in().id
    with transaction():
        profiles.remove_portrait(queries.get(member_id))
    flash(_("Your picture is gone."))
    return redirect(url_for("web.settings_profile"), 303)


def _read_profile(form: Form) -> profiles.Profile:
    profile = profiles.Profile(
        name=form.line("name", most=NAME_LONGEST, required=True),
        bio=form.paragraphs("bio", most=profiles.BIO_LONGEST),
        links=form.parsed("links", lambda: profiles.parse_links(form.values.get("links", "")))
        or [],
        language=form.choice("language", LOCALES),
        zone=form.choice("zone", zones.names()),
    )
    form.check()
    return profile


def _read_portrait(upload: FileStorage | None) -> str | None:
    if upload is None or not upload.filename:
        return None
    with tempfile.NamedTemporaryFile() as file:
        upload.save(file)
        file.flush()
        return profiles.make_portrait(Path(file.name))


@contextlib.contextmanager
def _kept_only_if_stored(key: str | None) -> Iterator[None]:
    """Leave no picture behind that nobody's profile names."""
    try:
        yield
    except BaseException:
        if key is not None:
            profiles.discard_portrait(key)
        raise
