"""The other end of ``sandbox.run_limited``: a process that limits itself, then calls one function.

Limits come before any import that could touch a stranger's bytes.
"""

import dataclasses
import importlib
import json
import math
import os
import resource
import signal
import sys
import traceback
from typing import Any

from ideation.core.images.refusal import Refused

_MAX_FILE_BYTES = 64 << 20
_MAX_OPEN_FILES = 64


def main() -> None:
    """Read a request from standard input, write one JSON answer to what was standard output."""
    request = json.load(sys.stdin)
    _limit(request["memory_bytes"], request["seconds"])
    answer = os.dup(1)
    os.dup2(2, 1)  # a library that prints must not garble the answer
    told = json.dumps(_call(request)).encode()
    while told:
        told = told[os.write(answer, told) :]
    # Nothing is left to save, and tearing an interpreter down takes time.
    os._exit(0)


def _limit(memory_bytes: int, seconds: float) -> None:
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
        (resource.RLIMIT_FSIZE, _MAX_FILE_BYTES),
        (resource.RLIMIT_CPU, math.ceil(seconds)),
        (resource.RLIMIT_AS, memory_bytes),
    ):
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # The soft CPU limit sends SIGXCPU, by which the parent knows the cause.
        resource.setrlimit(kind, (value, value + (kind == resource.RLIMIT_CPU)))
    # Die of Ctrl-C by the signal itself: the parent tells causes apart by it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Should the parent be gone, nobody else ends a child that waits for something.
    signal.alarm(math.ceil(seconds) * 6)


def _call(request: dict[str, Any]) -> dict[str, Any]:
    try:
        function = getattr(importlib.import_module(request["module"]), request["function"])
        result = function(*request["args"])
        if dataclasses.is_dataclass(result) and not isinstance(result, type):
            result = dataclasses.asdict(result)
        return {"result": result}
    except Refused as refused:
        return {"refused": refused.reason, "detail": refused.detail}
    except MemoryError:
        return {"refused": "too_complex", "detail": "out of memory"}
    except OSError as error:
        if error.errno is not None:
            return {"errno": error.errno, "detail": str(error)}
        return {"failed": traceback.format_exc()}
    except Exception:
        return {"failed": traceback.format_exc()}
