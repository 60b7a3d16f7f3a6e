"""Writing much without holding up who writes little: short transactions with a breath between.

On SQLite one writer holds the database. A transaction that takes in many things pays once for what
they share, and whoever looks at the site meanwhile must still get their turn.
"""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from ideation.core.db import is_postgresql, transaction

#: Nothing more is taken into a transaction that has been open for so long.
AT_A_STRETCH_SECONDS = 0.1
#: After each: who waits for SQLite's lock looks for it a few times a second, and must find it free.
BREATH_SECONDS = 0.02

One = TypeVar("One")


def work_off(ones: Iterable[One], act: Callable[[One], object]) -> None:
    """Do it with each, several in one transaction, none in two.

    What ``act`` returns is kept until the commit: what it has read, the next need not read again.
    """
    waiting = iter(ones)
    for first in waiting:
        with transaction():
            until = time.monotonic() + AT_A_STRETCH_SECONDS
            kept = [act(first)]
            while time.monotonic() < until:
                following = next(waiting, None)
                if following is None:
                    break
                kept.append(act(following))
        if not is_postgresql():
            time.sleep(BREATH_SECONDS)
