"""Keeping the index of words in step with what it is about."""

from ideation.core import jobs
from ideation.core.db import transaction
from ideation.search import indexing


@jobs.handler(indexing.READ)
def read() -> None:
    """Read everything that changed, in short transactions, so that nobody waits."""
    done = True
    while done:
        with transaction():
            done = indexing.read_changes() > 0
