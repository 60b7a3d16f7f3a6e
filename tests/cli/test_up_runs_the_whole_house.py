"""`ideation up` as people start it: a real process tree on a folder of its own."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class House:
    """One running `ideation up`."""

    home: Path
    port: int
    process: subprocess.Popen[str]

    def status(self, path: str) -> int | None:
        """What a page answers; None where nobody does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def children(self) -> dict[int, str]:
        """Every process that runs for this house: pid → command."""
        return {
            pid: command
            for pid, command in _processes()
            if pid != self.process.pid and (str(self.home) in command or _belongs(pid, self.home))
        }


def _processes() -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                if command:
                    yield int(entry.name), command


def _belongs(pid: int, home: Path) -> bool:
    try:
        return f"IDEATION_HOME={home}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def _environment(home: Path, **settings: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IDEATION_")}
    return {**plain, "IDEATION_HOME": str(home), **settings}


def _up(home: Path, port: int, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ideation", "up", "--port", str(port), "--no-demo"],
        cwd=ROOT,
        env=_environment(home, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _until(happens: Callable[[], object], what: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"did not happen: {what}"
        time.sleep(0.1)


def _lines_until(process: subprocess.Popen[str], end: str) -> str:
    assert process.stdout is not None
    heard = ""
    for line in process.stdout:
        heard += line
        if end in line:
            return heard
    raise AssertionError(f"it ended with: {heard}")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    port = free_port()
    process = _up(tmp_path / "home", port)
    one = House(tmp_path / "home", port, process)
    try:
        yield one
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        for pid in one.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_one_command_opens_the_house_and_ctrl_c_closes_it(house: House) -> None:
    greeting = _lines_until(house.process, "Stop: Ctrl-C")
    assert f"is open at http://127.0.0.1:{house.port}" in greeting
    assert f"http://127.0.0.1:{house.port}/setup/" in greeting
    assert house.status("/") == 200
    assert house.status("/setup/" + greeting.split("/setup/")[1].split()[0]) == 200
    commands = " | ".join(house.children().values())
    for part in ("granian", "workers run", "workers cron", "unixsocket"):
        assert part in commands

    second = _up(house.home, free_port())
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert said.startswith("Error: An instance is already running in ")

    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(20) == 0
    assert house.children() == {}


def test_no_child_outlives_a_killed_parent(house: House) -> None:
    _lines_until(house.process, "Stop: Ctrl-C")
    house.process.kill()
    house.process.wait()
    _until(lambda: house.children() == {}, "every child is gone", seconds=15)
    _until(lambda: house.status("/healthz") is None, "the port is free")
    assert house.children() == {}


def test_what_dies_is_started_again(house: House) -> None:
    _lines_until(house.process, "Stop: Ctrl-C")
    before = house.children()
    for pid, command in before.items():
        if "unixsocket" in command or "workers run" in command:
            os.kill(pid, signal.SIGKILL)

    def is_whole() -> bool:
        fresh = {pid: command for pid, command in house.children().items() if pid not in before}
        commands = " | ".join(fresh.values())
        return "unixsocket" in commands and "workers run" in commands

    _until(is_whole, "Redis and the worker are back")
    assert house.status("/") == 200


def _said(home: Path, port: int, **settings: str) -> str:
    """What a start that fails says: one sentence."""
    process = _up(home, port, **settings)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in said
    return said


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = _said(tmp_path / "home", port)
    assert said == (
        f"Error: Port {port} is taken. Choose another: "
        f"`make run PORT={port + 1}` or `ideation up --port …`.\n"
    )


def test_broken_settings_are_one_sentence(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    assert "IDEATION_MAIL_URL" in _said(home, port, IDEATION_MAIL_URL="mailto:x")
    assert "IDEATION_PROT is no setting" in _said(home, port, IDEATION_PROT="8000")
    assert "IDEATION_REDIS_URL does not answer" in _said(
        home, port, IDEATION_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"
    )
    assert "The database does not answer" in _said(
        home, port, IDEATION_DATABASE_URL=f"postgresql://127.0.0.1:{free_port()}/none"
    )


def test_a_server_of_ones_own_is_migrated_by_hand(tmp_path: Path, postgres_server: str) -> None:
    empty = make_url(postgres_server).set(database="template1")
    empty_url = empty.render_as_string(hide_password=False)
    said = _said(tmp_path / "home", free_port(), IDEATION_DATABASE_URL=empty_url)
    assert "Run `ideation migrate`" in said
