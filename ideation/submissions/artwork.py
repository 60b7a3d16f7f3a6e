"""Pictures of a submission: received, stored privately, put in order, removed.

Receiving is apart from adding: 20 MB are written to disk before the database is locked. What a
process leaves behind when it dies in between, ``leftovers`` finds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from ideation.accounts.models import Member
from ideation.core import ids, jobs, text
from ideation.core.db import db
from ideation.core.errors import Conflict, Invalid, NotFound
from ideation.core.i18n import lazy
from ideation.core.images.inspect import Facts, inspect
from ideation.core.images.messages import explain
from ideation.core.images.refusal import Refused
from ideation.core.storage import in_force
from ideation.submissions import drafting, leftovers
from ideation.submissions.models import Artwork, ArtworkState, Submission

RENDER = jobs.declare("submissions.render", queue="images")

MOST_PICTURES = 5


@dataclass(frozen=True)
class Received:
    """A picture that was looked at and stored, and belongs to nothing yet."""

    public_id: str
    facts: Facts
    sha256: str

    @property
    def key(self) -> str:
        return original_key(self.public_id)


def original_key(public_id: str) -> str:
    """Where an artwork's original is stored. Never served."""
    return f"originals/{public_id}"


def rendition_key(public_id: str, kind: str, file_format: str) -> str:
    """Where a rendition is stored; the same however often it is made."""
    return f"renditions/{public_id}/{kind}.{file_format}"


def receive(stream: BinaryIO) -> Received:
    """Look at an upload's header and store its bytes. No transaction may be open.

    Raises Invalid, whose words say what to do instead, and StorageFull.
    """
    try:
        facts = inspect(stream)
    except Refused as refused:
        raise Invalid(
            fields={"pictures": explain(refused.reason)},
        ) from refused
    public_id = ids.public_id(16)
    stored = in_force.store().put(original_key(public_id), stream)
    return Received(public_id, facts, stored.sha256)


def let_go(received: Received) -> None:
    """Remove a received picture that was not added."""
    in_force.store().delete(received.key)


class AlreadyHere(Invalid):
    """The draft has this very picture."""


def require_room(member: Member, submission: Submission, *, at: datetime) -> None:
    """Raise what ``add`` would, before anybody's bytes are stored for nothing."""
    drafting.require_editable(member, submission, at)
    if len(submission.artworks) >= MOST_PICTURES:
        raise Conflict(
            lazy(
                "A design has at most %(most)s pictures. Remove one to add another.",
                most=MOST_PICTURES,
            ),
            code="too_many_pictures",
        )


def add(
    member: Member,
    submission: Submission,
    received: Received,
    *,
    at: datetime,
    alt_text: str = "",
) -> Artwork:
    """Add a received picture at the end and ask for its renditions.

    Raises NotAllowed, Conflict (entries closed, too many), AlreadyHere.
    """
    require_room(member, submission, at=at)
    if any(artwork.sha256 == received.sha256 for artwork in submission.artworks):
        raise AlreadyHere(
            fields={"pictures": lazy("This picture is already here. Choose another one.")}
        )
    width, height = received.facts.upright
    artwork = Artwork(
        public_id=received.public_id,
        position=len(submission.artworks),
        state=ArtworkState.PROCESSING,
        alt_text=text.clean_line(alt_text)[: drafting.LONGEST_ALT],
        original_key=received.key,
        content_type=received.facts.content_type,
        byte_count=received.facts.size,
        width=width,
        height=height,
        sha256=received.sha256,
        has_alpha=received.facts.has_alpha,
        uploaded_at=at,
    )
    submission.artworks.append(artwork)
    drafting.changed(submission, at)
    jobs.enqueue(RENDER, at=at, key=f"render:{artwork.public_id}", artwork_id=artwork.id)
    return artwork


def remove(member: Member, submission: Submission, public_id: str, *, at: datetime) -> None:
    """Remove a picture and, once that is committed, its files. Raises NotFound."""
    drafting.require_editable(member, submission, at)
    artwork = get(submission, public_id)
    leftovers.clear(keys_of(artwork), at=at)
    submission.artworks.remove(artwork)
    _number(submission)
    drafting.changed(submission, at)


def move(member: Member, submission: Submission, public_id: str, by: int, *, at: datetime) -> None:
    """Move a picture ``by`` places; the first is the one that cards show. Raises NotFound."""
    drafting.require_editable(member, submission, at)
    artwork = get(submission, public_id)
    order = list(submission.artworks)
    old = order.index(artwork)
    new = min(max(0, old + by), len(order) - 1)
    if new == old:
        return
    order.insert(new, order.pop(old))
    for position, one in enumerate(order):
        one.position = position
    drafting.changed(submission, at)
    db.session.refresh(submission, ["artworks"])


def put_failed_last(submission: Submission) -> None:
    """Let a picture that came out well be the cover.

    For what failed after entries closed, when its designer could no longer remove it.
    """
    order = sorted(submission.artworks, key=lambda one: one.state is ArtworkState.FAILED)
    for position, one in enumerate(order):
        one.position = position
    db.session.flush()
    db.session.refresh(submission, ["artworks"])


def get(submission: Submission, public_id: str) -> Artwork:
    """One of the submission's own pictures. Raises NotFound."""
    for artwork in submission.artworks:
        if artwork.public_id == public_id:
            return artwork
    raise NotFound(lazy("This picture is no longer here."))


def keys_of(artwork: Artwork) -> list[str]:
    """Storage keys of everything kept of it."""
    return [artwork.original_key, *(rendition.key for rendition in artwork.renditions)]


def _number(submission: Submission) -> None:
    for position, artwork in enumerate(submission.artworks):
        artwork.position = position
