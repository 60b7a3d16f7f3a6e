"""Two pairs of hands that do the jobs as they come, beside the workers or in their place.

What a job does is claimed by its outbox row, so it happens once, whoever is faster. They are
processes: a thread would take the interpreter from the one who fills the instance. Forked from
it, they have at once what takes a process of its own seconds to import.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from ideation.core import jobs, outbox
from ideation.core.db import db

#: Opens the application for one process.
Context = Callable[[], AbstractContextManager[Any]]

PAIRS = 2
_PAUSE_SECONDS = 0.1
#: The one who fills the instance is never done last: everything else waits for it.
_NICENESS = 5
#: Looked up at once: few, since pictures that come in meanwhile wait for these.
_AT_ONCE = 8


class Hands:
    """Processes that work through what is due until the block ends, or this process does.

    No connection to the database may be open when the block begins: two cannot share one.
    """

    def __init__(self, context: Context, pairs: int = PAIRS) -> None:
        self._context = context
        self._pairs = pairs
        self._owner = os.getpid()
        fork = multiprocessing.get_context("fork")
        self._stop = fork.Event()
        self._processes = [
            fork.Process(target=self._work, args=(place,), daemon=True) for place in range(pairs)
        ]

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        for process in self._processes:
            process.join()

    def _work(self, place: int) -> None:
        os.nice(_NICENESS)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner is told as well, and ends these
        with self._context():
            while os.getppid() == self._owner and not self._stop.is_set():
                if not self._do_some(place):
                    self._stop.wait(_PAUSE_SECONDS)

    def _do_some(self, place: int) -> bool:
        """Whether there was something to do. Each pair takes every other row of those due.

        Pictures come first: the demo waits for them, and for nothing else.
        """
        try:
            mine = outbox.due_ids(_AT_ONCE, first="images")[place :: self._pairs]
            return sum(jobs.run(row) for row in mine) > 0
        except SQLAlchemyError:
            return False  # the database was busy: it is there again in a moment
        finally:
            db.session.remove()
