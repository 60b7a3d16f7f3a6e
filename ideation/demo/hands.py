"""Two pairs of hands that do the jobs as they come, beside the workers or in their place.

What a job does is claimed by its outbox row, so it happens once, whoever is faster.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from ideation.core import jobs, outbox
from ideation.core.db import db

#: Opens the application for one thread.
Context = Callable[[], AbstractContextManager[Any]]

PAIRS = 2
_PAUSE_SECONDS = 0.1


class Hands:
    """Threads that work through what is due until the block ends."""

    def __init__(self, context: Context, pairs: int = PAIRS) -> None:
        self._context = context
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(pairs)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, place: int) -> None:
        with self._context():
            while not self._stop.is_set():
                if not self._do_one(place):
                    self._stop.wait(_PAUSE_SECONDS)

    def _do_one(self, place: int) -> bool:
        """Whether there was something to do. Each pair begins at another row of those due.

        Pictures come first: the demo waits for them, and for nothing else.
        """
        try:
            due = outbox.due_ids(len(self._threads), "images") or outbox.due_ids(len(self._threads))
            return bool(due) and jobs.run(due[place % len(due)])
        except SQLAlchemyError:
            return False  # the database was busy: it is there again in a moment
        finally:
            db.session.remove()
