"""Real picture files, and a draft with one of them, made by the same rules as people's."""

import io
from datetime import datetime

from PIL import Image, ImageDraw

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock, ids
from ideation.core.db import db, transaction
from ideation.submissions import artwork, drafting, submitting
from ideation.submissions.models import Submission


def png(width: int = 900, height: int = 1200, *, hue: int = 10, secret: str = "") -> bytes:
    """A poster: a disc over ridges; ``secret`` goes into its metadata."""
    image = Image.new("RGB", (width, height), (246, 240, 228))
    draw = ImageDraw.Draw(image)
    disc = (width // 4, height // 8, 3 * width // 4, height // 2)
    draw.ellipse(disc, fill=(hue * 7 % 256, 60, 30))
    draw.polygon([(0, height), (width // 2, height // 3), (width, height)], fill=(30, 110, 70))
    buffer = io.BytesIO()
    exif = Image.Exif()
    if secret:
        exif[0x010F] = exif[0x013B] = secret
    image.save(buffer, "PNG", exif=exif)
    return buffer.getvalue()


def draft(
    contest: Contest,
    member: Member,
    *,
    at: datetime | None = None,
    pictures: int = 1,
    title: str = "Night bus",
) -> Submission:
    """A draft that lacks nothing but being handed in; its pictures wait for a worker."""
    at = at or clock.now()
    received = [artwork.receive(io.BytesIO(png(hue=n + 1))) for n in range(pictures)]
    with transaction():
        member = db.session.merge(member)
        submission = drafting.begin(member, db.session.merge(contest), at=at, key=ids.public_id(20))
        text = drafting.Text(title=title, story="The last one home.", colour="black")
        drafting.edit(member, submission, text, at=at)
        for n, one in enumerate(received):
            artwork.add(member, submission, one, at=at, alt_text=f"A bus at night, {n}")
    return submission


def submitted(
    contest: Contest, member: Member, *, at: datetime | None = None, **values: object
) -> Submission:
    """A design handed in."""
    at = at or clock.now()
    one = draft(contest, member, at=at, **values)  # type: ignore[arg-type]
    with transaction():
        submitting.submit(
            db.session.merge(member),
            db.session.merge(one),
            submitting.Declarations(is_original=True, grants_display=True, language="en"),
            at=at,
            key=ids.public_id(20),
        )
    return one
