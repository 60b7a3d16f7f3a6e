"""The database: models' base, column types, and the one way to write.

SQLite and PostgreSQL behave alike here. ``transaction()`` is the only place that commits; on
SQLite it begins IMMEDIATE, because a transaction that has read fails at once when it writes
after a rival's commit, however long the busy timeout.
"""

import contextlib
import enum
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry
from sqlalchemy.types import JSON

log = structlog.get_logger(__name__)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware and in UTC in Python, ``timestamptz`` or UTC text in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  # SQLAlchemy passes it
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: A 64-bit key. SQLite numbers rows only where the type is exactly INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")
#: JSON, comparable and indexable on PostgreSQL.
Document = JSON().with_variant(JSONB, "postgresql")


def _values(choices: type[enum.Enum]) -> list[str]:
    return [choice.value for choice in choices]


_TYPES: dict[Any, Any] = {
    enum.Enum: Enum(enum.Enum, native_enum=False, length=30, values_callable=_values),
    datetime: UTCDateTime,
    int: Key,
    str: String,
    bytes: LargeBinary,
    dict[str, Any]: Document,
    dict[str, str]: Document,
    list[Any]: Document,
    list[str]: Document,
}


class Base(DeclarativeBase):
    """What every model stands on: constraint names that are the same on both engines."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map=_TYPES)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

if TYPE_CHECKING:

    class Model(Base):
        """``db.Model``, said so that type checkers understand it."""

        __abstract__ = True

else:
    Model = db.Model

session: Session = db.session  # type: ignore[assignment]  # a scoped_session, used as a Session


def key_column(**kwargs: Any) -> Any:
    """The usual primary key: a bigint that the database numbers."""
    return mapped_column(Key, primary_key=True, autoincrement=True, **kwargs)


def engine_options(url: str) -> dict[str, Any]:
    """How to connect: enough connections for the threads of one web process.

    Errors do not repeat the values of a statement: they would end up in logs.
    """
    options: dict[str, Any] = {"json_serializer": _json, "hide_parameters": True}
    if url.startswith("postgresql"):
        options |= {"pool_size": 10, "max_overflow": 10}
    return options


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Foreign keys on, readers beside one writer, waiting for locks, commits that reach the disk.

    ``isolation_level = None`` takes the begin of transactions out of the driver's hands.
    """
    if type(connection).__module__.split(".")[0] != "sqlite3":
        return
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "recursive_triggers=ON",  # without it REPLACE slips past the guards
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=20000",
        "cache_size=-20000",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


_IN_TRANSACTION = "ideation_transaction"
_AFTER_COMMIT = "ideation_after_commit"


@contextlib.contextmanager
def transaction() -> Iterator[Session]:
    """Everything inside is written together or not at all; the edge opens it, rules only flush.

    Whatever was read before is read again inside, under the write lock on SQLite. Functions given
    to ``after_commit`` run once the commit stands. Raises RuntimeError when nested.
    """
    info = db.session().info
    if info.get(_IN_TRANSACTION):
        raise RuntimeError("transaction() inside transaction(): only the edge commits")
    db.session.rollback()
    info[_IN_TRANSACTION] = True
    info[_AFTER_COMMIT] = []
    try:
        db.session.connection(execution_options={"sqlite_begin": "BEGIN IMMEDIATE"})
        yield db.session()
        db.session.commit()
    except BaseException:
        info[_AFTER_COMMIT] = []
        db.session.rollback()
        raise
    finally:
        info[_IN_TRANSACTION] = False
        callbacks = info.pop(_AFTER_COMMIT, [])
    for callback in callbacks:
        try:
            callback()
        except Exception as error:  # the commit stands, whatever becomes of what follows it
            log.warning("after the commit", error=type(error).__name__)


@contextlib.contextmanager
def open_or_own_transaction() -> Iterator[None]:
    """The open transaction, or else one of its own: for a house that stands in for another.

    A provider's books are committed apart from ours; only the demo plays both in one piece.
    """
    if in_transaction():
        yield
    else:
        with transaction():
            yield


def look_at_one_moment() -> None:
    """Let all that is read from here to the next commit or rollback be as of one instant.

    SQLite reads so anyway; PostgreSQL otherwise looks anew with every statement.
    """
    db.session.rollback()
    if is_postgresql():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def in_transaction() -> bool:
    """Whether a ``transaction()`` is open on this thread's session."""
    return bool(db.session().info.get(_IN_TRANSACTION))


def after_commit(callback: Callable[[], object]) -> None:
    """Run ``callback`` once the open transaction has been committed; never if it is rolled back.

    For waking others only: the process may die in between, so nothing may depend on it.
    """
    if not in_transaction():
        raise RuntimeError("after_commit() needs an open transaction()")
    db.session().info[_AFTER_COMMIT].append(callback)


def is_postgresql() -> bool:
    """Whether the instance's database is PostgreSQL (else SQLite)."""
    return db.engine.dialect.name == "postgresql"


def insert_once(row: Base, otherwise: Exception) -> None:
    """Insert behind a savepoint: of several at once, or a second time, the database lets one
    through, and the others raise ``otherwise``; the transaction goes on.
    """
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise otherwise from error


def lock_row(statement: Any) -> Any:
    """``FOR UPDATE`` where the engine has it; on SQLite the transaction holds the only lock."""
    return statement.with_for_update() if is_postgresql() else statement
