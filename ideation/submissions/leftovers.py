"""Files that no row names: removed pictures, and what a killed process stored and never added.

The database is asked again right before each deletion, so a key may be handed in twice, early or
wrongly: what a row names is never deleted.
"""

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from ideation.core import jobs
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.submissions.models import Artwork, Rendition

CLEAR = jobs.declare("submissions.clear_files")
FIND = jobs.declare("submissions.find_leftovers")

#: Folder of the store → the column that names what is in it; None where nothing does.
_NAMED: dict[str, Any] = {"originals": Artwork.original_key, "renditions": Rendition.key}

#: Longer than any upload takes from the disk to its row.
GRACE = timedelta(hours=2)
_BATCH = 500


def watch(folder: str, column: Any) -> None:
    """Keep order in a further folder, whose files ``column`` names, or no row at all.

    Called at import.
    """
    _NAMED[folder] = column


def clear(keys: Iterable[str], *, at: datetime, due_at: datetime | None = None) -> None:
    """Ask for the files' deletion, in the open transaction."""
    for batch in _batches(keys):
        jobs.enqueue(CLEAR, at=at, due_at=due_at, keys=batch)


def delete_unnamed(keys: Iterable[str]) -> int:
    """Delete those of the files that no row names; returns how many it tried."""
    unnamed = _unnamed(list(keys))
    db.session.rollback()
    for key in unnamed:
        in_force.store().delete(key)
    return len(unnamed)


def find() -> list[str]:
    """Stored pictures that no row names at this moment; some may be uploads in flight."""
    found: list[str] = []
    store = in_force.store()
    for batch in _batches(itertools.chain.from_iterable(map(store.list, _NAMED))):
        found += _unnamed(batch)
    db.session.rollback()
    return found


def _unnamed(keys: list[str]) -> list[str]:
    named: set[str] = set()
    for column in filter(_is_column, _NAMED.values()):
        named |= set(db.session.scalars(select(column).where(column.in_(keys))))
    return [key for key in keys if key not in named]


def _is_column(column: Any) -> bool:
    return column is not None


def _batches(keys: Iterable[str]) -> Iterable[list[str]]:
    iterator = iter(keys)
    while batch := list(itertools.islice(iterator, _BATCH)):
        yield batch
