"""``ideation up``: the whole house in one command: Redis, web, workers and cron."""

import errno
import os
import socket
import sys
from pathlib import Path

import click
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from ideation.accounts import setup
from ideation.app import ROOT, create_app
from ideation.cli import database
from ideation.cli.context import fail, load_settings
from ideation.cli.supervisor import Child, Supervisor
from ideation.core import clock, redis_server
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
    refuse_taken_port(settings)
    supervisor = Supervisor(ROOT)
    try:
        _start(supervisor, settings, demo)
        supervisor.watch()
    finally:
        supervisor.stop()
    click.echo("Stopped.")


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
    _start_redis(supervisor, settings)
    with create_app(settings).app_context():
        is_fresh = _prepare_database(settings, demo)
        link = _setup_link(settings)
        db.session.remove()
        db.engine.dispose()
    for child in _children(settings):
        supervisor.start(child)
    if is_fresh:
        supervisor.start(Child("demo", [sys.executable, "-m", "ideation", "demo"], once=True))
    if not supervisor.wait_for(lambda: _answers(settings), 60) and not supervisor.stopping:
        fail("The web server did not start; the lines above say why.")
    _greet(settings, link)


def _children(settings: Settings) -> list[Child]:
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--no-log"),
        *("--host", settings.host, "--port", str(settings.port)),
        *("--workers", str(settings.web_workers), "--blocking-threads", str(settings.web_threads)),
        *("--workers-kill-timeout", "10", "wsgi:app"),
    ]
    workers = [sys.executable, "-m", "workers"]
    return [
        Child("web", web),
        *(Child(f"worker {n + 1}", [*workers, "run"]) for n in range(settings.job_workers)),
        Child("cron", [*workers, "cron"]),
    ]


def _start_redis(supervisor: Supervisor, settings: Settings) -> None:
    """Our own server, unless the settings name one, which must answer."""
    if not settings.redis_url.endswith(str(redis_socket(settings.home))):
        if not _redis_answers(settings.redis_url):
            fail("IDEATION_REDIS_URL does not answer. Start that server, or unset it to use ours.")
        return
    if _redis_answers(settings.redis_url):
        fail(f"An instance is already running in {settings.home}. Stop it first.")
    try:
        command = redis_server.command(redis_socket(settings.home), settings.home / "redis")
    except redis_server.NoServer as error:
        fail(str(error))
    supervisor.start(Child("redis", command))
    if not supervisor.wait_for(lambda: _redis_answers(settings.redis_url), 10):
        fail("The embedded Redis did not start.")


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
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, settings.port)) == 0


def _greet(settings: Settings, link: str | None) -> None:
    click.echo()
    click.secho(f"  {settings.name} is open at {settings.base_url}", bold=True)
    if link:
        click.echo(f"  Become its operator, once: {link}")
    click.echo(f"  Data: {_short(settings.home)}   Stop: Ctrl-C")
    click.echo()


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
