"""The web server as it runs in production, on a test's own database."""

import contextlib
import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from ideation.cli import web_server
from ideation.core import config
from tests.servers.nursery import Nursling
from tests.servers.ports import free_port

WAIT_SECONDS = 60


@contextlib.contextmanager
def serving(
    settings: config.Settings,
    folder: Path,
    *,
    threads: int = 16,
    workers: int = 1,
    port: int | None = None,
) -> Iterator[str]:
    """Granian with so many workers, each with so many threads; yields where.

    What it had to say is in ``web.log``.
    """
    environment = {
        "IDEATION_HOME": str(settings.home),
        "IDEATION_DATABASE_URL": settings.database_url,
        "IDEATION_REDIS_URL": settings.redis_url,
        "IDEATION_CLOCK_FILE": str(settings.clock_file or ""),
        "IDEATION_SECRET_KEY": settings.secret_key,
    }
    with serving_application(
        "wsgi:app", environment, folder, threads=threads, workers=workers, port=port
    ) as url:
        yield url


@contextlib.contextmanager
def serving_application(
    application: str,
    environment: dict[str, str],
    folder: Path,
    *,
    threads: int = 16,
    workers: int = 1,
    port: int | None = None,
) -> Iterator[str]:
    """Any WSGI application by the same server, with these variables beside the machine's own."""
    port = port or free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IDEATION_")}
    command = web_server.command(
        "127.0.0.1", port, workers=workers, threads=threads, application=application
    )
    process = Nursling(command, {**plain, **environment}, folder / "web.log")
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/healthz")
        yield url
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        assert time.monotonic() < deadline, "the web server did not start"
        time.sleep(0.05)
