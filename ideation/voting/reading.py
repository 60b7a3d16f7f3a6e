"""The votes of one contest out of the database, a block at a time, each vote as one number.

A voter's votes come side by side, which is how counting likes them: no voter's are in two blocks
unless these follow on each other.

PostgreSQL packs each vote into 64 bits and hands them over by the hundred thousand, as arrays in
a binary COPY: a row of its own for each of ten million votes would take five times as long. It
needs some 20 bytes of memory a vote for that. SQLite is read by a cursor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from ideation.accounts.models import Member
from ideation.core.db import db, is_postgresql
from ideation.submissions.models import Submission

#: How finely networks are told apart on the first look; those that meet are looked at again.
MOST_NETWORK_BITS = 20
_BATCH = 50_000
#: The least room for ids that are drawn while votes are read.
_ROOM = 255


@dataclass(frozen=True)
class Layout:
    """Where a vote's parts lie in its 64 bits: voter, network's hash, entry, stars (lowest)."""

    contest_id: int
    first_entry: int
    first_voter: int
    entry_bits: int
    voter_bits: int

    @property
    def network_bits(self) -> int:
        """0 is no network; where ids lie far apart there is less room. Raises ValueError."""
        room = 63 - 3 - self.entry_bits - self.voter_bits
        if room < 1:
            raise ValueError("ids of this contest's entries and of members lie too far apart")
        return min(MOST_NETWORK_BITS, room)

    @property
    def network_at(self) -> int:
        return 3 + self.entry_bits

    @property
    def voter_at(self) -> int:
        return self.network_at + self.network_bits

    def entry(self, packed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Ids less ``first_entry``."""
        return (packed >> 3) & ((1 << self.entry_bits) - 1)

    def voter(self, packed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Ids less ``first_voter``."""
        return packed >> self.voter_at

    def network(self, packed: NDArray[np.int64]) -> NDArray[np.int64]:
        """A few bits of the network's hash, 0 without one."""
        return (packed >> self.network_at) & ((1 << self.network_bits) - 1)


def layout_of(contest_id: int) -> Layout:
    """How this contest's votes pack, from the ids that there are.

    There is room for as many again: while votes come in, one may be of a member or an entry that
    is newer than this look.
    """
    low, high = db.session.execute(
        select(func.min(Submission.id), func.max(Submission.id)).where(
            Submission.contest_id == contest_id
        )
    ).one()
    first, last = db.session.execute(select(func.min(Member.id), func.max(Member.id))).one()
    return Layout(
        contest_id=contest_id,
        first_entry=low or 0,
        first_voter=first or 0,
        entry_bits=(2 * ((high or 0) - (low or 0)) + _ROOM).bit_length(),
        voter_bits=(2 * ((last or 0) - (first or 0)) + _ROOM).bit_length(),
    )


def packed_votes(layout: Layout) -> Iterator[NDArray[np.int64]]:
    """All votes of the contest, block by block, and in a block by voter."""
    blocks = _from_postgresql(layout) if is_postgresql() else _from_sqlite(layout)
    for block in blocks:
        block.sort()
        yield block


_PACK = """
COPY (
  SELECT array_agg(
    ((member_id - {first_voter}) << {voter_at})
    | (coalesce((hashbytea(network)::bigint & {network_mask}) | 1, 0) << {network_at})
    | ((submission_id - {first_entry}) << 3)
    | stars
  )
  FROM votes WHERE contest_id = {contest_id}
  GROUP BY member_id & 63
) TO STDOUT (FORMAT BINARY)
"""
#: What stands before the numbers: a count of fields, a length; then dimensions, nulls, type,
#: size, first index. Before all of it, once, the format's own 19 bytes.
_ROW_HEAD, _FILE_HEAD = 26, 19
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])


def _from_postgresql(layout: Layout) -> Iterator[NDArray[np.int64]]:
    connection = db.session.connection()
    before = connection.exec_driver_sql("SHOW work_mem").scalar_one()
    connection.exec_driver_sql("SET LOCAL work_mem = '512MB'")
    driver: Any = connection.connection.driver_connection
    statement = _PACK.format(
        contest_id=int(layout.contest_id),
        first_entry=layout.first_entry,
        first_voter=layout.first_voter,
        voter_at=layout.voter_at,
        network_at=layout.network_at,
        network_mask=(1 << layout.network_bits) - 1,
    )
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        skip = _FILE_HEAD
        for block in copy:
            if len(block) - skip > _ROW_HEAD:
                yield np.frombuffer(block, _ELEMENT, offset=skip + _ROW_HEAD)["value"].astype(
                    np.int64
                )
            skip = 0
    connection.exec_driver_sql("SELECT set_config('work_mem', %s, true)", (before,))


def _from_sqlite(layout: Layout) -> Iterator[NDArray[np.int64]]:
    driver: Any = db.session.connection().connection.driver_connection
    cursor = driver.execute(
        "SELECT ((member_id - ?) << ?) | ((submission_id - ?) << 3) | stars, network"
        " FROM votes WHERE contest_id = ? ORDER BY member_id",
        (layout.first_voter, layout.voter_at, layout.first_entry, layout.contest_id),
    )
    mask = (1 << layout.network_bits) - 1
    while rows := cursor.fetchmany(_BATCH):
        packed = np.array([row[0] for row in rows], np.int64)
        networks = [0 if row[1] is None else int.from_bytes(row[1][-3:]) & mask | 1 for row in rows]
        yield packed | (np.array(networks, np.int64) << layout.network_at)
