import io
import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ideation.core.storage.base import NotStored, StorageFull
from ideation.core.storage.local import LocalStorage

PIECE = bytes(1 << 20)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_says_so_and_keeps_what_it_has(tiny_disk: Path) -> None:
    storage = LocalStorage(tiny_disk)
    storage.put("kept", b"old")
    with pytest.raises(StorageFull):
        storage.put("kept", bytes(300_000))
    with storage.open("kept") as file:
        assert file.read() == b"old"
    # Nothing unfinished takes up room: what fits, fits again.
    storage.put("other", bytes(150_000))


class Broken(io.BytesIO):
    """An upload that ends in the middle."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError("gone")
        return super().read(10)


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    with pytest.raises(ConnectionResetError):
        storage.put("a/b", Broken(bytes(100)))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def rewrite_for_ever(root: str) -> None:
    storage = LocalStorage(Path(root))
    for number in range(1_000_000):
        storage.put("key", bytes([number % 256]) * len(PIECE))


def test_a_killed_writer_leaves_the_old_file_or_the_new_one_whole(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.put("key", PIECE)
    for kill in range(8):
        writer = multiprocessing.get_context("spawn").Process(
            target=rewrite_for_ever, args=(str(tmp_path),)
        )
        writer.start()
        before = time.monotonic()
        while not list(tmp_path.glob(".unfinished-*")) and time.monotonic() < before + 20:
            with storage.open("key") as file:
                seen = file.read()
            assert len(seen) == len(PIECE)
            assert len(set(seen)) == 1
        time.sleep(kill * 0.003)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        with storage.open("key") as file:
            seen = file.read()
        assert len(seen) == len(PIECE)
        assert len(set(seen)) == 1
        assert list(storage.list()) == ["key"]


def test_what_a_killed_writer_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.put("a/key", b"kept")
    left = tmp_path / "a" / ".unfinished-0123"
    left.write_bytes(b"half")
    assert storage.sweep(older_than=time.time() - 3600) == 0
    os.utime(left, (0, 0))
    assert storage.sweep(older_than=time.time() - 3600) == 1
    assert list(storage.list()) == ["a/key"]
    with pytest.raises(NotStored):
        storage.open("a/other")
