"""Removing the demo: the database whole, the files whole; what is left is empty and stays so.

What is append-only cannot be swept out of an instance that also holds real things, so only one
that the demo filled and marked can be removed, and all of it goes. Nobody else may have the
database open meanwhile: web and workers are stopped first.
"""

import contextlib
import shutil
import sqlite3
import time
from datetime import datetime
from pathlib import Path

from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.engine import Connection

from ideation import defaults
from ideation.core import config, instance, queues
from ideation.core.config import redis_socket
from ideation.core.db import Base, db, is_postgresql, transaction
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.core.storage import in_force
from ideation.core.storage.local import LocalStorage
from ideation.demo import marking
from ideation.migrations import runner

#: PostgreSQL lists a connection until its backend has ended, some time after it was closed.
_LOOKS, _BETWEEN_LOOKS = 20, 0.1


def check() -> None:
    """Raise Conflict unless the instance is marked and nothing else has its database open."""
    if not marking.is_marked():
        raise Conflict(lazy("This instance was not filled by the demo, so it is left as it is."))
    db.session.rollback()
    if _is_open_elsewhere():
        raise Conflict(
            lazy("The instance is running. Stop it first (Ctrl-C), then remove the demo.")
        )


def remove(at: datetime) -> None:
    """Drop files, wake-up calls and database, then migrate an empty one that no demo fills.

    Files go first: should this die half-way, the mark still stands and it can be run again.
    Raises Conflict as ``check`` does.
    """
    check()
    _delete_files()
    _forget_wake_ups()
    db.session.remove()
    _drop_database()
    runner.upgrade(db.engine)
    defaults.ensure(at)
    with transaction():
        instance.establish(instance.NO_DEMO, at)


def _is_open_elsewhere() -> bool:
    if is_postgresql():
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        db.session.remove()
        db.engine.dispose()  # our own pool would count as somebody else
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for _ in range(_LOOKS):
                if not connection.scalar(query):
                    return False
                time.sleep(_BETWEEN_LOOKS)
        return True
    db.session.remove()
    db.engine.dispose()
    with contextlib.closing(sqlite3.connect(_sqlite_file(), timeout=1)) as connection:
        try:
            # Leaving the write-ahead log needs the file to ourselves; the next connection returns
            # to it.
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            return True
    return False


def _delete_files() -> None:
    store = in_force.store()
    for key in list(store.list()):
        store.delete(key)
    if isinstance(store, LocalStorage) and store.root.is_dir():
        for folder in store.root.iterdir():  # with what a killed process left unfinished in it
            if folder.is_dir():
                shutil.rmtree(folder)


def _forget_wake_ups() -> None:
    """Of Redis nothing is lost; an embedded server, which stands still, begins anew."""
    settings = config.current()
    if settings.redis_url.endswith(str(redis_socket(settings.home))):
        shutil.rmtree(settings.home / "redis", ignore_errors=True)
        return
    with contextlib.suppress(RedisError):
        for name in queues.QUEUES:
            queues.queue(name).empty()  # type: ignore[no-untyped-call]


def _drop_database() -> None:
    if is_postgresql():
        with db.engine.begin() as connection:
            _drop_tables(connection)
        db.engine.dispose()
        return
    db.engine.dispose()
    file = _sqlite_file()
    for path in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)


def _drop_tables(connection: Connection) -> None:
    """Our tables with their triggers, and the triggers' functions; a neighbour's stay."""
    quote = connection.dialect.identifier_preparer.quote
    names = [quote(name) for name in (*Base.metadata.tables, "alembic_version")]
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {', '.join(names)} CASCADE")
    functions = connection.execute(
        text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = current_schema() AND p.proname LIKE :prefix"
        ),
        {"prefix": r"ideation\_%"},
    ).scalars()
    for signature in functions.all():
        connection.exec_driver_sql(f"DROP FUNCTION {signature} CASCADE")


def _sqlite_file() -> Path:
    database = db.engine.url.database
    assert database  # an instance keeps its database in a file
    return Path(database)
