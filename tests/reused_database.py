"""One PostgreSQL database for all tests of a process, put back to its template between them.

Cloning a template costs a tenth of a second, and a connection to a database of its own reads the
catalogue again and plans every statement anew: three times what the test itself takes. Deleting
the few rows that a test wrote keeps both warm. A test that left the schema another than it found
it, or a connection that will not let go, costs a fresh clone.
"""

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.engine import Engine, make_url

TEMPLATE = "ideation_template"
#: Deleted rows stay in the files until then.
RESETS_BEFORE_A_CLONE = 100

_SHAPE = """
SELECT (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'),
       (SELECT count(*) FROM pg_attribute WHERE NOT attisdropped AND attnum > 0),
       (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_class)
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


class ReusedDatabase:
    """The database of one test process. ``url`` changes when it is cloned afresh."""

    def __init__(self, server: str, execute: Callable[[str, str], None]) -> None:
        self._server = server
        self._execute = execute
        self._baseline: Content | None = None
        self._name = ""
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
        return self.url

    def save(self) -> Content:
        """What the database holds now, to be put back later."""
        with self._open().transaction():
            return _read(self._open())

    def load(self, content: Content) -> None:
        """Put back what ``save`` gave, here or in a clone before this one."""
        with self._open().transaction():
            if not _put_back(self._open(), content):
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
            self._own = psycopg.connect(plain.render_as_string(hide_password=False))
        return self._own

    def _is_put_back(self) -> bool:
        with contextlib.suppress(psycopg.Error), self._open().transaction():
            return self._baseline is not None and _put_back(self._open(), self._baseline)
        return False


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


def _put_back(connection: psycopg.Connection, baseline: Content) -> bool:
    """Delete what a test wrote and write what the template holds; False where its shape changed."""
    connection.execute("SET lock_timeout = '2s'")
    connection.execute("SET session_replication_role = replica")  # neither guards nor references
    if connection.execute(_SHAPE).fetchone() != baseline.shape:
        return False
    filled = _filled(connection, baseline.tables)
    for table in {*filled, *baseline.rows}:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    for table, body in baseline.rows.items():
        into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
        with connection.cursor().copy(into) as copy:
            copy.write(body)
    connection.execute(_rewind(baseline.sequences), prepare=True)
    return True


def _rewind(sequences: list[tuple[str, int, int | None]]) -> sql.Composed:
    """All sequences in one round trip."""
    calls = sql.SQL(", ").join(
        sql.SQL("setval({}, {}, {})").format(name, last or start, last is not None)
        for name, start, last in sequences
    )
    return sql.SQL("SELECT {}").format(calls)


def _filled(connection: psycopg.Connection, tables: list[str]) -> list[str]:
    questions = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {name} WHERE EXISTS (SELECT 1 FROM {table})").format(
            name=sql.Literal(table), table=sql.Identifier(table)
        )
        for table in tables
    )
    return [row[0] for row in connection.execute(questions, prepare=True)]
