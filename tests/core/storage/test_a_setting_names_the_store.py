from pathlib import Path

import pytest

from ideation.core.storage.local import LocalStorage
from ideation.core.storage.memory import MemoryStorage
from ideation.core.storage.opening import from_url


def test_a_folder_is_named_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "with space %20 and #"
    store = from_url(f"file://{folder}")
    assert isinstance(store, LocalStorage)
    store.put("key", b"1")
    assert (folder / "key").read_bytes() == b"1"


def test_memory_is_for_tests() -> None:
    assert isinstance(from_url("memory://"), MemoryStorage)


@pytest.mark.parametrize("url", ["", "files", "file://relative", "/var/lib", "ftp://host/x"])
def test_anything_else_is_told_what_to_write(url: str) -> None:
    with pytest.raises(ValueError, match="file:///var/lib/ideation/files"):
        from_url(url)
