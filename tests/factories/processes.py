"""Processes that may be killed: forks of the test, which see its database afresh."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

from ideation.core.db import db


def fork(act: Callable[[], object]) -> int:
    """Run ``act`` in a fork of this process; return its pid."""
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    with suppress(BaseException):
        act()
        code = 0
    os._exit(code)


def wait(pid: int) -> int:
    """The exit code of a fork; negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
