"""The ground every test stands on: real databases, a real Redis, files and mail in memory.

A test that asks for ``app`` runs on SQLite and on PostgreSQL, each time on a database as the
migrations leave it; one marked ``one_engine`` runs on SQLite alone.
"""

import contextlib
import gc
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from filelock import FileLock
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url

from ideation import defaults
from ideation.accounts import credentials
from ideation.app import create_app
from ideation.core import clock, config, queues, redis_server
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.core.storage.memory import MemoryStorage
from ideation.http import limits
from ideation.migrations import runner
from tests import compiled_once, long_first
from tests.one_house import Houses
from tests.reused_database import ReusedDatabase
from tests.servers import postgres
from tests.staging import Scene, Stages

ENGINES = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """No setting of the person who runs the tests may leak in."""
    gc.disable()  # until all tests are collected, what is loaded stays
    for name in list(os.environ):
        if name.startswith("IDEATION_") and not name.startswith("IDEATION_TEST_"):
            del os.environ[name]
    # A busy machine is not a broken one; and what fails by a rare example fails for everyone.
    limits.PATIENCE.update(socket_connect_timeout=20, socket_timeout=20)
    hypothesis.settings.register_profile(
        "house", deadline=None, derandomize="IDEATION_TEST_SOAK" not in os.environ
    )
    hypothesis.settings.load_profile("house")
    credentials.use_cheap_hashing()
    compiled_once.install()
    event.listen(Engine, "connect", _wait_for_no_disk)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = long_first.arranged(items, workers)


def pytest_collection_finish() -> None:
    """What thousands of tests have in common is no garbage: do not look through it again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        is_one = metafunc.definition.get_closest_marker("one_engine") is not None
        only = metafunc.definition.get_closest_marker("only")
        names = only.args if only else ENGINES[:1] if is_one else ENGINES
        metafunc.parametrize("engine_name", names, scope="session")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real server of this test process's own."""
    folder = Path(tempfile.mkdtemp(prefix="idr"))
    socket = folder / "redis.sock"
    server = subprocess.Popen(
        redis_server.command(socket, folder / "data"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60  # on a machine where many begin at once
    while not socket.exists():
        assert time.monotonic() < deadline and server.poll() is None, "Redis did not start"
        time.sleep(0.02)
    yield f"unix://{socket}"
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(shared_folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL server whose database ``ideation_template`` is migrated."""
    with postgres.running(shared_folder) as url:
        with FileLock(shared_folder / "template.lock"):
            ready = shared_folder / "template.ready"
            if not ready.exists():
                _execute(url, "DROP DATABASE IF EXISTS ideation_template")
                _execute(url, "CREATE DATABASE ideation_template TEMPLATE template0")
                _prepare(_with_database(url, "ideation_template"))
                ready.touch()
        yield url


@pytest.fixture(scope="session")
def reused(postgres_server: str) -> Iterator[ReusedDatabase]:
    """This process's PostgreSQL database, put back to the template before each test."""
    database = ReusedDatabase(postgres_server, _execute)
    yield database
    database.drop()


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the engine the test runs on, as the migrations left it."""
    if engine_name == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "ideation.db")
        return f"sqlite:///{tmp_path / 'ideation.db'}"
    reused: ReusedDatabase = request.getfixturevalue("reused")
    return reused.ready()


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> config.Settings:
    """Settings of a loopback instance with a clock that the test can move."""
    return config.load(
        {
            "IDEATION_HOME": str(tmp_path / "home"),
            "IDEATION_DATABASE_URL": database_url,
            "IDEATION_REDIS_URL": redis_url,
            "IDEATION_CLOCK_FILE": str(tmp_path / "clock"),
            "IDEATION_SECRET_KEY": "a key that only these tests ever use",
        }
    )


@pytest.fixture(scope="session")
def houses() -> Houses:
    """The applications that this process has put together."""
    return Houses()


@pytest.fixture
def app(
    settings: config.Settings, houses: Houses, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application on a fresh database, its context pushed."""
    is_sqlite = settings.database_url.startswith("sqlite")
    application = houses.enter(settings, None if is_sqlite else request.getfixturevalue("reused"))
    application.config["TESTING"] = True
    in_force.use(MemoryStorage())
    queues.connection().flushall()
    limits.limiter._storage_dead = False  # the limiter outlives a test that killed its Redis
    with application.app_context():
        yield application
        db.session.remove()
        if is_sqlite:
            db.engine.dispose()
    clock.use_file(None)


@pytest.fixture
def no_limits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody counts how often somebody asks; the application, which others share, is there before.

    One put together without limits would never count again.
    """
    monkeypatch.setattr(limits.limiter, "enabled", False)


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """The scenes that this process has played."""
    return Stages(tmp_path_factory.mktemp("scenes"))


@pytest.fixture
def scene(
    app: Flask, settings: config.Settings, stages: Stages, request: pytest.FixtureRequest
) -> Callable[[Callable[[], Scene]], Scene]:
    """``scene(build)``: what ``build`` wrote and returned, played once for many tests."""
    url = settings.database_url
    reused = request.getfixturevalue("reused") if url.startswith("postgresql") else None
    return lambda build: stages.play(url, reused, build)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript; ``tests.browser_like`` fills in forms and tokens."""
    return app.test_client()


def _prepare(url: str) -> None:
    """Migrate a database and fill in what every instance begins with."""
    with tempfile.TemporaryDirectory() as home:
        application = create_app(config.load({"IDEATION_HOME": home, "IDEATION_DATABASE_URL": url}))
        with application.app_context():
            runner.upgrade(db.engine)
            defaults.ensure(clock.now())
            db.session.remove()
            with contextlib.suppress(Exception):
                if url.startswith("sqlite"):
                    with db.engine.connect() as connection:
                        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()


def _wait_for_no_disk(connection: Any, _record: Any) -> None:
    """Nobody cuts the power of this process; those that tests kill are the product's own."""
    if type(connection).__module__.split(".")[0] == "sqlite3":
        connection.execute("PRAGMA synchronous=OFF")


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, statement: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)
