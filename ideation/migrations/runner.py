"""Bringing a database to the schema the code expects, and saying where it stands.

Migrations run with SQLite's foreign keys off, since a batch migration rebuilds tables, and check
every reference at the end; then the guards are put back.
"""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from ideation.core import guards
from ideation.core.db import Base

HERE = Path(__file__).parent


class BrokenReferences(Exception):
    """A migration left rows that point nowhere; nothing of it was kept."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, bound to a connection where one is given."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("version_path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is pending, in one transaction where the engine allows it, then restore guards."""
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an older version, for tests of the way up."""
    _run(engine, lambda config: command.downgrade(config, revision))


def pending(engine: Engine) -> list[str]:
    """Versions the database does not have yet, oldest first."""
    script = ScriptDirectory.from_config(configuration())
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return [
        version.revision
        for version in reversed(list(script.iterate_revisions("head", current or "base")))
    ]


def differences(engine: Engine) -> list[object]:
    """What the models say that the migrated database does not have; empty when whole."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, Base.metadata))


def _run(engine: Engine, act: Callable[[Config], None]) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                act(configuration(connection))
                guards.restore(connection)
                if is_sqlite:
                    _check_references(connection)
        finally:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Outside any transaction, where SQLite heeds it."""
    driver = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _check_references(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise BrokenReferences(f"rows that point nowhere in: {tables}")
