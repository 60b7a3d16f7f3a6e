"""Pictures that come in by parts, so that a cut connection costs one part and not the whole.

A part is stored under ``parts/<design>/<upload>/<number>``, the same however often it is sent, and
the browser asks which are here before it goes on. Only what is put together becomes an artwork. No
row names a part: those of an upload that was given up go with the other ``leftovers``.
"""

import contextlib
import math
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from ideation.accounts.models import Member
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import lazy
from ideation.core.images.limits import STANDARD
from ideation.core.storage import in_force
from ideation.submissions import artwork, leftovers
from ideation.submissions.models import Submission

PART_BYTES = 1 << 20
MOST_PARTS = math.ceil(STANDARD.max_bytes / PART_BYTES)
#: Of all uploads to a design that were begun and not finished: three of the largest.
MOST_WAITING = 3 * MOST_PARTS

_FOLDER = "parts"
_UPLOAD = re.compile(r"[0-9a-f]{32}", re.ASCII)

leftovers.watch(_FOLDER, None)


def keep(
    member: Member,
    submission: Submission,
    upload: str,
    number: int,
    stream: BinaryIO,
    *,
    at: datetime,
) -> None:
    """Store one part of an upload, in place of what was there. No transaction may be open.

    Raises what ``artwork.require_room`` does, Invalid for a part that cannot be one, Conflict
    where too many uploads of the design are unfinished, StorageFull.
    """
    artwork.require_room(member, submission, at=at)
    folder = _folder(submission.public_id, upload)
    data = stream.read(PART_BYTES + 1)
    if not 0 <= number < MOST_PARTS or not 0 < len(data) <= PART_BYTES:
        raise Invalid(lazy("That is no part of a picture. Choose the picture again."))
    waiting = set(in_force.store().list(f"{_FOLDER}/{submission.public_id}"))
    key = _key(folder, number)
    if key not in waiting and len(waiting) >= MOST_WAITING:
        raise Conflict(
            lazy("Several uploads were begun and not finished. Send one to its end, then go on."),
            code="too_many_parts",
        )
    in_force.store().put(key, data)


def kept(public_id: str, upload: str) -> list[int]:
    """Numbers of the parts of an upload that are here, in order."""
    keys = in_force.store().list(_folder(public_id, upload))
    return sorted(int(key.rpartition("/")[2]) for key in keys)


@contextlib.contextmanager
def whole(public_id: str, upload: str, count: int) -> Iterator[BinaryIO]:
    """The upload put together, for reading. Raises Conflict where a part is missing."""
    folder, here = _folder(public_id, upload), kept(public_id, upload)
    if not here or here != list(range(count)):
        raise Conflict(
            lazy("Part of this picture is missing. Press “Try again”."), code="parts_missing"
        )
    with tempfile.TemporaryFile() as file:
        for number in here:
            with in_force.store().open(_key(folder, number)) as part:
                shutil.copyfileobj(part, file)
        file.seek(0)
        yield file


def drop(public_id: str, upload: str) -> None:
    """Remove the parts of an upload that was put together, or refused."""
    for key in list(in_force.store().list(_folder(public_id, upload))):
        in_force.store().delete(key)


def _folder(public_id: str, upload: str) -> str:
    if _UPLOAD.fullmatch(upload) is None:
        raise NotFound(lazy("This picture is no longer here."))
    return f"{_FOLDER}/{public_id}/{upload}"


def _key(folder: str, number: int) -> str:
    return f"{folder}/{number:02}"
