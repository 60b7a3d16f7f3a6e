"""Our own programs as processes that need not load the house: they are forked from one that has.

Loading takes three seconds of a processor, the same for each of a hundred starts. What is forked
here is what ``python -m workers run`` is once its imports are done: it reads its own environment,
makes its own application, and forks, answers and dies as it would. Where the start itself is the
matter, tests start it from nothing: ``tests/cli``, ``tests/test_loading.py`` and the recoveries of
``mortals``.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ideation.core.lifeline import die_with_parent
from tests import compiled_once

ROOT = Path(__file__).resolve().parents[2]
#: Garbage is left alone first, as in every program of ours; what runs as ``__main__`` stays out.
_LOADED = ("ideation.loading", "ideation.cli", "workers.schedule", "workers.worker", "granian.cli")

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([*_LOADED, __name__])


class Nursling:
    """A running ``python -m …``, in a session of its own; as ``subprocess.Popen`` has it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        assert list(command[:2]) == [sys.executable, "-m"], command
        arguments = (list(command[2:]), dict(environment), log, compiled_once.folder())
        log.touch()
        self._process = _forks.Process(target=_live, args=arguments)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid
        while self.poll() is None and os.getpgid(self.pid) != self.pid:
            time.sleep(0.002)  # who kills its session must find it

    def poll(self) -> int | None:
        """Its exit code, negative where a signal ended it; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises TimeoutExpired."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """To it alone, not to its children."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)


def show(log: Path) -> None:
    """Say what was said, for pytest to show of a test that failed."""
    if log.exists():
        sys.stdout.write(log.read_text())


class _Popen(subprocess.Popen[Any]):
    """What a supervisor starts is forked from it where it is ours."""

    def _execute_child(
        self,
        args: Any,
        executable: Any,
        preexec_fn: Callable[[], None] | None,
        close_fds: bool,
        pass_fds: Any,
        cwd: Any,
        env: Any,
        *rest: Any,
    ) -> None:
        if list(args[:2]) != [sys.executable, "-m"]:
            before = (args, executable, preexec_fn, close_fds, pass_fds, cwd, env)
            super()._execute_child(*before, *rest)  # type: ignore[misc]
            return
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid:
            self._child_created = True
            return
        code = 1
        try:
            os.setsid()
            os.closerange(3, 1024)  # locks and sockets are its parent's
            if preexec_fn is not None:
                preexec_fn()
            if os.getppid() == parent:
                code = _become(args[2:], env)
        finally:
            os._exit(code)


def _live(command: list[str], environment: dict[str, str], log: Path, compiled: str | None) -> None:
    os.setsid()
    die_with_parent()  # which ends with the tests, even where they are killed
    with log.open("ab") as written:
        for descriptor in (1, 2):
            os.dup2(written.fileno(), descriptor)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    subprocess.Popen = _Popen  # type: ignore[misc]
    multiprocessing.set_start_method("fork", force=True)  # as where nothing was forked yet
    if compiled is not None:
        compiled_once.adopt(compiled)
    sys.exit(_become(command, environment))


def _become(command: list[str], environment: Mapping[str, str]) -> int:
    """Run a module as the program that it is; return its exit code."""
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(command)
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        if isinstance(leaving.code, str):
            print(leaving.code, file=sys.stderr, flush=True)  # noqa: T201  # as Python does
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
    return 0
