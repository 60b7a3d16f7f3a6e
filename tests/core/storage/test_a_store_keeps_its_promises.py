import io
from hashlib import sha256
from pathlib import Path

import pytest

from ideation.core.storage.base import NotStored, Storage, local_copy
from ideation.core.storage.local import LocalStorage
from ideation.core.storage.memory import MemoryStorage


@pytest.fixture(params=["local", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return LocalStorage(tmp_path / "files") if request.param == "local" else MemoryStorage()


def test_bytes_a_path_and_a_stream_are_stored_alike(storage: Storage, tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    (tmp_path / "source").write_bytes(data)
    stream = io.BytesIO(b"skipped" + data)
    stream.seek(7)
    for key, source in (("a", data), ("b/c.png", tmp_path / "source"), ("d/e/f", stream)):
        stored = storage.put(key, source)
        assert (stored.size, stored.sha256) == (len(data), sha256(data).hexdigest())
        with storage.open(key) as file:
            assert file.read() == data
        assert storage.size(key) == len(data)
        with local_copy(storage, key) as path:
            assert path.read_bytes() == data


def test_what_is_put_again_takes_the_place_of_what_was_there(storage: Storage) -> None:
    storage.put("key", b"old and longer")
    with storage.open("key") as reader:
        storage.put("key", b"new")
        assert reader.read() == b"old and longer"
    with storage.open("key") as reader:
        assert reader.read() == b"new"


def test_what_is_not_there_says_so(storage: Storage) -> None:
    assert not storage.exists("no/such")
    for ask in (storage.open, storage.size, storage.path):
        with pytest.raises(NotStored, match="no/such"):
            ask("no/such")
    storage.put("a/b", b"")
    with pytest.raises(NotStored):
        storage.open("a")
    with pytest.raises(NotStored):
        storage.open("a/b/c")


def test_deleting_twice_is_deleting_once(storage: Storage) -> None:
    storage.put("a/b", b"1")
    storage.delete("a/b")
    storage.delete("a/b")
    storage.delete("a/b/c")
    assert not storage.exists("a/b")


def test_keys_are_listed_in_order_by_folder(storage: Storage) -> None:
    for key in ("b/2", "a/1.webp", "b/1/x", "bb/1"):
        storage.put(key, b"")
    assert list(storage.list()) == ["a/1.webp", "b/1/x", "b/2", "bb/1"]
    assert list(storage.list("b")) == ["b/1/x", "b/2"]
    assert list(storage.list("none")) == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../a",
        "a/../b",
        "a/..",
        "./a",
        "a/./b",
        "a//b",
        "a/",
        ".hidden",
        "a/.hidden",
        "a..b",
        "a.",
        "A",
        "a b",
        "a\\b",
        "a\0b",
        "a\n",
        "é",
        "%2e%2e",
        "con:1",
        "a" * 256,
    ],
)
def test_a_malformed_key_goes_nowhere(storage: Storage, key: str, tmp_path: Path) -> None:
    for ask in (storage.open, storage.size, storage.path, storage.exists, storage.delete):
        with pytest.raises(ValueError, match="not a storage key"):
            ask(key)
    with pytest.raises(ValueError, match="not a storage key"):
        storage.put(key, b"x")
    assert not list((tmp_path / "files").rglob("*"))
