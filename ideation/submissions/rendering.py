"""From an original to what people see, in a worker.

Making takes half a second and holds no transaction; recording is one short one. A worker that
dies in between leaves files under keys that depend on nothing but the artwork: the next one
writes the same again, and only whoever turns ``processing`` into ``ready`` adds the rows.
"""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import select, update

from ideation.core.db import db
from ideation.core.images.making import make_renditions
from ideation.core.images.plans import Rendered
from ideation.core.images.refusal import Refusal, Refused
from ideation.core.storage import in_force
from ideation.core.storage.base import NotStored, local_copy
from ideation.notices import telling
from ideation.submissions import leftovers, notices
from ideation.submissions.artwork import rendition_key
from ideation.submissions.models import Artwork, ArtworkState, Rendition, Submission

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Print:
    """What came of an artwork: renditions that are stored, or the reason why there are none."""

    artwork_id: int
    public_id: str
    rendered: Rendered | None
    failure: str = ""

    @property
    def keys(self) -> list[str]:
        """Storage keys of the renditions."""
        if self.rendered is None:
            return []
        return [_key(self.public_id, one.kind, one.format) for one in self.rendered.renditions]


def make(artwork_id: int) -> Print | None:
    """Render the artwork and store its renditions; None where there is nothing left to do.

    Raises ``OSError``, ``StorageFull`` and ``SandboxInterrupted`` where another try may help.
    """
    artwork = db.session.get(Artwork, artwork_id)
    if artwork is None or artwork.state is not ArtworkState.PROCESSING:
        return None
    public_id, original = artwork.public_id, artwork.original_key
    db.session.rollback()  # nothing is held while the child works
    try:
        with (
            tempfile.TemporaryDirectory(prefix="ideation-") as folder,
            local_copy(in_force.store(), original) as path,
        ):
            rendered = make_renditions(path, Path(folder))
            for one in rendered.renditions:
                in_force.store().put(
                    _key(public_id, one.kind, one.format), Path(folder, one.filename)
                )
    except Refused as refused:
        log.info("picture refused", artwork=artwork_id, why=str(refused))
        return Print(artwork_id, public_id, None, failure=refused.reason.value)
    except NotStored:
        log.error("original is missing", artwork=artwork_id)
        return Print(artwork_id, public_id, None, failure=Refusal.TRUNCATED.value)
    return Print(artwork_id, public_id, rendered)


def record(made: Print, *, at: datetime) -> bool:
    """Write down what came of it. Returns whether this call did: the first one does."""
    values = {"state": ArtworkState.FAILED, "failure": made.failure, "processed_at": at}
    if made.rendered is not None:
        values = {
            "state": ArtworkState.READY,
            "width": made.rendered.width,
            "height": made.rendered.height,
            "has_alpha": made.rendered.transparent,
            "colour": made.rendered.colour,
            "placeholder": made.rendered.placeholder,
            "processed_at": at,
        }
    submission_id = db.session.execute(
        update(Artwork)
        .where(Artwork.id == made.artwork_id, Artwork.state == ArtworkState.PROCESSING)
        .values(**values)
        .returning(Artwork.submission_id)
    ).scalar_one_or_none()
    if submission_id is None:
        # Removed meanwhile, or another worker was faster: then a row names the very same keys.
        leftovers.clear(made.keys, at=at)
        return False
    if made.rendered is None:
        _tell(submission_id, made, at)
    else:
        db.session.add_all(_rows(made, made.rendered))
    db.session.flush()
    return True


def _rows(made: Print, rendered: Rendered) -> list[Rendition]:
    return [
        Rendition(
            artwork_id=made.artwork_id,
            kind=one.kind,
            format=one.format.lower(),
            key=_key(made.public_id, one.kind, one.format),
            width=one.width,
            height=one.height,
            byte_count=one.size,
            sha256=one.sha256,
        )
        for one in rendered.renditions
    ]


def _tell(submission_id: int, made: Print, at: datetime) -> None:
    submission = db.session.scalars(select(Submission).where(Submission.id == submission_id)).one()
    telling.tell(
        submission.member_id,
        notices.PICTURE_FAILED,
        at=at,
        params={"title": submission.title, "failure": made.failure},
        link=notices.edit_link(submission),
        key=f"picture:{made.public_id}",
    )


def _key(public_id: str, kind: str, file_format: str) -> str:
    return rendition_key(public_id, kind, file_format.lower())
