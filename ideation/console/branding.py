"""Name and look: what makes the instance somebody's own, with a preview by day and by night."""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from ideation.accounts.grants import Permission
from ideation.branding import accents, changing, letters, logos
from ideation.console.blueprint import blueprint
from ideation.core import clock, config, identity, zones
from ideation.core.db import transaction
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import gettext as _
from ideation.core.identity import Identity, Logo
from ideation.core.text import clean_line
from ideation.http.guards import who
from ideation.http.limits import UPLOADS
from ideation.http.session import signed_in

_FIELDS = ("name", "accent", "letters", "language", "zone")


@blueprint.get("/branding")
@who(Permission.OPERATE)
def branding() -> str:
    """The form, as things stand."""
    ours = identity.current()
    return _page({field: getattr(ours, field) for field in _FIELDS}, {}, ours)


@blueprint.get("/branding/preview")
@who(Permission.OPERATE)
def branding_preview() -> str:
    """What the page's script shows while one chooses: the preview, or why not."""
    return render_template(
        "console/branding/_preview.html", **_preview(request.args, identity.current())
    )


@blueprint.post("/branding")
@UPLOADS
@who(Permission.OPERATE)
def branding_save() -> Response | tuple[str, int]:
    """Put it in force, all at once, or say all that is wrong."""
    actor = signed_in()
    drop_logo = bool(request.form.get("drop_logo"))
    wanted = {field: request.form.get(field) for field in _FIELDS}
    try:
        logo = read_logo(request.files.get("logo"))
        with kept_only_if_stored(logo), transaction():
            changing.save(actor, **wanted, logo=logo, drop_logo=drop_logo, at=clock.now())
    except Invalid as error:
        return _page(request.form, error.fields, identity.current()), 422
    flash(_("Saved. Everybody sees it from now on."), "good")
    return redirect(url_for("console.branding"), 303)


def _page(values: Mapping[str, Any], errors: Mapping[str, Words], ours: Identity) -> str:
    return render_template(
        "console/branding/branding.html",
        values=values,
        errors=errors,
        ours=ours,
        choices=accents.CHOICES.items(),
        stacks=[(key, stack.label) for key, stack in letters.STACKS.items()],
        zones=zones.names().items(),
        longest=changing.NAME_LONGEST,
        name_in_settings=config.current().name,
        **_preview(values, ours),
    )


def _preview(values: Mapping[str, Any], ours: Identity) -> dict[str, Any]:
    """The identity as it would be; with an accent that will not do, as it is, and the reason."""
    refusal: Words = ""
    shown = replace(ours, name=clean_line(str(values.get("name", "")))[: changing.NAME_LONGEST])
    if values.get("letters") in letters.STACKS:
        shown = replace(shown, letters=str(values["letters"]))
    try:
        day = accents.read(str(values.get("accent", "")))
        shown = replace(shown, accent=day, accent_dark=accents.by_night(day))
    except Invalid as error:
        refusal = error.message
    return {
        "shown": shown,
        "refusal": refusal,
        "stack": letters.STACKS[shown.letters],
        "on_day": accents.contrast(shown.accent, "#ffffff"),
        "on_night": accents.contrast(shown.accent_dark, accents.NIGHT),
    }


def read_logo(upload: FileStorage | None) -> Logo | None:
    """The uploaded picture as a stored logo; None where none was chosen. Raises Invalid."""
    if upload is None or not upload.filename:
        return None
    with tempfile.NamedTemporaryFile() as file:
        upload.save(file)
        file.flush()
        return logos.make(Path(file.name))


@contextlib.contextmanager
def kept_only_if_stored(logo: Logo | None) -> Iterator[None]:
    """Leave no picture behind that nothing names."""
    try:
        yield
    except BaseException:
        if logo is not None:
            logos.discard(logo)
        raise
