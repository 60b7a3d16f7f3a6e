"""One application a process and engine, told anew where each test's database and files lie.

Putting the house together costs as much as many a test: hundreds of addresses, an environment for
templates, an engine that meets its database for the first time. A test that changes the house
itself, by another door say, costs a new one.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from redis import Redis
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url

from ideation.app import create_app
from ideation.core import clock, config, logs, queues
from ideation.core.db import db
from ideation.http import limits
from tests import compiled_once
from tests.reused_database import ReusedDatabase

#: Tests with a Redis of their own have a house of their own, which nobody enters again.
MOST = 4


@dataclass
class House:
    """An application as it was when it was put together."""

    app: Flask
    config: dict[str, Any]
    shape: tuple[Any, ...]
    redis: Redis
    #: What visits are counted with: one place a process, whichever application came last.
    limiter: dict[str, Any]


class Houses:
    """The applications of a test process."""

    def __init__(self) -> None:
        self._known: dict[config.Settings, House] = {}

    def enter(self, settings: config.Settings, reused: ReusedDatabase | None) -> Flask:
        """The application under these settings; ``reused`` is its database on PostgreSQL."""
        key = _lasting(settings, is_sqlite=reused is None)
        house = self._known.get(key)
        if house is None or house.shape != _shape(house.app) or _has_moved(house.app, reused):
            self._known.pop(key, None)
            if len(self._known) >= MOST:
                del self._known[next(iter(self._known))]
            self._known[key] = house = _build(settings, reused)
        else:
            _furnish(house, settings)
        return house.app


def _lasting(settings: config.Settings, *, is_sqlite: bool) -> config.Settings:
    """What two tests must have in common to share a house."""
    return dataclasses.replace(
        settings,
        home=Path(),
        database_url="sqlite://" if is_sqlite else "postgresql://",
        storage_url="",
        vault_key="",
        clock_file=None,
    )


def _build(settings: config.Settings, reused: ReusedDatabase | None) -> House:
    assert limits.limiter.enabled, "ask for no_limits: this house would never count again"
    app = create_app(settings)
    engines = db._app_engines[app]
    if reused is None:
        _follow_url(engines[None])
    else:
        reused.engine = engines[None] = reused.engine or engines[None]
    compiled_once.share(app, engines[None])
    return House(
        app, dict(app.config), _shape(app), queues.connection(), dict(vars(limits.limiter))
    )


def _furnish(house: House, settings: config.Settings) -> None:
    """What ``create_app`` does for the process, and what it reads of the settings."""
    config.use(settings)
    logs.install()
    clock.use_file(settings.clock_file)
    if queues.connection() is not house.redis:
        house.redis = queues.connect(settings.redis_url)
    vars(limits.limiter).update(house.limiter)
    house.app.config.clear()
    house.app.config.update(house.config, SQLALCHEMY_DATABASE_URI=settings.database_url)
    house.app._got_first_request = False  # doors may be added
    db._app_engines[house.app][None].url = make_url(settings.database_url)


def _follow_url(engine: Engine) -> None:
    """Let an engine of SQLite open the file that its URL names by then."""

    @event.listens_for(engine, "do_connect")
    def point(_dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:
        arguments[0] = engine.url.database


def _has_moved(app: Flask, reused: ReusedDatabase | None) -> bool:
    """Whether its database was cloned afresh since."""
    return reused is not None and db._app_engines[app][None] is not reused.engine


def _shape(app: Flask) -> tuple[Any, ...]:
    """What a test may change of a house."""
    handlers = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
        app.template_context_processors,
    )
    return (
        dict(app.view_functions),
        len(app.url_map._rules),
        [{scope: list(functions) for scope, functions in each.items()} for each in handlers],
        {scope: len(codes) for scope, codes in app.error_handler_spec.items()},
        app.__dict__.get("wsgi_app"),
        set(app.jinja_env.globals),
    )
