"""A whole instance as `ideation up` runs it, on a folder and a clock of its own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis import Redis

from ideation.core import config
from tests.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


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
def running(folder: Path, *, demo: bool = False) -> Iterator[Instance]:
    """Start an instance, empty or filled; stop it with all its children at the end."""
    clock_file = folder / "clock"
    clock_file.write_text("0")
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
    process = subprocess.Popen(
        [*ideation, "up", "--no-demo", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Instance(f"http://127.0.0.1:{port}", _setup_url(process), clock_file, folder / "home")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def _setup_url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    setup_url = ""
    for line in process.stdout:
        found = re.search(r"http://\S+/setup/\S+", line)
        setup_url = found.group() if found else setup_url
        if "Stop: Ctrl-C" in line:
            return setup_url
    raise AssertionError("the instance did not start")
