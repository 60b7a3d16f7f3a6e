"""Writing much without holding up who writes little: short transactions with a breath between.

On SQLite one writer holds the database. A transaction that takes in many things pays once for what
they share, and whoever looks at the site meanwhile must still get their turn. On PostgreSQL others
write beside it, so there it may take in more.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import event

from ideation.core.db import db, is_postgresql, transaction

#: Nothing more is taken into a transaction that has been open for so long.
AT_A_STRETCH_SECONDS = 0.1
AT_A_STRETCH_BESIDE_OTHERS_SECONDS = 0.5
#: After each: who waits for SQLite's lock looks for it a few times a second, and must find it free.
BREATH_SECONDS = 0.02

One = TypeVar("One")


def work_off(ones: Iterable[One], act: Callable[[One], object]) -> None:
    """Do it with each, several in one transaction, none in two.

    What ``act`` returns is kept until the commit: what it has read, the next need not read again.
    """
    stretch = AT_A_STRETCH_BESIDE_OTHERS_SECONDS if is_postgresql() else AT_A_STRETCH_SECONDS
    waiting = iter(ones)
    for first in waiting:
        with transaction():
            until = time.monotonic() + stretch
            kept = [act(first)]
            while time.monotonic() < until:
                following = next(waiting, None)
                if following is None:
                    break
                kept.append(act(following))
        if not is_postgresql():
            time.sleep(BREATH_SECONDS)


@contextlib.contextmanager
def ahead_of_the_disk() -> Iterator[None]:
    """Commits inside do not wait until the disk has them; their order stays.

    For what can be made again: after a power cut the last second of it may be missing.
    """
    hurry = "SET synchronous_commit TO off" if is_postgresql() else "PRAGMA synchronous=NORMAL"

    def prepare(connection: Any, _record: Any) -> None:
        connection.execute(hurry)
        connection.commit()

    engine = db.engine
    event.listen(engine, "connect", prepare)
    _connect_anew()
    try:
        yield
    finally:
        event.remove(engine, "connect", prepare)
        _connect_anew()


def _connect_anew() -> None:
    db.session.remove()
    db.engine.dispose()
