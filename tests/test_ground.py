from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from ideation.core import clock, guards
from ideation.core.db import db, transaction
from ideation.migrations import runner
from ideation.spaces.models import Space
from ideation.voting import deck
from ideation.voting.models import Deck
from tests import factories, long_first


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


def test_decks_survive_a_way_down_and_up(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    factories.submission(contest, with_artwork=False)
    with transaction() as current:
        deck.deal(current.merge(voter), current.merge(contest), at=clock.now())
    db.session.remove()
    runner.downgrade(db.engine, "0002")
    with db.engine.connect() as connection:
        row = connection.execute(text("SELECT slot, cursor, dealt FROM decks")).one()
        assert tuple(row) == (-1, 0, 1)
    runner.upgrade(db.engine)
    assert db.session.scalars(select(Deck.dealt)).one() == 1


def test_a_dropped_guard_is_noticed(app: Flask) -> None:
    on = "" if db.engine.dialect.name == "sqlite" else " ON tallies"
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER guard_tallies_update{on}"))
        assert guards.missing(connection) == ["guard_tallies_update"]


@dataclass(frozen=True)
class Named:
    """All that the order of tests asks of one."""

    nodeid: str


@pytest.mark.one_engine
def test_long_tests_head_the_blocks_and_none_is_lost() -> None:
    assert [path for path in long_first.LONG if not Path(path).is_file()] == []
    short = [Named(f"tests/test_{place}.py::test") for place in range(50)]
    long = [Named(f"{path}::test_{place}") for place in range(2) for path in long_first.LONG]
    arranged = long_first.arranged([*short, *long], 3)
    assert sorted(one.nodeid for one in arranged) == sorted(one.nodeid for one in [*short, *long])
    rest = arranged
    for place in range(3):
        size = len(rest) // (3 - place)  # as xdist cuts them
        block, rest = rest[:size], rest[size:]
        assert block[0].nodeid.startswith(long_first.LONG[place])
        assert block[-1] in short
