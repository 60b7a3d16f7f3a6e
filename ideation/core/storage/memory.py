"""Files in memory, for tests: the same promises, gone with the process."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ideation.core.storage.base import NotStored, Source, Stored, checked


class MemoryStorage:
    """A dictionary that behaves as a store."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def put(self, key: str, source: Source) -> Stored:
        """See ``Storage``."""
        if isinstance(source, bytes):
            data = source
        else:
            data = source.read_bytes() if isinstance(source, Path) else source.read()
        self._files[checked(key)] = data
        return Stored(len(data), hashlib.sha256(data).hexdigest())

    def open(self, key: str) -> BinaryIO:
        """See ``Storage``."""
        return io.BytesIO(self._data(key))

    def path(self, key: str) -> None:
        """See ``Storage``: a file in memory has no path."""
        self._data(key)

    def exists(self, key: str) -> bool:
        return checked(key) in self._files

    def size(self, key: str) -> int:
        return len(self._data(key))

    def delete(self, key: str) -> None:
        """See ``Storage``."""
        self._files.pop(checked(key), None)

    def list(self, prefix: str = "") -> Iterator[str]:
        """See ``Storage``."""
        folder = f"{checked(prefix)}/" if prefix else ""
        yield from sorted(key for key in self._files if key.startswith(folder))

    def sweep(self, older_than: float) -> int:  # noqa: ARG002  # nothing here outlives a process
        """See ``Storage``."""
        return 0

    def _data(self, key: str) -> bytes:
        try:
            return self._files[checked(key)]
        except KeyError:
            raise NotStored(key) from None
