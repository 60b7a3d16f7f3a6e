"""The votes of one contest out of the database, each vote as one number, in ascending order.

A voter's votes lie side by side, which is how counting likes them. ``changed_since`` and
``votes_of`` read some of them, for ``kept_votes``.

PostgreSQL packs each vote into 64 bits and hands them over by the hundred thousand, as arrays in
a binary COPY: a row of its own for each of ten million votes would take five times as long. It
needs some 20 bytes of memory a vote for that. SQLite is read by a cursor.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ideation.accounts.models import Member
from ideation.core.db import db, is_postgresql
from ideation.submissions.models import Submission
from ideation.voting.packing import NETWORK_AT, Bundle, Ids, Layout, Packed

_BATCH = 50_000
#: The least room for ids that are drawn while votes are read.
_ROOM = 255


def ids_of(contest_id: int) -> Ids:
    """As they are now."""
    entries = select(func.min(Submission.id), func.max(Submission.id)).where(
        Submission.contest_id == contest_id
    )
    members = select(func.min(Member.id), func.max(Member.id))
    found = [*db.session.execute(entries).one(), *db.session.execute(members).one()]
    return Ids(*(each or 0 for each in found))


def layout_of(contest_id: int) -> Layout:
    """How this contest's votes pack, from the ids that there are.

    There is room for as many again: while votes come in, one may be of a member or an entry that
    is newer than this look.
    """
    ids = ids_of(contest_id)
    return Layout(
        contest_id=contest_id,
        first_entry=ids.first_entry,
        first_voter=ids.first_voter,
        entry_bits=(2 * (ids.last_entry - ids.first_entry) + _ROOM).bit_length(),
        voter_bits=(2 * (ids.last_voter - ids.first_voter) + _ROOM).bit_length(),
    )


def packed_votes(layout: Layout) -> Iterator[Packed]:
    """All votes of the contest, block by block."""
    return _from_postgresql(layout, _ALL) if is_postgresql() else _from_sqlite(layout)


def changed_since(layout: Layout, line: int, page: int) -> Packed:
    """Each vote that a later line of the ballot log is about, as it is now; ``stars`` is 0 where
    it was taken back. Sorted. Lines of voters who were erased name nobody and are passed over.

    `page` is where in the table most of them begin: what lies from there on is read in one go,
    and only the others are looked for one by one. A wrong one costs time. PostgreSQL only.
    """
    near = _ordered(_from_postgresql(layout, _FROM_PAGE, page=int(page)))
    wanted = _lines(layout, line, int(page))
    wanted = wanted[np.diff(wanted, prepend=-1) > 0]  # a vote may have several lines
    far = wanted[~np.isin(layout.pair(wanted), layout.pair(near), assume_unique=True)]
    entries, voters = layout.entry(far) + layout.first_entry, layout.voter(far) + layout.first_voter
    ones = _from_postgresql(layout, _ONES, entries=_listed(entries), voters=_listed(voters))
    return _ordered([near, *ones])


def _lines(layout: Layout, line: int, page: int) -> Packed:
    """Voter and entry of each later line, without network and stars. Sorted.

    Whose a line is, tells a hash of the voter's secret. Nearly all are of voters with votes from
    `page` on; only where those do not name every line is everybody's secret hashed.
    """
    is_named: NDArray[np.bool_]
    for whose in (_NEAR.format(page=page), ""):
        lines = _ordered(_from_postgresql(layout, _LINES, line=int(line), whose=whose))
        is_named = layout.stars(lines) == 0
        if is_named.all():
            break
    return lines[is_named]


def page_of_last() -> int:
    """From where on votes will lie that are cast from now on, most of them. PostgreSQL only."""
    size = "SELECT greatest(pg_relation_size('votes') / current_setting('block_size')::int - 1, 0)"
    return int(db.session.connection().exec_driver_sql(size).scalar_one())


def votes_of(layout: Layout, members: NDArray[np.int64]) -> Packed:
    """The votes of these members, sorted. PostgreSQL only."""
    return _ordered(_from_postgresql(layout, _THEIRS, voters=_listed(members)))


def _listed(numbers: NDArray[np.int64]) -> str:
    return ",".join(map(str, numbers.tolist()))


def all_of(layout: Layout) -> Bundle:
    """All votes of the contest."""
    return Bundle.of(layout, _ordered(packed_votes(layout)))


def _ordered(blocks: Iterable[Packed]) -> Packed:
    packed = np.concatenate([np.zeros(0, np.int64), *blocks])
    packed.sort()
    return packed


_MARK = """
  (coalesce((hashbytea(network)::bigint & {network_mask}) | 1, 0) << {network_at}) | stars"""
_ALL = f"""
  SELECT submission_id, member_id, {_MARK} AS mark FROM votes WHERE contest_id = {{contest_id}}"""  # noqa: S608  # numbers of ours
_THEIRS = f"{_ALL} AND member_id = ANY (ARRAY[{{voters}}]::bigint[])"
_FROM_PAGE = f"{_ALL} AND ctid >= '({{page}},0)'::tid"
#: An array, so that these few are looked up and not sought among all members.
_NEAR = "WHERE id = ANY (ARRAY(SELECT member_id FROM votes WHERE ctid >= '({page},0)'::tid))"
#: `mark` is 1 where nobody of `whose` is named by the line.
_LINES = """
  SELECT line.submission_id, coalesce(voter.id, {first_voter}) AS member_id,
    (voter.id IS NULL)::int AS mark
  FROM ballot_log AS line
  LEFT JOIN (
    SELECT id, sha256(pseudonym_secret || int8send({contest_id})) AS pseudonym
    FROM members {whose}
  ) AS voter USING (pseudonym)
  WHERE line.contest_id = {contest_id} AND line.id > {line}"""
_ONES = f"""
  SELECT submission_id, member_id, coalesce(
    (SELECT {_MARK} FROM votes
     WHERE submission_id = one.submission_id AND member_id = one.member_id), 0) AS mark
  FROM unnest(ARRAY[{{entries}}]::bigint[], ARRAY[{{voters}}]::bigint[])
    AS one (submission_id, member_id)"""  # noqa: S608
_PACK = """
COPY (
  SELECT array_agg(
    ((member_id - {first_voter}) << {voter_at})
    | ((submission_id - {first_entry}) << {entry_at})
    | mark
  )
  FROM ({source}) AS found
  GROUP BY member_id & 63
) TO STDOUT (FORMAT BINARY)
"""
#: What stands before the numbers: a count of fields, a length; then dimensions, nulls, type,
#: size, first index. Before all of it, once, the format's own 19 bytes.
_ROW_HEAD, _FILE_HEAD = 26, 19
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])


#: PostgreSQL's statistics may not know a contest yet. Expecting one line of it where there are ten
#: thousand, it would go through all voters for each: a nested loop is never the better way here.
_WAY_OF_READING = {"work_mem": "512MB", "enable_nestloop": "off"}


def _from_postgresql(layout: Layout, source: str, **known: object) -> Iterator[Packed]:
    connection = db.session.connection()
    before = _set(connection, _WAY_OF_READING)
    driver: Any = connection.connection.driver_connection
    statement = _PACK.replace("{source}", source).format(
        **known,
        contest_id=layout.contest_id,
        first_entry=layout.first_entry,
        first_voter=layout.first_voter,
        voter_at=layout.voter_at,
        entry_at=layout.entry_at,
        network_at=NETWORK_AT,
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
    _set(connection, before)


def _set(connection: Connection, settings: Mapping[str, str]) -> dict[str, str]:
    """Until the transaction ends. Returns what they were."""
    before = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in settings}
    for name, value in settings.items():
        connection.exec_driver_sql("SELECT set_config(%s, %s, true)", (name, value))
    return before


def _from_sqlite(layout: Layout) -> Iterator[Packed]:
    driver: Any = db.session.connection().connection.driver_connection
    cursor = driver.execute(
        "SELECT ((member_id - ?) << ?) | ((submission_id - ?) << ?) | stars, network"
        " FROM votes WHERE contest_id = ? ORDER BY member_id",
        (
            layout.first_voter,
            layout.voter_at,
            layout.first_entry,
            layout.entry_at,
            layout.contest_id,
        ),
    )
    mask = (1 << layout.network_bits) - 1
    while rows := cursor.fetchmany(_BATCH):
        packed = np.array([row[0] for row in rows], np.int64)
        networks = [0 if row[1] is None else int.from_bytes(row[1][-3:]) & mask | 1 for row in rows]
        yield packed | (np.array(networks, np.int64) << NETWORK_AT)
