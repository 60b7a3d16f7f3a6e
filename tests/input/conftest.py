"""The furnished house, its walk taken once a process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.access import walking
from tests.access.walking import Stop
from tests.access.world import World
from tests.input.house import House, Request, furnish, requests

_asked: list[Request] = []
_walked: dict[str, Stop] = {}


@pytest.fixture
def house(
    app: Flask,
    scene: Callable[[Callable[[], World]], World],
    tmp_path: Path,
    no_limits: None,
) -> House:
    """Everything that pages can show, and nobody counts how often somebody asks."""
    return House(app, scene(furnish), tmp_path)


@pytest.fixture
def stops(house: House) -> dict[str, Stop]:
    """Route → its page."""
    if not _walked:
        _walked.update(walking.walk(house.app, house.world))
    return _walked


@pytest.fixture
def asked(house: House, stops: dict[str, Stop]) -> list[Request]:
    """What can be posted, for every route that changes something."""
    if not _asked:
        _asked.extend(requests(house, stops))
    return _asked
