"""Batches cover each line once; a line changed, taken out or slipped in is named."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text

from ideation.contests import editions
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.proof import batching, checking, leaves
from ideation.proof.models import BallotBatch, SealedLine
from ideation.voting.models import BallotLogEntry
from tests import factories
from tests.factories import voting


def scored() -> Contest:
    """Twelve lines of the log, three of them changes."""
    contest = factories.contest()
    designs = [factories.submission(contest, with_artwork=False) for _ in range(3)]
    for number in range(3):
        voter = factories.member()
        voting.votes(
            voter, [(design, 1 + (number + place) % 5) for place, design in enumerate(designs)]
        )
        voting.votes(voter, [(designs[0], 5)])
    return contest


def differences(contest: Contest) -> list[str]:
    return list(checking.verify(contest).differences)


def alter(statement: str, **values: object) -> None:
    """As somebody would who has the database's password."""
    table = statement.replace("FROM ", "").replace("INTO ", "").split()[1]
    verb = statement.split()[0].lower()
    db.session.rollback()  # a look that is left open would hold up whoever drops a trigger
    with db.engine.begin() as connection:
        if verb != "insert":
            on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER IF EXISTS guard_{table}_{verb}{on}"))
        connection.execute(text(statement), values)


def test_sealing_twice_makes_one_batch_and_more_lines_the_next(app: Flask) -> None:
    contest = scored()
    assert batching.due_to_seal(clock.now()) == [contest.id]
    assert batching.seal(contest.id, at=clock.now()) == 1
    assert batching.seal(contest.id, at=clock.now()) == 0
    assert batching.due_to_seal(clock.now()) == []
    first = batching.head(contest.id)
    voting.votes(factories.member(), [(factories.submission(contest, with_artwork=False), 4)])
    assert batching.seal(contest.id, at=clock.now()) == 1
    one, two = batching.list_batches(contest.id)
    assert (one.number, two.number, two.leaves) == (1, 2, 1)
    assert bytes(one.head).hex() == first != batching.head(contest.id)
    assert differences(contest) == []


def test_a_long_log_is_cut_into_batches_that_cover_each_line_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "MOST_LEAVES", 5)
    contest = scored()
    lines = list(db.session.scalars(select(BallotLogEntry.id).order_by(BallotLogEntry.id)))
    made = batching.seal(contest.id, at=clock.now())
    assert made == -(-len(lines) // 5)
    assert sum(batch.leaves for batch in batching.list_batches(contest.id)) == len(lines)
    assert sorted(db.session.scalars(select(SealedLine.line_id))) == lines
    assert checking.verify(contest) == checking.Checked(made, len(lines), ())


def test_of_two_sealers_the_loser_goes_on_to_the_last_line_it_saw(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hourly sealer saw the edge before the last votes, and wins the batch from the tally's."""
    contest = scored()
    lines = sorted(db.session.scalars(select(BallotLogEntry.id)))
    read, earlier = batching._next, iter([lines[7]])

    def with_a_rival(contest_id: int, edge: int) -> batching.Batch | None:
        mine = read(contest_id, edge)
        for rivals_edge in earlier:
            rivals = read(contest_id, rivals_edge)
            assert rivals is not None
            with transaction():
                assert batching._write(rivals, clock.now())
        return mine

    monkeypatch.setattr(batching, "_next", with_a_rival)
    assert batching.seal(contest.id, at=clock.now()) == 1, "the rival made the other"
    head = batching.head(contest.id)
    assert [batch.leaves for batch in batching.list_batches(contest.id)] == [8, 4]
    assert sorted(db.session.scalars(select(SealedLine.line_id))) == lines
    assert batching.seal(contest.id, at=clock.now()) == 0 and batching.head(contest.id) == head
    assert differences(contest) == []


def test_a_sealer_and_whoever_seals_while_closing_do_not_wait_for_each_other(app: Flask) -> None:
    """The one holds the contest's row and wants the batch's number; the other must not hold that
    number and want the row.
    """
    contest = scored()
    ready = batching._next(contest.id, 1 << 40)
    assert ready is not None
    wrote: list[bool] = []

    def write() -> None:
        with app.app_context(), transaction():
            wrote.append(batching._write(ready, clock.now()))

    rival = threading.Thread(target=write)
    with transaction():
        editions.get_locked(contest.id)
        rival.start()
        rival.join(0.4)
        assert batching.seal(contest.id, at=clock.now()) == 1
    rival.join(30)
    assert wrote == [False]
    db.session.rollback()
    assert [batch.leaves for batch in batching.list_batches(contest.id)] == [12]
    assert differences(contest) == []


def test_two_contests_have_chains_of_their_own(app: Flask) -> None:
    one, other = scored(), scored()
    for contest in (one, other):
        batching.seal(contest.id, at=clock.now())
    heads = {batching.head(contest.id) for contest in (one, other)}
    assert len(heads) == 2 and differences(one) == differences(other) == []


def test_inside_a_transaction_it_joins_that(app: Flask) -> None:
    contest = scored()
    with pytest.raises(RuntimeError, match="never mind"), transaction():
        batching.seal(contest.id, at=clock.now())
        raise RuntimeError("never mind")
    assert batching.head(contest.id) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE ballot_log SET stars = stars % 5 + 1 WHERE id = :line", "was changed"),
        ("UPDATE ballot_log SET position = position + 1 WHERE id = :line", "was changed"),
        ("DELETE FROM ballot_log WHERE id = :line", "is gone"),
    ],
)
def test_a_line_that_was_tampered_with_is_named(app: Flask, change: str, said: str) -> None:
    contest = scored()
    batching.seal(contest.id, at=clock.now())
    line = sorted(db.session.scalars(select(BallotLogEntry.id)))[4]
    db.session.rollback()
    alter(change, line=line)
    assert differences(contest) == [f"batch 1: line {line} of the ballot log {said}"]


