"""Running a function where it may run out of memory or time without taking anybody with it.

The child is a fresh interpreter, not a fork: a web worker has threads, and a fork of it may
inherit a lock that nobody will release; a job's process has open sockets to the database. A fresh
one inherits neither, is the same in both places, and takes 80 ms to be ready with Pillow imported
where a fork of a process that has it takes 1.5 (measured on 2 cores), against some 200 ms of work
for a picture of a million pixels.

It guards against exhaustion and crashes, not against a decoder that is made to run a stranger's
code: the child has no secret in its environment, yet reads what its user may read.
"""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ideation.core.images.refusal import Refusal, Refused

#: What the child runs; the rest of its command line is where its modules are.
_CHILD = """
import sys
sys.path[:] = sys.argv[1:]
from ideation.core.images import child
child.main()
"""
_ROOT = Path(__file__).parents[3]
#: What a process must inherit to find its own libraries.
_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")
#: Ends that the picture brought about, by using too much or by breaking the decoder.
_OWN_FAULT = frozenset(
    {
        signal.SIGXCPU,
        signal.SIGXFSZ,
        signal.SIGSEGV,
        signal.SIGBUS,
        signal.SIGABRT,
        signal.SIGFPE,
        signal.SIGILL,
    }
)

#: How many times its processor time a child may take on a machine that is busy elsewhere.
PATIENCE = 4


class SandboxFailed(RuntimeError):
    """The function itself is at fault; the text is the child's traceback."""


class SandboxInterrupted(RuntimeError):
    """The child was stopped from outside, or starved by a busy machine: try again later."""


def run_limited(
    function: Callable[..., object], *args: Any, memory_bytes: int = 1 << 30, seconds: float = 10
) -> Any:
    """The result of ``function(*args)``, called in a limited child and carried back as JSON.

    ``function`` is importable by module and name; arguments are JSON values; a dataclass comes
    back as a dict. ``memory_bytes`` bounds the address space, ``seconds`` the processor time, a
    measure of the picture that a busy machine does not distort; we wait ``PATIENCE`` times that.
    Safe in a process with threads, in a web worker as in a job.

    Raises ``Refused``: the function's own, or ``TOO_COMPLEX`` where it used up memory or time or
    died of a signal; ``OSError`` (with errno) from the disk; ``SandboxFailed`` for any other
    exception; ``SandboxInterrupted`` where trying again makes sense.
    """
    request = json.dumps(
        {
            "module": function.__module__,
            "function": function.__qualname__,
            "args": args,
            "memory_bytes": memory_bytes,
            "seconds": seconds,
        }
    )
    path = [os.fspath(_ROOT), *(str(Path(entry).absolute()) for entry in sys.path)]
    process = subprocess.Popen(  # noqa: S603 (our own script, nothing from outside in its command)
        # -I and -S: no user site, no environment, no .pth files: a smaller and faster start.
        [sys.executable, "-I", "-S", "-c", _CHILD, *path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        # Its own session: Ctrl-C in the terminal is for us, and must not look like a bad picture.
        start_new_session=True,
    )
    try:
        answer, _ = process.communicate(request.encode(), timeout=seconds * PATIENCE)
    except subprocess.TimeoutExpired:
        raise SandboxInterrupted(f"not done in {seconds * PATIENCE} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            process.communicate()
    return _result(process.returncode, answer)


def _result(code: int, answer: bytes) -> Any:
    if code < 0:
        name = signal.Signals(-code).name
        if -code in _OWN_FAULT:
            raise Refused(Refusal.TOO_COMPLEX, f"the child died of {name}")
        raise SandboxInterrupted(f"the child was stopped by {name}")
    if code or not answer:
        raise SandboxFailed(f"the child ended with status {code} and said nothing")
    told: dict[str, Any] = json.loads(answer)
    if "refused" in told:
        raise Refused(Refusal(told["refused"]), told["detail"])
    if "errno" in told:
        if told["errno"] in {errno.EFBIG, errno.ENOMEM}:
            raise Refused(Refusal.TOO_COMPLEX, told["detail"])
        raise OSError(told["errno"], told["detail"])
    if "failed" in told:
        raise SandboxFailed(told["failed"])
    return told["result"]
