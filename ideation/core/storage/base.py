"""What a store of files promises."""

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

#: Lower case only: a disk may hold ``A`` and ``a`` to be the same file.
_SEGMENT = r"[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9]))*"
_KEY = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*", re.ASCII)
_MAX_KEY = 255

Source = bytes | Path | BinaryIO


class StorageError(Exception):
    """Something about a stored file is not as it should be."""


class NotStored(StorageError):
    """There is no file under this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"nothing is stored under {key}")
        self.key = key


class StorageFull(StorageError):
    """There is no room left; the operator must act, and the same call may then succeed."""


@dataclass(frozen=True)
class Stored:
    """What was written: its length in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


class Storage(Protocol):
    """Files by key. Every method raises ``ValueError`` for a malformed key."""

    def put(self, key: str, source: Source) -> Stored:
        """Store ``source`` under ``key`` for good, in place of what was there.

        A stream is read from where it stands. Raises ``StorageFull``.
        """
        ...

    def open(self, key: str) -> BinaryIO:
        """The file for reading, which the caller closes. Raises ``NotStored``."""
        ...

    def path(self, key: str) -> Path | None:
        """Where the file lies, for a server that can send files; None where it has no path.

        Raises ``NotStored``.
        """
        ...

    def exists(self, key: str) -> bool: ...

    def size(self, key: str) -> int:
        """Length in bytes. Raises ``NotStored``."""
        ...

    def delete(self, key: str) -> None:
        """Remove the file; one that is not there is as good as removed."""
        ...

    def list(self, prefix: str = "") -> Iterator[str]:
        """Keys in order: all, or those in the folder ``prefix`` and below."""
        ...

    def sweep(self, older_than: float) -> int:
        """Remove what a killed process left unfinished before this time (epoch seconds)."""
        ...


def checked(key: str) -> str:
    """``key`` itself. Raises ``ValueError`` unless it is segments of ``a-z 0-9 . _ -`` and ``/``.

    A segment begins with a letter or digit and a dot stands between two of them, which leaves no
    way to write ``..``, a hidden file or an absolute path.
    """
    if len(key) > _MAX_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key


@contextlib.contextmanager
def local_copy(storage: Storage, key: str) -> Iterator[Path]:
    """A path to the file's bytes for a program that needs one; only to be read, within the block.

    Raises ``NotStored``.
    """
    if (path := storage.path(key)) is not None:
        yield path
        return
    with storage.open(key) as stored, tempfile.NamedTemporaryFile() as copy:
        shutil.copyfileobj(stored, copy)
        copy.flush()
        yield Path(copy.name)