def test_a_line_slipped_in_between_is_named(app: Flask) -> None:
    contest = scored()
    first = sorted(db.session.scalars(select(BallotLogEntry.id)))[0]
    alter("UPDATE ballot_log SET id = :to WHERE id = :line", line=first, to=first + 1000)
    batching.seal(contest.id, at=clock.now())
    alter(
        "INSERT INTO ballot_log (id, contest_id, submission_id, pseudonym, action, stars, slot,"
        " position, at) SELECT :to, contest_id, submission_id, pseudonym, action, stars, slot,"
        " position, at FROM ballot_log WHERE id = :line",
        line=first + 1000,
        to=first,
    )
    assert differences(contest) == [f"batch 1: line {first} of the ballot log was slipped in"]


def test_whoever_rewrites_line_tag_and_root_leaves_a_head_that_does_not_follow(app: Flask) -> None:
    contest = scored()
    batching.seal(contest.id, at=clock.now())
    line = min(db.session.scalars(select(BallotLogEntry.id)))
    db.session.rollback()
    alter("UPDATE ballot_log SET stars = stars % 5 + 1 WHERE id = :line", line=line)
    hashed = dict(checking._leaves(contest.id, 0, 10**9))
    db.session.rollback()
    alter(
        "UPDATE sealed_lines SET tag = :tag WHERE line_id = :line", line=line, tag=hashed[line][:10]
    )
    assert differences(contest) == [
        "batch 1: its lines agree with their tags, but not with its root"
    ]
    alter("UPDATE ballot_batches SET root = :root", root=leaves.root(hashed.values()))
    assert differences(contest) == [
        "batch 1: its head does not follow from its root and the head before"
    ]


def test_a_batch_taken_out_is_missed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "MOST_LEAVES", 4)
    contest = scored()
    batching.seal(contest.id, at=clock.now())
    alter("DELETE FROM ballot_batches WHERE number = :number", number=2)
    assert "batch 2 is missing" in differences(contest)


def test_the_guards_refuse_a_batch_being_rewritten(app: Flask) -> None:
    contest = scored()
    batching.seal(contest.id, at=clock.now())
    for statement in ("UPDATE ballot_batches SET leaves = 1", "DELETE FROM sealed_lines"):
        with pytest.raises(Exception, match="append-only"), db.engine.begin() as connection:
            connection.execute(text(statement))
    assert db.session.scalars(select(BallotBatch.leaves)).one() == 12
