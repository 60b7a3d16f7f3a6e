"""One PostgreSQL database for all tests of a process, put back to its template between them.

Cloning a template costs a tenth of a second, and a connection to a database of its own reads the
catalogue again and plans every statement anew: three times what the test itself takes. Deleting
the few rows that a test wrote keeps both warm, and tables that it left alone are not touched. A
test that left the schema another than it found it, or a connection that will not let go, costs a
fresh clone.
"""

import contextlib
import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.engine import Engine, make_url

TEMPLATE = "ideation_template"
#: Deleted rows stay in the files until then.
RESETS_BEFORE_A_CLONE = 100

#: How our own connection looks: short of patience, and with neither guards nor references.
_OPTIONS = "-c lock_timeout=2s -c session_replication_role=replica"

_SHAPE = """
SELECT (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'),
       (SELECT count(*) FROM pg_attribute WHERE attrelid >= 16384 AND NOT attisdropped),
       (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_class WHERE oid >= 16384)
"""
_TRIGGERS = """
SELECT tgrelid || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""
_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename
"""
_SEQUENCES = """
SELECT sequencename, start_value, last_value FROM pg_sequences
WHERE schemaname = current_schema()
"""


@dataclass
class Content:
    """What a database holds: its shape, the rows of each table that has any, its sequences."""

    shape: tuple[int, ...]
    tables: list[str]
    rows: dict[str, bytes]
    sequences: list[tuple[str, int, int | None]]


#: Of each table that holds rows how many they are and which transaction wrote the last of them:
#: another where a row was added, altered or deleted. Of tables that began empty: that they do.
Marks = dict[str, tuple[int, int]]


class ReusedDatabase:
    """The database of one test process. ``url`` changes when it is cloned afresh."""

    def __init__(self, server: str, execute: Callable[[str, str], None]) -> None:
        self._server = server
        self._execute = execute
        self._baseline: Content | None = None
        self._name = ""
        self._marks: Marks = {}
        self._triggers: dict[str, str] = {}
        self._resets = 0
        self.engine: Engine | None = None
        #: Kept open: a connection that knows the catalogue looks through all tables in no time.
        self._own: psycopg.Connection | None = None

    @property
    def url(self) -> str:
        return make_url(self._server).set(database=self._name).render_as_string(hide_password=False)

    def ready(self) -> str:
        """The URL of a database that equals the template."""
        if self._name and self._resets < RESETS_BEFORE_A_CLONE and self._is_put_back():
            self._resets += 1
            return self.url
        self.drop()
        self._name, self._resets = f"t_{uuid.uuid4().hex}", 0
        self._execute(
            self._server, f"CREATE DATABASE {self._name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"
        )
        self._baseline = self.save()
        with self._open().transaction():
            self._marks = self._read_marks()
            self._triggers = dict(self._open().execute(_TRIGGERS).fetchall())
        return self.url

    def save(self) -> Content:
        """What the database holds now, to be put back later."""
        with self._open().transaction():
            return _read(self._open())

    def load(self, content: Content) -> None:
        """Put back what ``save`` gave, here or in a clone before this one."""
        with self._open().transaction():
            if not self._put_back(content):
                raise RuntimeError("the schema is another than when it was saved")

    def let_go(self) -> None:
        """Close our own connection, for who looks whether anybody else is connected."""
        if self._own is not None:
            self._own.close()
            self._own = None

    def drop(self) -> None:
        """Drop the database, whoever is connected to it."""
        self.let_go()
        if self.engine is not None:
            self.engine.dispose()
            self.engine = None
        if self._name:
            self._execute(self._server, f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    def _open(self) -> psycopg.Connection:
        if self._own is None:
            plain = make_url(self.url).set(drivername="postgresql")
            self._own = psycopg.connect(
                plain.render_as_string(hide_password=False), options=_OPTIONS
            )
        return self._own

    def _is_put_back(self) -> bool:
        with contextlib.suppress(psycopg.Error), self._open().transaction():
            return self._baseline is not None and self._put_back(self._baseline)
        return False

    def _put_back(self, wanted: Content) -> bool:
        """Write what is wanted where something else stands; False where the schema is another."""
        connection = self._open()
        if connection.execute(_SHAPE, prepare=True).fetchone() != wanted.shape:
            self._restore_triggers()
            if connection.execute(_SHAPE).fetchone() != wanted.shape:
                return False
        assert self._baseline is not None
        first = self._baseline.rows
        now = self._read_marks()
        others = [
            table
            for table in wanted.tables
            if now.get(table) != self._marks.get(table)
            or wanted.rows.get(table) != first.get(table)
        ]
        connection.execute(_deletion(others, wanted.sequences))
        filled = [table for table in others if table in wanted.rows]
        for table in filled:
            _fill(connection, table, wanted.rows[table])
        if wanted is self._baseline and filled:
            self._marks = self._read_marks()
        return True

    def _restore_triggers(self) -> None:
        """Many a test drops a guard to see what is then found."""
        there: dict[str, str] = dict(self._open().execute(_TRIGGERS).fetchall())
        for key in self._triggers.keys() - there.keys():
            self._open().execute(self._triggers[key].encode())

    def _read_marks(self) -> Marks:
        assert self._baseline is not None
        question = _question(tuple(self._baseline.tables), frozenset(self._baseline.rows))
        found = self._open().execute(question, prepare=True)
        return {table: (count, last) for table, count, last in found}


def _read(connection: psycopg.Connection) -> Content:
    """Rows of ``bytes`` as binary COPY gives them; a table without any gives the shortest."""
    tables = [row[0] for row in connection.execute(_TABLES)]
    rows = {}
    for table in tables:
        with connection.cursor().copy(
            sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
        ) as copy:
            rows[table] = b"".join(bytes(part) for part in copy)
    empty = min(map(len, rows.values()))
    return Content(
        shape=connection.execute(_SHAPE).fetchone() or (),
        tables=tables,
        rows={table: body for table, body in rows.items() if len(body) > empty},
        sequences=[(row[0], row[1], row[2]) for row in connection.execute(_SEQUENCES)],
    )


def _deletion(tables: list[str], sequences: list[tuple[str, int, int | None]]) -> sql.Composed:
    """Empty tables and set sequences back, in one round trip."""
    deletes = [sql.SQL("DELETE FROM {};").format(sql.Identifier(table)) for table in tables]
    return sql.Composed([*deletes, _rewind(tuple(sequences))])


@functools.cache
def _rewind(sequences: tuple[tuple[str, int, int | None], ...]) -> sql.SQL:
    calls = sql.SQL(", ").join(
        sql.SQL("setval({}, {}, {})").format(name, last or start, last is not None)
        for name, start, last in sequences
    )
    return sql.SQL("SELECT " + calls.as_string())


def _fill(connection: psycopg.Connection, table: str, rows: bytes) -> None:
    into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
    with connection.cursor().copy(into) as copy:
        copy.write(rows)


@functools.cache
def _question(tables: tuple[str, ...], counted: frozenset[str]) -> str:
    count = sql.SQL("SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {}")
    look = sql.SQL("SELECT {}, 1, 0 WHERE EXISTS (SELECT 1 FROM {})")
    return " UNION ALL ".join(
        (count if table in counted else look)
        .format(sql.Literal(table), sql.Identifier(table))
        .as_string()
        for table in tables
    )
