"""Holding the ballot log against what was sealed: which line was changed, taken out or slipped in.

Every batch is hashed once more. Where a root differs, the tags that were kept line by line name
the first line that is not as it was; where those were changed as well, the batch is named, and the
heads that auditors were sent say the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from ideation.contests.models import Contest
from ideation.core.db import db, look_at_one_moment
from ideation.proof import batching, leaves
from ideation.proof.models import BallotBatch, SealedLine
from ideation.voting.models import Tally


@dataclass(frozen=True)
class Checked:
    """What was hashed again, and the first thing in each batch that differs."""

    batches: int
    lines: int
    differences: tuple[str, ...]


def verify(contest: Contest) -> Checked:
    """Hash the contest's log again and compare. Takes no lock; needs no transaction open."""
    look_at_one_moment()
    found: list[str] = []
    before, after, lines = leaves.GENESIS, 0, 0
    batches = batching.list_batches(contest.id)
    for number, batch in enumerate(batches, start=1):
        now = dict(_leaves(contest.id, after, batch.last_id))
        lines += len(now)
        found += _differences(number, batch, before, now, after)
        before, after = bytes(batch.head), batch.last_id
    found += _unsealed(contest, after)
    found += _strange_heads(contest.id, batches)
    db.session.rollback()
    return Checked(len(batches), lines, tuple(found))


def _leaves(contest_id: int, after: int, to: int) -> Iterator[tuple[int, bytes]]:
    return ((line_id, line.leaf) for line_id, line in batching.lines(contest_id, after, to))


def _differences(
    number: int, batch: BallotBatch, before: bytes, now: dict[int, bytes], after: int
) -> Iterator[str]:
    if batch.number != number:
        yield f"batch {number} is missing"
        return
    root = leaves.root(now.values()) if now else b""
    if len(now) != batch.leaves or root != bytes(batch.root):
        yield f"batch {number}: {_first_change(batch, now, after)}"
    head = leaves.head(before, number, batch.leaves, bytes(batch.root))
    if head != bytes(batch.head):
        yield f"batch {number}: its head does not follow from its root and the head before"


def _first_change(batch: BallotBatch, now: dict[int, bytes], after: int) -> str:
    """The first line that is not what its tag says."""
    query = select(SealedLine.line_id, SealedLine.tag).where(
        SealedLine.contest_id == batch.contest_id,
        SealedLine.line_id > after,
        SealedLine.line_id <= batch.last_id,
    )
    sealed = {line_id: bytes(tag) for line_id, tag in db.session.execute(query)}
    for line_id in sorted({*sealed, *now}):
        if line_id not in now:
            return f"line {line_id} of the ballot log is gone"
        if line_id not in sealed:
            return f"line {line_id} of the ballot log was slipped in"
        if now[line_id][: batching.TAG] != sealed[line_id]:
            return f"line {line_id} of the ballot log was changed"
    return "its lines agree with their tags, but not with its root"


def _unsealed(contest: Contest, after: int) -> Iterator[str]:
    """Once tally number 1 is frozen under a head, nothing may come after it."""
    is_sealed = select(Tally.log_head).where(Tally.contest_id == contest.id, Tally.log_head != "")
    if db.session.scalars(is_sealed.limit(1)).first() is None:
        return
    extra = next(batching.lines(contest.id, after, most=1), None)
    if extra is not None:
        yield f"line {extra[0]} of the ballot log came after the last head"


def _strange_heads(contest_id: int, batches: list[BallotBatch]) -> Iterator[str]:
    last = bytes(batches[-1].head).hex() if batches else ""
    query = select(Tally.number, Tally.log_head).where(Tally.contest_id == contest_id)
    for number, head in db.session.execute(query.order_by(Tally.number)):
        if head and head != last:
            yield f"tally {number} was counted under head {head[:12]}…, the last is {last[:12]}…"
