from flask import Flask
from sqlalchemy import select, text

from ideation.core import guards
from ideation.core.db import db
from ideation.migrations import runner
from ideation.spaces.models import Space


def test_every_instance_begins_with_one_space(app: Flask) -> None:
    assert [space.slug for space in db.session.scalars(select(Space))] == ["everyone"]


def test_the_migrated_database_is_what_the_models_say(app: Flask) -> None:
    assert runner.differences(db.engine) == []
    assert runner.pending(db.engine) == []


def test_guards_survive_a_way_down_and_up(app: Flask) -> None:
    db.session.remove()
    runner.downgrade(db.engine, "base")
    runner.upgrade(db.engine)
    with db.engine.connect() as connection:
        assert guards.missing(connection) == []


def test_a_dropped_guard_is_noticed(app: Flask) -> None:
    on = "" if db.engine.dialect.name == "sqlite" else " ON tallies"
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_tallies_update{on}"))
        assert guards.missing(connection) == ["guard_tallies_update"]
