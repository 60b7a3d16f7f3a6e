"""An instance whose web, worker, cron, Redis and PostgreSQL can each be killed and begun again.

`ideation up` restarts what dies, with growing pauses; here the test is the supervisor, so that it
says what dies when. What runs is the same.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil
import psycopg
from flask import Flask
from sqlalchemy import select

from ideation import defaults
from ideation.app import create_app
from ideation.contests import lifecycle
from ideation.core import clock, config, jobs, queues
from ideation.core.db import db, transaction
from ideation.core.outbox import OutboxRow
from ideation.migrations import runner
from tests.servers import postgres
from tests.servers.nursery import ROOT
from tests.servers.ports import free_port
from tests.servers.valkey import Valkey

#: Until what must happen is said not to: workers may have much before it, on a busy machine.
WAIT_SECONDS = 240


@dataclass
class Program:
    """One of our own commands in a session of its own, so that its children die with it."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; whether it works yet is for others to find out."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it and all that it started, as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Postgres:
    """A server of one's own. What it acknowledged must outlive it, so commits wait for its log.

    ``fsync`` is off all the same: a killed process leaves what it wrote with the system.
    """

    def __init__(self, folder: Path) -> None:
        self._server = postgres.begun(folder)
        self.uri: str = self._server.get_uri()
        self.set(fsync="off", full_page_writes="off", max_connections="60")
        self.kill()
        self.start()

    def set(self, **settings: str) -> None:
        """Change settings of the server; some count from its next start on."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            for name, value in settings.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            connection.execute("SELECT pg_reload_conf()")

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return self.uri.replace("postgresql://", "postgresql+psycopg://")

    def start(self) -> None:
        """Start it again; it recovers from its log first."""
        postgres.ensure_running(self._server)
        assert self._server.get_uri() == self.uri

    def kill(self) -> None:
        """End the server and every process it forked."""
        postmaster = psutil.Process(self._server.get_pid())
        family = [postmaster, *postmaster.children(recursive=True)]
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, timeout=10)

    def remove(self) -> None:
        """Stop it for good and delete its data."""
        self._server.cleanup()


@dataclass
class House:
    """The whole instance, with an application of the test's own on the same database."""

    url: str
    app: Flask
    clock_file: Path
    redis: Valkey
    postgres: Postgres
    programs: dict[str, Program]
    #: How long everything together took to be healthy at first, with nothing to do.
    started_in: float = 0.0

    def kill(self, name: str) -> None:
        """End ``web``, ``worker``, ``cron``, ``redis`` or ``postgres`` without a word."""
        self._part(name).kill()

    def start(self, name: str) -> None:
        """Begin it again."""
        self._part(name).start()

    def seconds_to_health(self) -> float:
        """How long until a page comes and a worker does what a commit asked for."""
        began = time.monotonic()
        until(self._serves, "the web serves, with Redis")
        with self.app.app_context():
            key = f"probe:{time.monotonic()}"
            until(lambda: _ask(key), "the database takes a job")
            until(lambda: _is_done(key), "a worker does it")
        return time.monotonic() - began

    def move(self, by: timedelta) -> None:
        """Move the clock of every process."""
        seconds = float(self.clock_file.read_text()) + by.total_seconds()
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self.clock_file)

    def _part(self, name: str) -> Program | Valkey | Postgres:
        return {**self.programs, "redis": self.redis, "postgres": self.postgres}[name]

    def _serves(self) -> bool:
        with self.app.app_context():
            return (
                _get(self.url + "/readyz") == b'{"redis":true,"status":"ready"}\n'
                and queues.is_reachable()
            )


@contextlib.contextmanager
def running(arrange: Callable[[], None] = lambda: None) -> Iterator[House]:
    """A migrated instance with everything running; gone at the end.

    ``arrange`` fills it before workers look at it, inside the application's context.
    """
    folder = Path(tempfile.mkdtemp(prefix="idk"))
    data = Path(tempfile.mkdtemp(prefix="ideation-pg-"))
    database, redis, port = Postgres(data), Valkey(folder), free_port()
    clock_file = folder / "clock"
    clock_file.write_text("0")
    ours = {
        "IDEATION_HOME": str(folder / "home"),
        "IDEATION_DATABASE_URL": database.url,
        "IDEATION_REDIS_URL": redis.url,
        "IDEATION_CLOCK_FILE": str(clock_file),
        "IDEATION_SECRET_KEY": "a key that only these tests ever use",
        "IDEATION_PORT": str(port),
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IDEATION_")}
    programs = {
        name: Program(command, plain | ours, folder / f"{name}.log")
        for name, command in _commands(port).items()
    }
    redis.start()
    app = create_app(config.load(ours))
    house = House(f"http://127.0.0.1:{port}", app, clock_file, redis, database, programs)
    try:
        with app.app_context():
            runner.upgrade(db.engine)
            defaults.ensure(clock.now())
            arrange()
        for program in programs.values():
            program.start()
        house.started_in = house.seconds_to_health()
        yield house
    finally:
        for program in programs.values():
            program.kill()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        clock.use_file(None)
        redis.kill()
        database.remove()
        shutil.rmtree(folder, ignore_errors=True)


def until(happens: Callable[[], object], what: str, seconds: float = WAIT_SECONDS) -> None:
    """Wait until something happens; whatever breaks meanwhile has not happened yet.

    A session whose server was killed under it stays broken: the next look gets a fresh one.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            if happens():
                return
        except Exception:
            with contextlib.suppress(Exception):
                db.session.remove()
        assert time.monotonic() < deadline, f"did not happen: {what}"
        time.sleep(0.05)


def _commands(port: int) -> dict[str, list[str]]:
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--log-level", "error", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "8", "wsgi:app"),
    ]
    workers = [sys.executable, "-m", "workers"]
    return {"web": web, "worker": [*workers, "run"], "cron": [*workers, "cron"]}


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return bytes(answer.read())


def _ask(key: str) -> bool:
    with transaction():
        jobs.enqueue(lifecycle.ADVANCE, at=clock.now(), key=key)
    return True


def _is_done(key: str) -> bool:
    db.session.rollback()
    return db.session.scalar(select(OutboxRow.done_at).where(OutboxRow.key == key)) is not None
