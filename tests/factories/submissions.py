"""Submissions with one ready picture."""

import hashlib
import itertools
from datetime import timedelta

from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock, ids
from ideation.core.db import db, transaction
from ideation.submissions.models import (
    Artwork,
    ArtworkState,
    Designer,
    Rendition,
    State,
    Submission,
)
from tests.factories.keys import key_of
from tests.factories.members import member as make_member

_numbers = itertools.count(1)


def submission(
    contest: Contest,
    member: Member | None = None,
    *,
    state: State = State.APPROVED,
    with_artwork: bool = True,
    **values: object,
) -> Submission:
    """A submission, committed. Its renditions are rows whose files no one has stored."""
    number = next(_numbers)
    contest_id, member_id = key_of(contest), key_of(member or make_member("Designer"))
    closes_at = db.session.scalar(select(Contest.entry_closes_at).where(Contest.id == contest_id))
    at = (closes_at or clock.now()) - timedelta(days=1)
    is_in = state in {State.SUBMITTED, State.APPROVED, State.DECLINED}
    with transaction():
        one = Submission(
            **{
                "public_id": ids.public_id(),
                "contest_id": contest_id,
                "member_id": member_id,
                "state": state,
                "title": f"Design {number}",
                "story": "For the town that wakes up above the fog.",
                "colour": "black",
                "declared_original_at": at,
                "created_at": at,
                "updated_at": at,
                "submitted_at": at if is_in else None,
                "decided_at": at if state in {State.APPROVED, State.DECLINED} else None,
                "designers": [Designer(member_id=member_id, position=0, share_bp=10_000)],
                "artworks": [_artwork(number)] if with_artwork else [],
                **values,
            }
        )
        db.session.add(one)
    return one


def _artwork(number: int) -> Artwork:
    public_id = ids.public_id()
    return Artwork(
        public_id=public_id,
        position=0,
        state=ArtworkState.READY,
        alt_text=f"Picture {number}",
        original_key=f"originals/{public_id}",
        content_type="image/png",
        byte_count=1000,
        width=1200,
        height=1500,
        sha256=hashlib.sha256(public_id.encode()).hexdigest(),
        placeholder="data:image/webp;base64,AAAA",
        colour="#c8321b",
        uploaded_at=clock.now(),
        processed_at=clock.now(),
        renditions=[
            Rendition(
                kind=kind,
                format=file_format,
                key=f"renditions/{public_id}/{kind}.{file_format}",
                width=width,
                height=width * 5 // 4,
                byte_count=500,
                sha256="0" * 64,
            )
            for kind, width in (("small", 400), ("grid", 720), ("large", 1200))
            for file_format in (("avif", "webp") if kind == "small" else ("webp", "jpeg"))
        ],
    )
