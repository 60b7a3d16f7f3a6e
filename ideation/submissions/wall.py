"""What of a contest hangs on the wall: how many designs, and a few of them to look at.

Which ones are shown is drawn by lot for each viewer and stays the same for them; nothing here
knows of votes, so that before close no page can tell how the scoring goes.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from ideation.core.db import db
from ideation.submissions.models import Artwork, ArtworkState, State, Submission

#: 2^31 - 1, a prime: times any smaller factor, ids below it map onto different remainders.
_PRIME = 2_147_483_647


@dataclass(frozen=True)
class Turnout:
    """How many designs a contest has on the wall, and by how many members."""

    designs: int = 0
    entrants: int = 0


def count_turnout(contest_ids: Collection[int]) -> dict[int, Turnout]:
    """Contest → its turnout; one statement."""
    query = (
        select(Submission.contest_id, func.count(), func.count(Submission.member_id.distinct()))
        .where(Submission.contest_id.in_(contest_ids), Submission.state == State.APPROVED)
        .group_by(Submission.contest_id)
    )
    found = {row[0]: Turnout(row[1], row[2]) for row in db.session.execute(query)}
    return {contest_id: found.get(contest_id, Turnout()) for contest_id in contest_ids}


def draw(contest_ids: Collection[int], each: int, seed: int) -> dict[int, list[Submission]]:
    """Contest → up to ``each`` approved designs with a finished picture, by the viewer's lot.

    The order is a multiplicative hash of the id: a function of ``seed`` and nothing else, and
    one that both databases compute without reading the whole contest into Python.
    """
    factor, offset = 1 + seed % (_PRIME - 1), (seed >> 31) % _PRIME
    lot = (Submission.id * factor + offset) % _PRIME
    place = func.row_number().over(
        partition_by=Submission.contest_id, order_by=(lot, Submission.id)
    )
    has_picture = (
        select(Artwork.id)
        .where(Artwork.submission_id == Submission.id, Artwork.state == ArtworkState.READY)
        .exists()
    )
    drawn = (
        select(Submission.id, place.label("place"))
        .where(
            Submission.contest_id.in_(contest_ids),
            Submission.state == State.APPROVED,
            has_picture,
        )
        .subquery()
    )
    query = (
        select(Submission)
        .join(drawn, drawn.c.id == Submission.id)
        .where(drawn.c.place <= each)
        .order_by(drawn.c.place)
        .options(lazyload(Submission.designers))
    )
    wall: dict[int, list[Submission]] = {contest_id: [] for contest_id in contest_ids}
    for submission in db.session.scalars(query):
        wall[submission.contest_id].append(submission)
    return wall
