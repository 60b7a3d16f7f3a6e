"""A real instance and a real browser for each journey."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.servers import chromium, instance
from tests.servers.instance import Instance
from tests.servers.nursery import show


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    with chromium.running() as browser:
        yield browser


@pytest.fixture
def house(tmp_path: Path, sqlite_template: Path) -> Iterator[Instance]:
    """An empty instance with its own clock."""
    with instance.running(tmp_path, migrated=sqlite_template) as house:
        yield house
    show(tmp_path / "up.log")
