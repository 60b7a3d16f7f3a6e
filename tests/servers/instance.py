"""A whole instance as `ideation up` runs it, on a folder and a clock of its own."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis import Redis

from ideation.core import config
from tests.servers.nursery import ROOT, Nursling
from tests.servers.ports import free_port


@dataclass
class Instance:
    """Where it is, how to become its operator, and its clock."""

    url: str
    setup_url: str
    clock_file: Path
    home: Path

    def forget_attempts(self) -> None:
        """As if a minute had passed: a journey's people sign in from one address, and fast."""
        with Redis(unix_socket_path=str(config.redis_socket(self.home))) as redis:
            for key in redis.scan_iter("LIMITS*"):
                redis.delete(key)

    def now(self) -> datetime:
        """The instance's own time."""
        return datetime.now(UTC) + timedelta(seconds=float(self.clock_file.read_text()))

    def move_to(self, at: datetime) -> None:
        """Move the clock of web, worker and cron forward at once."""
        seconds = (at - datetime.now(UTC)).total_seconds()
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self.clock_file)


@contextlib.contextmanager
def running(
    folder: Path, *, demo: bool = False, migrated: Path | None = None
) -> Iterator[Instance]:
    """Start an instance, empty or filled; stop it with all its children at the end.

    ``migrated`` is a database of SQLite to begin with, where its migration is not the matter.
    """
    clock_file = folder / "clock"
    clock_file.write_text("0")
    if migrated is not None:
        (folder / "home").mkdir()
        shutil.copy(migrated, folder / "home" / "ideation.db")
    port = free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IDEATION_")}
    ideation = [sys.executable, "-m", "ideation"]
    environment = {
        **plain,
        "IDEATION_HOME": str(folder / "home"),
        "IDEATION_CLOCK_FILE": str(clock_file),
    }
    for command in (["migrate"], ["demo"]) if demo else ():
        subprocess.run([*ideation, *command], cwd=ROOT, env=environment, check=True)
    log = folder / "up.log"
    process = Nursling([*ideation, "up", "--no-demo", "--port", str(port)], environment, log)
    try:
        setup_url = _setup_url(process, log)
        yield Instance(f"http://127.0.0.1:{port}", setup_url, clock_file, folder / "home")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _setup_url(process: Nursling, log: Path) -> str:
    while "Stop: Ctrl-C" not in (said := log.read_text()):
        assert process.poll() is None, f"the instance did not start: {said}"
        time.sleep(0.02)
    found = re.search(r"http://\S+/setup/\S+", said)
    return found.group() if found else ""
