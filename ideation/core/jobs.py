"""The catalogue of work that happens after a commit.

A domain declares its jobs by name and enqueues them with plain arguments; ``workers`` registers
the handlers. The row of ``core.outbox`` written with the change is the truth; Redis only wakes
a worker sooner. A handler may run twice and must have one effect.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ideation.core import outbox

#: The package whose import registers every handler. By name: ``ideation`` never imports it.
HANDLERS_PACKAGE = "workers"


@dataclass(frozen=True)
class Job:
    """A kind of work: its name, its queue, the tries it gets before an operator must look."""

    name: str
    queue: str = "default"
    attempts: int = 6


_catalogue: dict[str, Job] = {}
_handlers: dict[str, Callable[..., None]] = {}


def declare(name: str, *, queue: str = "default", attempts: int = 6) -> Job:
    """Name a job. Called at import by the domain that owns it."""
    job = Job(name, queue, attempts)
    _catalogue[name] = job
    return job


def handler(job: Job) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorate the function that does the job; its keywords are what ``enqueue`` was given."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _handlers[job.name] = function
        return function

    return register


def enqueue(
    job: Job, *, at: datetime, key: str | None = None, due_at: datetime | None = None, **args: Any
) -> None:
    """Ask for the job, in the open transaction; with a ``key`` only the first request counts."""
    outbox.add(job.name, job.queue, args, key=key, created_at=at, due_at=due_at if due_at else at)


def run(outbox_id: int) -> bool:
    """Do the work of one outbox row, if it is due and nobody else holds it.

    Returns whether this call did it. A handler's exception is recorded and retried later; it is
    raised again once the tries are used up, so that a worker's log shows it.
    """
    return outbox.perform(outbox_id, _perform, attempts_of)


def run_due(limit: int = 10_000) -> int:
    """Do everything that is due, in this process: for the demo and tests. Returns how many."""
    done = 0
    while done < limit:
        due = outbox.due_ids(limit=100)
        if not due:
            return done
        for outbox_id in due:
            done += run(outbox_id)
    return done


def attempts_of(name: str) -> int:
    """How many tries the named job gets; one for a name that no longer exists."""
    job = _catalogue.get(name)
    return job.attempts if job else 1


def names() -> Mapping[str, Job]:
    """All declared jobs by name."""
    return dict(_catalogue)


def without_handler() -> list[str]:
    """Declared jobs that no worker module does; empty in a whole house."""
    importlib.import_module(HANDLERS_PACKAGE)
    return sorted(set(_catalogue) - set(_handlers))


def _perform(name: str, args: dict[str, Any]) -> None:
    importlib.import_module(HANDLERS_PACKAGE)
    if name not in _handlers:
        raise LookupError(f"no worker does {name!r}")
    _handlers[name](**args)
