"""Pictures coming in: by the script with its progress bar, or with the plain form."""

import io
from collections.abc import Iterable
from dataclasses import asdict
from typing import BinaryIO, cast

from flask import Response, get_template_attribute, jsonify, make_response, request
from werkzeug.datastructures import FileStorage

from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import gettext as _
from ideation.core.images.limits import STANDARD
from ideation.core.images.messages import explain
from ideation.core.images.refusal import Refusal
from ideation.core.text import clean_line
from ideation.http.guards import Who, who
from ideation.http.limits import PARTS, UPLOADS
from ideation.http.session import signed_in
from ideation.submissions import artwork, parts, queries
from ideation.submissions.models import ArtworkState, Submission
from ideation.web.blueprint import blueprint


@blueprint.post("/designs/<public_id>/pictures")
@UPLOADS
@who(Who.SIGNED_IN)
def picture_add(public_id: str) -> Response:
    """One picture from the script; answers with the list as it is now.

    With the field ``again`` it is sent once more, since the answer got lost: what was kept the
    first time is what was asked for. With ``upload`` its parts were sent before.
    """
    upload = request.form.get("upload")
    try:
        if upload is None:
            take(public_id, request.files.get("pictures"))
        else:
            _take_parts(public_id, upload)
    except artwork.AlreadyHere:
        if "again" not in request.form:
            raise
    return make_response(_listed(public_id), 201)


@blueprint.post("/designs/<public_id>/pictures/parts/<upload>/<int:number>")
@PARTS
@who(Who.SIGNED_IN)
def picture_part(public_id: str, upload: str, number: int) -> Response:
    """One part of a picture, from the script."""
    member = signed_in()
    submission = queries.get_visible(public_id, member)
    part = request.files.get("part")
    stream = cast(BinaryIO, part.stream) if part is not None else io.BytesIO()
    parts.keep(member, submission, upload, number, stream, at=clock.now())
    return Response(status=204)


@blueprint.get("/designs/<public_id>/pictures/parts/<upload>")
@who(Who.SIGNED_IN)
def picture_parts(public_id: str, upload: str) -> Response:
    """Which parts of a picture are here, for the script that goes on after a cut."""
    queries.get_visible(public_id, signed_in())
    return jsonify(kept=parts.kept(public_id, upload))


@blueprint.get("/designs/<public_id>/pictures")
@who(Who.SIGNED_IN)
def pictures(public_id: str) -> Response:
    """The list as it is now, for the script that waits for a worker."""
    return _listed(public_id)


def _take_parts(public_id: str, upload: str) -> None:
    queries.get_visible(public_id, signed_in())
    count = request.form.get("parts", 0, type=int)
    with parts.whole(public_id, upload, count) as stream:
        try:
            take(public_id, stream)
        except (Invalid, Conflict):
            parts.drop(public_id, upload)
            raise
    parts.drop(public_id, upload)


def take(public_id: str, upload: FileStorage | BinaryIO | None) -> None:
    """Receive a picture and add it. Raises Invalid, Conflict, NotAllowed, NotFound.

    The bytes are stored between two short transactions, for on SQLite a long one would keep
    everybody else from writing.
    """
    member = signed_in()
    submission = queries.get_visible(public_id, member)
    artwork.require_room(member, submission, at=clock.now())
    db.session.rollback()
    if upload is None:
        raise Invalid(_("Choose a picture first."))
    stream = upload.stream if isinstance(upload, FileStorage) else upload
    received = artwork.receive(cast(BinaryIO, stream))
    try:
        with transaction():
            member = signed_in()
            submission = queries.get_for_change(public_id, member)
            artwork.add(member, submission, received, at=clock.now())
    except BaseException:
        artwork.let_go(received)
        raise


def take_all(public_id: str, uploads: Iterable[FileStorage]) -> list[str]:
    """Take the form's pictures one by one; returns what was wrong, each with its file's name."""
    wrong = []
    for upload in uploads:
        if not upload.filename:
            continue  # an empty file field
        try:
            take(public_id, upload)
        except (Invalid, Conflict) as error:
            if isinstance(error, Conflict) and error.code != "too_many_pictures":
                raise
            name = clean_line(upload.filename)[:60] or _("A file")
            wrong.append(_("%(name)s: %(why)s", name=name, why=str(error)))
    return wrong


def strings() -> dict[str, str]:
    """What the script says by itself, in the reader's language."""
    return {
        "empty": str(explain(Refusal.EMPTY)),
        "too_heavy": str(explain(Refusal.TOO_HEAVY)),
        "wrong_type": str(explain(Refusal.NOT_A_PICTURE)),
        "too_many_pixels": str(explain(Refusal.TOO_MANY_PIXELS)),
        "too_small": str(explain(Refusal.TOO_SMALL)),
        "too_long": str(explain(Refusal.TOO_LONG)),
        "svg": str(explain(Refusal.SVG)),
        "heic": str(explain(Refusal.HEIC)),
        "too_many": _(
            "A design has at most %(most)s pictures. Remove one to add another.",
            most=artwork.MOST_PICTURES,
        ),
        "waiting": _("Waiting"),
        "sending": _("%(percent)s%% sent", percent="{percent}"),
        "checking": _("Looking at it…"),
        "broken": _("The connection broke. Press “Try again”."),
        "away": _("The connection is gone. This goes on by itself when it is back."),
        "failed": _("That did not work. Press “Try again”, or choose another picture."),
        "still_sending": _("Your pictures are still on their way. One moment…"),
        "ready": _("Your picture is ready."),
        "moved": _("The picture now stands at place %(place)s.", place="{place}"),
        "removed": _("The picture is gone."),
    }


def limits() -> dict[str, int]:
    """What the script checks before it sends anything."""
    return {**asdict(STANDARD), "part_bytes": parts.PART_BYTES}


def _listed(public_id: str) -> Response:
    submission = queries.get_visible(public_id, signed_in())
    rows = get_template_attribute("web/submissions/_pictures.html", "rows")
    return jsonify(
        html=str(rows(submission)),
        count=len(submission.artworks),
        states=_states(submission),
        is_waiting=any(one.state is ArtworkState.PROCESSING for one in submission.artworks),
    )


def _states(submission: Submission) -> dict[str, str]:
    return {one.public_id: one.state.value for one in submission.artworks}
