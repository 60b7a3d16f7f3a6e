"""Real workers beside the test: processes as `ideation up` starts them."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask
from rq import Worker

from ideation.core import config, queues
from ideation.core.db import db
from tests.servers import mailing, valkey
from tests.servers.mailing import Mailbox
from tests.servers.nursery import Nursling, show
from tests.servers.valkey import Valkey


@pytest.fixture
def own_redis() -> Iterator[Valkey]:
    """A Redis that this test alone may break."""
    with valkey.running() as server:
        yield server


@pytest.fixture
def redis_url(own_redis: Valkey) -> str:  # instead of the one for all tests
    return own_redis.url


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """What real workers send arrives here."""
    with mailing.running() as mailbox:
        yield mailbox


class Start(Protocol):
    """``start("run")`` starts a worker, ``start("cron")`` the ticker."""

    def __call__(self, what: str) -> Nursling: ...


@pytest.fixture
def said(tmp_path: Path) -> Iterator[Path]:
    """Where what workers say is written."""
    log = tmp_path / "workers.log"
    log.touch()
    yield log
    show(log)


@pytest.fixture
def start(app: Flask, settings: config.Settings, mailbox: Mailbox, said: Path) -> Iterator[Start]:
    """Start processes on the test's own database, Redis, clock and mail server."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("IDEATION_")},
        "IDEATION_HOME": str(settings.home),
        "IDEATION_DATABASE_URL": settings.database_url,
        "IDEATION_REDIS_URL": settings.redis_url,
        "IDEATION_CLOCK_FILE": str(settings.clock_file),
        "IDEATION_SECRET_KEY": settings.secret_key,
        "IDEATION_MAIL_URL": mailbox.url,
    }
    started: list[Nursling] = []

    def run(what: str) -> Nursling:
        process = Nursling([sys.executable, "-m", "workers", what], environment, said)
        started.append(process)
        if what == "run":
            # The first start of a test process loads the house, on a machine where many do.
            until(lambda: any(w.pid == process.pid for w in _workers()), "it is ready", seconds=60)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
    db.session.remove()


def until(happens: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Wait for something; fail with its name."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"did not happen: {what}"
        time.sleep(0.05)


def _workers() -> list[Worker]:
    return list(Worker.all(connection=queues.connection()))
