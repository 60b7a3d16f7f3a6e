"""Sealing the ballot log: its lines hashed in batches, each chained to the head before.

Ids of the log commit out of order: a vote may take id 7 and commit after id 8 did. Casting holds
the contest's row shared from before it takes an id until it commits, so whoever holds that row
exclusively sees every id that was given out. The sealer takes it for one look at the greatest id;
reading and hashing come after it has let go, since lines up to that id cannot change any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import jobs
from ideation.core.db import db, is_postgresql, open_or_own_transaction
from ideation.core.paging import Page, paginate
from ideation.proof import leaves
from ideation.proof.leaves import Line
from ideation.proof.models import BallotBatch, SealedLine
from ideation.voting.models import BallotLogEntry

#: Seals whatever contests have been scored since the last time.
SEAL = jobs.declare("proof.seal")

#: Lines a batch holds at most: a stub's path is found by hashing its batch once more.
MOST_LEAVES = 1 << 14
#: Bytes of a leaf that tell it from all others: 80 bits, what a stub shows.
TAG = 10
#: Lines read from the database at once.
CHUNK = 5_000
HEADS_SIZE = 40


@dataclass(frozen=True)
class Batch:
    """A batch before it is written."""

    contest_id: int
    number: int
    lines: tuple[tuple[int, bytes], ...]
    before: bytes

    @property
    def root(self) -> bytes:
        return leaves.root(leaf for _, leaf in self.lines)


def due_to_seal(_at: datetime) -> list[int]:
    """Contests whose log has lines beyond the last batch."""
    sealed = (
        select(BallotBatch.contest_id, func.max(BallotBatch.last_id).label("last_id"))
        .group_by(BallotBatch.contest_id)
        .subquery()
    )
    unsealed = select(BallotLogEntry.id).where(
        BallotLogEntry.contest_id == Contest.id,
        BallotLogEntry.id > func.coalesce(sealed.c.last_id, 0),
    )
    query = (
        select(Contest.id)
        .outerjoin(sealed, sealed.c.contest_id == Contest.id)
        .where(Contest.cancelled_at.is_(None), unsealed.exists())
        .order_by(Contest.id)
    )
    return list(db.session.scalars(query))


def seal(contest_id: int, *, at: datetime) -> int:
    """Seal every line that stands now; how many batches that made.

    Opens short transactions of its own, so that voters wait for one look only. Inside
    ``transaction()`` it joins that, and they wait until it commits. Of two sealers at once the
    loser goes on behind what the winner wrote: when this returns, all it saw is under a head.
    """
    with open_or_own_transaction():
        edge = _edge(contest_id)
    made = 0
    while batch := _next(contest_id, edge):
        with open_or_own_transaction():
            made += _write(batch, at)
    return made


def last(contest_id: int) -> BallotBatch | None:
    """The contest's latest batch."""
    query = select(BallotBatch).where(BallotBatch.contest_id == contest_id)
    return db.session.scalars(query.order_by(BallotBatch.number.desc()).limit(1)).one_or_none()


def head(contest_id: int) -> str:
    """The contest's latest head in hex; empty before the first batch."""
    batch = last(contest_id)
    return bytes(batch.head).hex() if batch else ""


def list_batches(contest_id: int) -> list[BallotBatch]:
    """Every batch of a contest, the first first."""
    query = select(BallotBatch).where(BallotBatch.contest_id == contest_id)
    return list(db.session.scalars(query.order_by(BallotBatch.number)))


def page_of_heads(number: int) -> Page[BallotBatch]:
    """The latest batch of each contest, the latest of all first, with its contest."""
    newest = select(BallotBatch.contest_id, func.max(BallotBatch.number)).group_by(
        BallotBatch.contest_id
    )
    query = (
        select(BallotBatch)
        .where(tuple_(BallotBatch.contest_id, BallotBatch.number).in_(newest))
        .options(joinedload(BallotBatch.contest))
        .order_by(BallotBatch.at.desc(), BallotBatch.contest_id.desc())
    )
    return paginate(query, number, HEADS_SIZE)


def lines(
    contest_id: int, after: int, to: int | None = None, *, most: int | None = None
) -> Iterator[tuple[int, Line]]:
    """The log's lines with their ids, those above ``after`` up to ``to``, in order; streamed."""
    query = (
        select(
            BallotLogEntry.id,
            BallotLogEntry.contest_id,
            BallotLogEntry.submission_id,
            BallotLogEntry.pseudonym,
            BallotLogEntry.action,
            BallotLogEntry.stars,
            BallotLogEntry.slot,
            BallotLogEntry.position,
        )
        .where(BallotLogEntry.contest_id == contest_id, BallotLogEntry.id > after)
        .order_by(BallotLogEntry.id)
        .limit(most)
    )
    if to is not None:
        query = query.where(BallotLogEntry.id <= to)
    for row in db.session.execute(query.execution_options(yield_per=CHUNK)):
        yield row.id, Line(*row[1:])


def _edge(contest_id: int) -> int:
    """The greatest id that any vote has taken: read while nobody casts."""
    editions.get_locked(contest_id)
    return (
        db.session.scalar(
            select(func.max(BallotLogEntry.id)).where(BallotLogEntry.contest_id == contest_id)
        )
        or 0
    )


def _next(contest_id: int, edge: int) -> Batch | None:
    before = last(contest_id)
    after = before.last_id if before else 0
    some = lines(contest_id, after, edge, most=MOST_LEAVES)
    taken = tuple((line_id, line.leaf) for line_id, line in some)
    if not taken:
        return None
    number, chained = (before.number + 1, bytes(before.head)) if before else (1, leaves.GENESIS)
    return Batch(contest_id, number, taken, chained)


def _write(batch: Batch, at: datetime) -> bool:
    """Whether this caller was the one to write it.

    The contest's row comes before the batch's: its key would be asked for after, by the foreign
    key, while somebody who holds the row waits for the batch.
    """
    contest = select(Contest.id).where(Contest.id == batch.contest_id)
    db.session.execute(contest.with_for_update(read=True, key_share=True))
    root, count = batch.root, len(batch.lines)
    values = {
        "contest_id": batch.contest_id,
        "number": batch.number,
        "last_id": batch.lines[-1][0],
        "leaves": count,
        "root": root,
        "head": leaves.head(batch.before, batch.number, count, root),
        "at": at,
    }
    into = postgresql.insert if is_postgresql() else sqlite.insert
    put = into(BallotBatch).values(values).on_conflict_do_nothing()
    if not db.session.execute(put.returning(BallotBatch.number)).all():
        return False
    rows = [
        {"line_id": line_id, "contest_id": batch.contest_id, "tag": leaf[:TAG]}
        for line_id, leaf in batch.lines
    ]
    db.session.execute(insert(SealedLine), rows)
    return True
