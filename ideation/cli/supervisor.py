"""Children that live and die together: started, restarted with a growing pause, stopped."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click

from ideation.core.lifeline import die_with_parent

#: How long children get to finish what they are doing.
GRACE_SECONDS = 10.0
_LONGEST_PAUSE = 30.0


@dataclass
class Child:
    """One process to keep running. ``once`` is for work that ends, such as the demo.

    ``last`` marks what the others need while they finish: it is stopped after them.
    """

    name: str
    command: list[str]
    once: bool = False
    last: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    pause: float = 0.5
    started_at: float = 0.0
    due_at: float = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps children running until it is told to stop, by SIGINT or SIGTERM."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []
        self.stopping = False
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)

    def start(self, child: Child) -> None:
        """Start a child, unless we are stopping; it ends with us, even where we are killed.

        Each has a session of its own, so that Ctrl-C reaches us alone and we decide the order.
        """
        if self.stopping:
            return
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603  # our own commands
            child.command,
            cwd=self.folder,
            env={**os.environ, **child.environment},
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        if child not in self.children:
            self.children.append(child)

    def wait_for(self, is_ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is ready; False where a child died first or time is up."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.stopping:
            if is_ready():
                return True
            if any(not child.once and not child.is_alive for child in self.children):
                return False
            time.sleep(0.05)
        return False

    def watch(self) -> None:
        """Restart what dies, until told to stop."""
        while not self.stopping:
            for child in list(self.children):
                self._look_after(child)
            time.sleep(0.2)

    def stop(self) -> None:
        """End every child: ask all, wait, insist; then those that the others needed."""
        self.stopping = True
        _end([child for child in self.children if not child.last])
        _end([child for child in self.children if child.last])

    def _look_after(self, child: Child) -> None:
        if child.is_alive:
            return
        now = time.monotonic()
        if child.process is None:
            if now >= child.due_at:
                self.start(child)
            return
        code = child.process.returncode
        _sweep(child)
        if child.once:
            self.children.remove(child)
            if code:
                click.secho(f"{child.name} {_ended(code)}.", fg="red", err=True)
            return
        if now - child.started_at > 60:
            child.pause = 0.5
        click.secho(f"{child.name} {_ended(code)}; again in {child.pause:g} s.", fg="red", err=True)
        child.process = None
        child.due_at = now + child.pause
        child.pause = min(child.pause * 2, _LONGEST_PAUSE)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _end(children: list[Child]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        if child.process is not None and child.is_alive:
            child.process.terminate()
    for child in children:
        if child.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, deadline - time.monotonic()))
            _sweep(child)


def _sweep(child: Child) -> None:
    """Kill what is left of the child's own children: a server's processes hold the port."""
    if child.process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def _ended(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
