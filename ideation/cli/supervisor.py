"""Children that live and die together: started, restarted with a growing pause, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click

#: How long children get to finish what they are doing.
GRACE_SECONDS = 10.0
_LONGEST_PAUSE = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep running. ``once`` is for work that ends, such as the demo."""

    name: str
    command: list[str]
    once: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    pause: float = 0.5
    started_at: float = 0.0
    due_at: float = 0.0


class Supervisor:
    """Keeps children running until it is told to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []
        self.stopping = False
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)

    def start(self, child: Child) -> None:
        """Start a child; it dies with us, even where we are killed."""
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603  # our own commands
            child.command,
            cwd=self.folder,
            env={**os.environ, **child.environment},
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        if child not in self.children:
            self.children.append(child)

    def wait_for(self, is_ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is ready, a child is dead, or time is up."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.stopping:
            if is_ready():
                return True
            if any(child.process and child.process.poll() for child in self.children):
                return False
            time.sleep(0.05)
        return False

    def watch(self) -> None:
        """Restart what dies, until told to stop."""
        while not self.stopping:
            for child in self.children:
                self._look_after(child)
            time.sleep(0.2)

    def stop(self) -> None:
        """End every child: ask, wait, insist. The first started goes last."""
        deadline = time.monotonic() + GRACE_SECONDS
        for child in reversed(self.children):
            if child.process and child.process.poll() is None:
                child.process.terminate()
                _wait(child.process, max(0.1, deadline - time.monotonic()))

    def _look_after(self, child: Child) -> None:
        process = child.process
        now = time.monotonic()
        if process is None:
            if now >= child.due_at:
                self.start(child)
            return
        code = process.poll()
        if code is None or (child.once and code == 0):
            return
        if child.once:
            click.secho(f"{child.name} ended with code {code}.", fg="red", err=True)
            self.children.remove(child)
            return
        if now - child.started_at > 60:
            child.pause = 0.5
        click.secho(
            f"{child.name} ended with code {code}; again in {child.pause:g} s.", fg="red", err=True
        )
        child.process = None
        child.due_at = now + child.pause
        child.pause = min(child.pause * 2, _LONGEST_PAUSE)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _die_with_parent() -> None:
    """Linux tells a child when its parent is gone; elsewhere a killed parent leaves orphans."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
