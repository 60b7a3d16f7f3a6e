"""The house as people reach it over https, and a member for every hat."""

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask

from ideation.app import create_app
from ideation.core import config, queues
from ideation.core.db import db
from ideation.core.storage import in_force
from ideation.core.storage.memory import MemoryStorage


@pytest.fixture
def https_app(settings: config.Settings) -> Iterator[Flask]:
    """The application under an https address."""
    application = create_app(dataclasses.replace(settings, base_url="https://contest.example"))
    in_force.use(MemoryStorage())
    queues.connection().flushall()
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()
