"""``ideation up``: the whole house in one command: Redis, web, workers and cron."""

import contextlib
import errno
import fcntl
import http.client
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from ideation.accounts import setup
from ideation.app import ROOT, create_app
from ideation.cli import database, web_server
from ideation.cli.context import fail, load_settings
from ideation.cli.supervisor import Child, Supervisor
from ideation.core import clock, config, identity, redis_server
from ideation.core.config import Settings, redis_socket
from ideation.core.db import db, transaction
from ideation.demo import marking
from ideation.migrations import runner


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of IDEATION_PORT.")
@click.option("--demo/--no-demo", default=True, help="Fill an empty instance with a demo.")
def up(port: int | None, demo: bool) -> None:
    """Run web, worker, cron and, where none is set, Redis. Ctrl-C stops them all."""
    if port is not None:
        os.environ["IDEATION_PORT"] = str(port)  # the children read it too
    settings = load_settings()
    with only_one(settings.home):
        refuse_taken_port(settings)
        supervisor = Supervisor(ROOT)
        try:
            _start(supervisor, settings, demo)
            supervisor.watch()
        finally:
            supervisor.stop()
    click.echo("Stopped.")


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the folder for the block; fail where another `ideation up` holds it.

    The lock ends with the process, so nothing stale is ever left behind.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with (home / "up.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                fail(f"An instance is already running in {_short(home)}. Stop it first.")
            yield
    except PermissionError:
        fail(f"IDEATION_HOME: {home} cannot be written. Choose another folder.")


def refuse_taken_port(settings: Settings) -> None:
    """Fail with a sentence where something else listens on the port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                fail(
                    f"Port {settings.port} is taken. Choose another: "
                    f"`make run PORT={settings.port + 1}` or `ideation up --port …`."
                )
            fail(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.")


def _start(supervisor: Supervisor, settings: Settings, demo: bool) -> None:
    """Redis and the database first, then the web, so that it answers early; the rest follows."""
    _start_redis(supervisor, settings)
    with _creating(settings).app_context():
        is_fresh = _prepare_database(settings, demo)
        link = _setup_link(settings)
        name = identity.current().name
        is_half_a_demo = marking.is_unfinished()
        db.session.remove()
        db.engine.dispose()
    supervisor.start(_web(settings))
    if is_fresh:
        supervisor.start(Child("demo", [sys.executable, "-m", "ideation", "demo"], once=True))
    is_up = supervisor.wait_for(lambda: _answers(settings), 60)
    if supervisor.stopping:
        return
    if not is_up:
        fail("The web server did not start; the lines above say why.")
    for child in _workers(settings):
        supervisor.start(child)
    _greet(settings, name, link)
    if is_half_a_demo:
        click.echo("  The demo was stopped while it was loading. To begin afresh: Ctrl-C, then")
        click.echo("  `ideation demo --remove` and `ideation demo`.\n")


def _creating(settings: Settings) -> Flask:
    try:
        return create_app(settings)
    except config.ConfigError as error:
        fail(str(error))


def _web(settings: Settings) -> Child:
    workers, threads = settings.web_workers, settings.web_threads
    command = web_server.command(settings.host, settings.port, workers=workers, threads=threads)
    return Child("web", command)


def _workers(settings: Settings) -> list[Child]:
    command = [sys.executable, "-m", "workers"]
    workers = [
        Child(f"worker {number + 1}", [*command, "run"]) for number in range(settings.job_workers)
    ]
    return [*workers, Child("cron", [*command, "cron"])]


def _start_redis(supervisor: Supervisor, settings: Settings) -> None:
    """Our own server, unless the settings name one, which must answer."""
    if not settings.redis_url.endswith(str(redis_socket(settings.home))):
        if not _redis_answers(settings.redis_url):
            fail("IDEATION_REDIS_URL does not answer. Start that server, or unset it to use ours.")
        return
    folder = settings.home / "redis"
    try:
        command = redis_server.command(redis_socket(settings.home), folder)
    except redis_server.NoServer as error:
        fail(str(error))
    supervisor.start(Child("redis", command, last=True))
    if not supervisor.wait_for(lambda: _redis_answers(settings.redis_url), 10):
        fail(f"The embedded Redis did not start; {_short(folder / 'redis.log')} says why.")


def _redis_answers(url: str) -> bool:
    try:
        return bool(Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1).ping())
    except RedisError:
        return False


def _prepare_database(settings: Settings, demo: bool) -> bool:
    """Migrate an embedded database; return whether the demo is to fill it."""
    try:
        if runner.pending(db.engine):
            if not settings.database_url.startswith("sqlite"):
                fail("The database is not up to date. Run `ideation migrate`, then start again.")
            database.apply()
        return demo and marking.fills_by_itself()
    except OperationalError as error:
        fail(f"The database does not answer: {str(error.orig).splitlines()[0]}")


def _setup_link(settings: Settings) -> str | None:
    """A fresh one-time link while there is no operator; the one printed before ends with it."""
    with transaction():
        token = setup.create_setup_link(clock.now())
    return f"{settings.base_url}/setup/{token}" if token else None


def _answers(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _greet(settings: Settings, name: str, link: str | None) -> None:
    click.echo()
    click.secho(f"  {name} is open at {settings.base_url}", bold=True)
    if link:
        click.echo(f"  Become its operator, once: {link}")
    click.echo(f"  Data: {_short(settings.home)}   Stop: Ctrl-C")
    click.echo()


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
