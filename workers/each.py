"""The same to everything that is due, one a transaction: no lock is held for long.

One that fails does not stand in the others' way: it is logged and is due again at the next tick.
Once all have had their turn the job fails with it, so that an operator sees it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from ideation.core import clock
from ideation.core.db import db, transaction

log = structlog.get_logger(__name__)


class Act(Protocol):
    """A rule for one row; of two callers it lets one do it."""

    def __call__(self, one: int, /, *, at: datetime) -> object: ...


class LeftUndone(Exception):
    """Some of what was due could not be done; the rest was."""


def each(*steps: tuple[Callable[[datetime], list[int]], Act]) -> None:
    """Do each step, in order, to all that it is due for. Raises LeftUndone after the last."""
    at = clock.now()
    failures = []
    for due, act in steps:
        ids = due(at)
        db.session.rollback()
        for one in ids:
            try:
                with transaction():
                    act(one, at=at)
            except Exception as error:  # whatever it is, it is this one's alone
                name = getattr(act, "__name__", "?")
                log.exception("left undone", act=name, id=one)
                failures.append(f"{name} {one}: {type(error).__name__}")
    if failures:
        raise LeftUndone(f"{len(failures)}, the first: {failures[0]}")
