"""From a setting to a store."""

from pathlib import Path

from ideation.core.storage.base import Storage
from ideation.core.storage.local import LocalStorage
from ideation.core.storage.memory import MemoryStorage

_FILE = "file://"


def from_url(url: str) -> Storage:
    """The store of ``file:///absolute/folder`` (taken as it is, nothing decoded) or ``memory://``.

    The folder is made by the first ``put``. Raises ``ValueError``, saying what to write instead.
    """
    if url.startswith(_FILE):
        folder = Path(url.removeprefix(_FILE))
        if folder.is_absolute():
            return LocalStorage(folder)
    if url == "memory://":
        return MemoryStorage()
    raise ValueError(f"a storage address looks like file:///var/lib/ideation/files, not {url}")
