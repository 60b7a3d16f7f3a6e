"""Fresh instances to measure on: SQLite in a folder, PostgreSQL with its usual durability."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy.engine import make_url

from ideation import defaults
from ideation.app import create_app
from ideation.core import clock, config
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.core.storage.memory import MemoryStorage
from ideation.migrations import runner
from tests.servers import postgres, valkey

ENGINES = ("sqlite", "postgresql")


@contextlib.contextmanager
def instance(engine: str) -> Iterator[Flask]:
    """A migrated, empty application whose context is pushed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        valkey.running() as redis,
        _database(engine, Path(folder)) as url,
    ):
        settings = config.load(
            {
                "IDEATION_HOME": folder,
                "IDEATION_DATABASE_URL": url,
                "IDEATION_REDIS_URL": redis.url,
            }
        )
        app = create_app(settings)
        in_force.use(MemoryStorage())
        with app.app_context():
            runner.upgrade(db.engine)
            defaults.ensure(clock.now())
            yield app
            db.session.remove()
            db.engine.dispose()


@contextlib.contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with postgres.running(folder) as url:
        plain = make_url(url).set(drivername="postgresql")
        with psycopg.connect(
            plain.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            for setting in ("fsync", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM RESET {setting}")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("DROP DATABASE IF EXISTS ideation_bench")
            connection.execute("CREATE DATABASE ideation_bench")
        yield make_url(url).set(database="ideation_bench").render_as_string(hide_password=False)
        with psycopg.connect(
            plain.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            connection.execute("DROP DATABASE ideation_bench WITH (FORCE)")
