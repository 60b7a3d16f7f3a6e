"""The store of this process, as the settings say."""

from ideation.core.storage.base import Storage

_store: Storage | None = None


def use(store: Storage) -> None:
    """Keep files in ``store`` from now on."""
    global _store
    _store = store


def store() -> Storage:
    """The store in force. Raises RuntimeError before ``use``."""
    if _store is None:
        raise RuntimeError("in_force.use() has not been called")
    return _store
