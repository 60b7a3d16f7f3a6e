"""Work shared among the processor's cores, in threads.

For what leaves the interpreter alone while it works: numpy on long columns, digests. What is run
here must not ask the database, whose session goes with the thread.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Part = TypeVar("_Part")
_Done = TypeVar("_Done")

#: More wait for the memory.
MOST = 8
COUNT = min(MOST, os.cpu_count() or 1)


def each(act: Callable[[_Part], _Done], parts: Iterable[_Part]) -> list[_Done]:
    """What `act` makes of each part, in their order; raises what it raised first."""
    parts = list(parts)
    if len(parts) < 2:
        return [act(part) for part in parts]
    with ThreadPoolExecutor(COUNT) as pool:
        return list(pool.map(act, parts))


@contextlib.contextmanager
def aside(act: Callable[[], _Done]) -> Iterator[Callable[[], _Done]]:
    """Do it while the block runs; what is given waits for it, and returns or raises as it does."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(act).result


def spans(size: int, most: int) -> list[slice]:
    """From 0 to `size` in slices of `most` or fewer."""
    return [slice(start, min(start + most, size)) for start in range(0, size, most)]
