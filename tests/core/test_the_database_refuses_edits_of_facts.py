"""Append-only tables, asked past every rule of ours; each with its control."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Enum, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from ideation.core import clock, guards
from ideation.core.db import Base, UTCDateTime, db, is_postgresql

APPEND_ONLY = sorted(
    trigger.table
    for trigger in guards.declared().values()
    if trigger.name == f"guard_{trigger.table}_update"
)


def _fill(table: str) -> None:
    """One row of made-up values; references are not looked at, as in a restored backup."""
    columns = Base.metadata.tables[table].columns
    made = {column.name: _made_up(column.type) for column in columns}
    with db.engine.connect() as connection:
        if is_postgresql():
            connection.execute(text("SET session_replication_role = replica"))
        else:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
            for trigger in guards.declared().values():  # those that look at what is inserted
                if trigger.table == table and not trigger.name.endswith(("_update", "_delete")):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger.name}"))
        connection.execute(Base.metadata.tables[table].insert().values(made))
        if is_postgresql():
            connection.execute(text("SET session_replication_role = DEFAULT"))
        guards.restore(connection)
        connection.commit()


def _made_up(kind: TypeEngine[Any]) -> object:
    if isinstance(kind, UTCDateTime):
        return clock.now()
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class))
    return {int: 1, bool: True, str: "x", bytes: b"x"}[kind.python_type]


def _try(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def filled(app: Flask, table: str) -> str:
    _fill(table)
    return table


def test_there_is_something_to_guard() -> None:
    assert {"audit_entries", "ballot_log", "tallies"} <= set(APPEND_ONLY)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_can_be_changed_or_removed(filled: str) -> None:
    column = inspect(db.engine).get_columns(filled)[0]["name"]
    for statement in (f"UPDATE {filled} SET {column} = {column}", f"DELETE FROM {filled}"):
        with pytest.raises(DBAPIError, match="append-only"):
            _try(statement)
    assert db.session.scalar(text(f"SELECT count(*) FROM {filled}")) == 1


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_table_can_be_truncated(filled: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        _try(f"TRUNCATE {filled} CASCADE")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_without_its_guard_the_same_edit_passes(filled: str) -> None:
    """Control: it is the trigger that refuses."""
    on = f" ON {filled}" if is_postgresql() else ""
    for verb in ("update", "delete"):
        _try(f"DROP TRIGGER guard_{filled}_{verb}{on}")
    column = inspect(db.engine).get_columns(filled)[0]["name"]
    _try(f"UPDATE {filled} SET {column} = {column}")
    with db.engine.begin() as connection:
        assert guards.restore(connection) == [f"guard_{filled}_update", f"guard_{filled}_delete"]
    with pytest.raises(DBAPIError, match="append-only"):
        _try(f"DELETE FROM {filled}")


@pytest.mark.only("sqlite")
def test_replacing_a_row_is_an_edit_too(app: Flask) -> None:
    _fill("ballot_log")
    with pytest.raises(DBAPIError, match="append-only"):
        _try("INSERT OR REPLACE INTO ballot_log SELECT * FROM ballot_log")


@pytest.mark.only("sqlite")
def test_without_recursive_triggers_a_replacement_would_pass(app: Flask) -> None:
    _fill("ballot_log")
    with db.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA recursive_triggers=OFF")
        replaced = connection.execute(
            text("INSERT OR REPLACE INTO ballot_log SELECT * FROM ballot_log")
        )
        assert replaced.rowcount == 1
        connection.rollback()
        connection.connection.dbapi_connection.execute("PRAGMA recursive_triggers=ON")
