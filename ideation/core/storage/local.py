"""Files on this machine's disk."""

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ideation.core.storage.base import NotStored, Source, StorageFull, Stored, checked

_BLOCK = 1 << 20
#: A dot begins no key, so an unfinished file can be neither listed nor asked for.
_UNFINISHED = ".unfinished-"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class LocalStorage:
    """A folder of files named by their keys; several processes may write to it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def put(self, key: str, source: Source) -> Stored:
        """See ``Storage``: written beside its place, flushed to the disk, then renamed into it."""
        target = self._place(key)
        with _no_room_is_storage_full():
            _make_folders(target.parent)
            unfinished = target.parent / (_UNFINISHED + secrets.token_hex(8))
            try:
                stored = _write(unfinished, source)
                unfinished.replace(target)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            _flush_folder(target.parent)
        return stored

    def open(self, key: str) -> BinaryIO:
        """See ``Storage``; the handle stays good when the file is replaced or deleted."""
        try:
            return self._place(key).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NotStored(key) from None

    def path(self, key: str) -> Path:
        """See ``Storage``."""
        place = self._place(key)
        if not place.is_file():
            raise NotStored(key)
        return place

    def exists(self, key: str) -> bool:
        return self._place(key).is_file()

    def size(self, key: str) -> int:
        return self.path(key).stat().st_size

    def delete(self, key: str) -> None:
        """See ``Storage``. Its folder stays: removing it would race with a ``put`` beside it."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            self._place(key).unlink()

    def list(self, prefix: str = "") -> Iterator[str]:
        """See ``Storage``; walks the folder, so it is for upkeep and not for a page."""
        top = self._place(prefix) if prefix else self.root
        found = (
            Path(folder, name).relative_to(self.root).as_posix()
            for folder, _, names in os.walk(top)
            for name in names
            if not name.startswith(".")
        )
        yield from sorted(found)

    def sweep(self, older_than: float) -> int:
        """See ``Storage``."""
        swept = 0
        for path in self.root.rglob(_UNFINISHED + "*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < older_than:
                    path.unlink()
                    swept += 1
        return swept

    def _place(self, key: str) -> Path:
        return self.root / checked(key)


def _write(path: Path, source: Source) -> Stored:
    """Copy ``source`` to a new file and onto the disk, for the owner's eyes only."""
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for block in _blocks(source):
            file.write(block)
            digest.update(block)
            size += len(block)
        file.flush()
        os.fsync(file.fileno())
    return Stored(size, digest.hexdigest())


def _blocks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
    elif isinstance(source, Path):
        with source.open("rb") as file:
            yield from iter(lambda: file.read(_BLOCK), b"")
    else:
        yield from iter(lambda: source.read(_BLOCK), b"")


def _make_folders(folder: Path) -> None:
    """Make the folder, and the entry of each new one in its parent as lasting as the file's."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _no_room_is_storage_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("the disk that holds the files is full") from error
        raise
