"""A stub verifies, a changed byte does not; it outlives its voter's account."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ideation.accounts import erasure
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.proof import batching, stubs
from ideation.proof.stubs import Found
from ideation.submissions.models import Submission
from ideation.voting import ballots
from ideation.voting.models import BallotLogEntry, Vote
from tests import factories
from tests.factories import voting


def close(contest: Contest) -> None:
    with transaction():
        db.session.get_one(Contest, contest.id).closed_at = clock.now()
    batching.seal(contest.id, at=clock.now())


def find(code: str) -> Found | None:
    tag = stubs.read(code)
    return stubs.look_up(tag, at=clock.now() + timedelta(seconds=1)) if tag else None


def codes(voter: Member, contest: Contest) -> dict[int, stubs.Stub]:
    db.session.rollback()  # ballots are cast beside this session
    voter = db.session.get_one(Member, voter.id)
    votes = db.session.scalars(select(Vote).where(Vote.member_id == voter.id)).all()
    return stubs.of_votes(voter, contest, votes)


def crowd(designs: list[Submission], voters: int = 4) -> None:
    for number in range(voters):
        marks = [(design, 1 + (number + place) % 5) for place, design in enumerate(designs)]
        voting.votes(factories.member(), marks)


@pytest.fixture
def contest(app: Flask) -> Contest:
    return factories.contest()


def test_a_stub_is_the_beginning_of_the_hash_of_the_line_in_the_log(contest: Contest) -> None:
    voter, design = factories.member(), factories.submission(contest, with_artwork=False)
    session = voting.session_of(voter)
    for stars in (2, 5, 5):
        voting.vote(voter, design, stars, session=session)
    batching.seal(contest.id, at=clock.now())
    logged = [line for _, line in batching.lines(contest.id, 0)]
    assert [line.action.value for line in logged] == ["cast", "change"]
    stub = codes(voter, contest)[design.id]
    assert stub.line == str(logged[1])
    assert stub.code.replace("-", "") == logged[1].leaf.hex()[:20]
    with transaction():
        taken_back = ballots.retract(
            db.session.get_one(Member, voter.id), voting.ballot(voter, design), at=clock.now()
        )
    ballots.cast(session, ballots.sign(taken_back), 3, at=clock.now())
    again = codes(voter, contest)[design.id]
    assert again.line == str([line for _, line in batching.lines(contest.id, 0)][-1])


def test_every_stub_leads_to_the_head_once_scoring_is_closed(contest: Contest) -> None:
    designs = [factories.submission(contest, with_artwork=False) for _ in range(3)]
    crowd(designs)
    batching.seal(contest.id, at=clock.now())
    voter = factories.member()
    voting.votes(voter, [(design, 4) for design in designs])
    batching.seal(contest.id, at=clock.now())
    held = codes(voter, contest)
    before = find(held[designs[0].id].code)
    assert before is not None and before.place is None, "nothing of others' votes before close"
    close(contest)
    for stub in held.values():
        found = find(stub.code)
        assert found is not None and found.place is not None and found.contest.id == contest.id
        assert (found.place.batch.number, found.place.batch.leaves) == (2, 3)
        assert found.place.holds(found.leaf)
        assert not found.place.holds(bytes([found.leaf[0] ^ 1, *found.leaf[1:]]))


def test_a_stub_is_not_found_before_its_ballot_is_sealed(contest: Contest) -> None:
    voter, design = factories.member(), factories.submission(contest, with_artwork=False)
    voting.votes(voter, [(design, 4)])
    assert find(codes(voter, contest)[design.id].code) is None


def test_one_changed_digit_is_no_stub(contest: Contest) -> None:
    voter, design = factories.member(), factories.submission(contest, with_artwork=False)
    voting.votes(voter, [(design, 4)])
    close(contest)
    code = codes(voter, contest)[design.id].code
    assert find(code) is not None
    assert find(code.upper().replace("-", "  ")) is not None, "however it is typed"
    for place, digit in enumerate(code):
        if digit != "-":
            other = "0" if digit != "0" else "f"
            assert find(code[:place] + other + code[place + 1 :]) is None
    assert [find(typed) for typed in ("", "hello", code[:-1], code + "0")] == [None] * 4


def test_a_line_that_was_altered_since_is_no_longer_found(contest: Contest) -> None:
    voter, design = factories.member(), factories.submission(contest, with_artwork=False)
    voting.votes(voter, [(design, 4)])
    close(contest)
    code = codes(voter, contest)[design.id].code
    on = "" if db.engine.dialect.name == "sqlite" else " ON ballot_log"
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER guard_ballot_log_update{on}")
        connection.execute(BallotLogEntry.__table__.update().values(stars=1))
    db.session.rollback()
    assert find(code) is None


def test_whoever_kept_a_stub_finds_the_ballot_after_the_account_is_erased(
    contest: Contest,
) -> None:
    voter, design = factories.member(), factories.submission(contest, with_artwork=False)
    crowd([design], voters=2)
    voting.votes(voter, [(design, 4)])
    code = codes(voter, contest)[design.id].code
    close(contest)
    with transaction():
        erasure.erase(voter.id, at=clock.now())
    assert codes(voter, contest) == {}, "nobody can make it again"
    found = find(code)
    assert found is not None and found.place is not None and found.place.holds(found.leaf)


@given(st.binary(min_size=32, max_size=32))
def test_reading_undoes_writing(leaf: bytes) -> None:
    code = stubs.code_of(leaf)
    assert len(code) == 24 and stubs.read(code) == leaf[:10]
