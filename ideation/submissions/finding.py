"""Finding designs on one wall by their words: two Chinese characters, or English half misspelt.

A wall holds some hundreds of designs, so their words are read and compared rather than indexed.
What is found stays in the wall's own order: while stars are given no word lifts a design.
"""

from collections import Counter

from sqlalchemy import select

from ideation.core.db import db
from ideation.core.wording import asked, fold, has_all
from ideation.submissions.models import State, Submission

#: Walls are as large as this; of larger ones the commonest tags are those of their latest.
_SAMPLE = 2_000
#: Tags on fewer designs than this sort out nothing.
_LEAST_SHARED = 2


def matching(contest_id: int, query: str, tag: str) -> set[int]:
    """Keys of the contest's approved designs that have all the words, and the tag; one statement.

    An empty query or tag asks for nothing.
    """
    rows = db.session.execute(
        select(Submission.id, Submission.title, Submission.tags).where(
            Submission.contest_id == contest_id, Submission.state == State.APPROVED
        )
    )
    wanted, folded = asked(query), fold(tag)
    return {
        row.id
        for row in rows
        if (not tag or folded in map(fold, row.tags)) and has_all(wanted, [row.title, *row.tags])
    }


def common_tags(contest_id: int, most: int = 12) -> list[str]:
    """The tags that most of its designs share, the commonest first; one statement."""
    rows = db.session.scalars(
        select(Submission.tags)
        .where(Submission.contest_id == contest_id, Submission.state == State.APPROVED)
        .order_by(Submission.id.desc())
        .limit(_SAMPLE)
    )
    counts = Counter(tag for tags in rows for tag in tags)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [tag for tag, count in ordered if count >= _LEAST_SHARED][:most]
