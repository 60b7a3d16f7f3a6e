"""Migration 0004: a tally's rows of weights become its file, and rows again on the way down."""

import pytest
from flask import Flask
from sqlalchemy import text

from ideation.core import clock, guards
from ideation.core.db import db, is_postgresql, transaction
from ideation.migrations import runner
from ideation.voting import tallying, weight_files
from ideation.voting.models import Tally
from ideation.voting.recount import recount
from tests import factories
from tests.factories import voting


def rows(statement: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_down_and_up_again_keep_every_weight_and_agree_with_the_recount(app: Flask) -> None:
    contest = factories.contest(winners=1)
    designs = [factories.submission(contest) for _ in range(4)]
    for number in range(7):
        voter = factories.member(confirmed=number != 2)
        marks = [(design, 1 + (number + at) % 5) for at, design in enumerate(designs[: number + 1])]
        voting.votes(voter, marks, device=b"one laptop" if number > 3 else b"")
    voting.votes(factories.member(), [(factories.submission(factories.contest()), 3)])
    tally = voting.tallied(contest)
    with transaction():
        tallying.refreeze(contest.id, "check:1", at=clock.now())
    voting.tallied(factories.contest())
    expected = [
        (tally.id, vote.submission_id, vote.member_id, vote.weight, vote.reason.value)
        for vote in weight_files.weights_of(tally)
    ]
    heads = "SELECT id, sigma2, weights_digest FROM tallies ORDER BY id"
    before = rows(heads)
    db.session.remove()

    runner.downgrade(db.engine, "0003")
    old = rows(
        "SELECT tally_id, submission_id, member_id, weight, reason FROM tally_weights"
        f" WHERE tally_id = {tally.id} ORDER BY submission_id, member_id"
    )
    assert old == expected
    assert rows("SELECT tally_id FROM tally_weight_files") == []
    for change in ("UPDATE tally_weights SET weight = 1", "DELETE FROM tally_weights"):
        with pytest.raises(Exception, match="append-only"), db.engine.begin() as connection:
            connection.execute(text(change))
    with db.engine.begin() as connection:
        on = " ON tallies" if is_postgresql() else ""
        connection.execute(text(f"DROP TRIGGER guard_tallies_update{on}"))
        connection.execute(
            text("UPDATE tallies SET sigma2 = 0, votes_digest = '', weights_digest = ''")
        )

    runner.upgrade(db.engine)
    assert rows(heads) == before
    with db.engine.connect() as connection:
        assert guards.missing(connection) == []
    found = recount()
    assert (found.tallies, found.mismatches) == (3, ())
    again = db.session.get_one(Tally, tally.id)
    assert not again.votes_digest.startswith("v2-"), "what is migrated keeps to the first form"
    assert [tuple(vote)[:2] for vote in weight_files.weights_of(again)] == [
        row[1:3] for row in expected
    ]
    assert runner.differences(db.engine) == []
