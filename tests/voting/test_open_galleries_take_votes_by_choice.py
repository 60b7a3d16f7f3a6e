"""In an open contest a page's own ballot is a vote; nowhere else is it."""

import pytest
from flask import Flask
from sqlalchemy import event, select

from ideation.accounts.grants import Role
from ideation.accounts.models import Standing
from ideation.contests.models import Contest, Format
from ideation.core import clock
from ideation.core.db import db
from ideation.voting import ballots, open_scoring, tallying
from ideation.voting.models import BallotLogEntry, Vote
from ideation.voting.policies import Refusal
from ideation.voting.tokens import CHOSEN_SLOT
from tests import factories
from tests.factories import voting


def test_a_chosen_vote_is_cast_logged_and_counted_like_any_other(app: Flask) -> None:
    contest = factories.contest(format=Format.OPEN)
    designs = [factories.submission(contest) for _ in range(3)]
    voter = factories.member()
    session = voting.session_of(voter)
    offered = open_scoring.offer(voter, contest, designs, at=clock.now())
    assert {key: choice.stars for key, choice in offered.items()} == {
        design.id: None for design in designs
    }
    for design in designs:
        assert ballots.cast(session, offered[design.id].token, 4, at=clock.now()).refusal is None
    db.session.rollback()  # the ballots went in by another connection
    votes = db.session.scalars(select(Vote)).all()
    assert {(vote.slot, vote.stars) for vote in votes} == {(CHOSEN_SLOT, 4)}
    lines = db.session.scalars(select(BallotLogEntry)).all()
    assert {(line.slot, line.action.value) for line in lines} == {(CHOSEN_SLOT, "cast")}
    assert tallying.count(contest.id).result.counted == 3
    again = open_scoring.offer(voter, contest, designs, at=clock.now())
    assert {choice.stars for choice in again.values()} == {4}


def test_a_dealt_vote_that_is_changed_on_the_page_stays_dealt(app: Flask) -> None:
    contest = factories.contest(format=Format.OPEN)
    design, voter = factories.submission(contest), factories.member()
    session = voting.session_of(voter)
    ballots.cast(session, voting.ballot(voter, design, slot=7, position=2), 2, at=clock.now())
    chosen = open_scoring.offer(voter, contest, [design], at=clock.now())[design.id]
    ballots.cast(session, chosen.token, 5, at=clock.now())
    db.session.rollback()
    vote = db.session.scalars(select(Vote)).one()
    assert (vote.slot, vote.position, vote.stars) == (7, 2, 5)


@pytest.mark.one_engine
def test_nothing_is_offered_where_a_vote_would_be_refused(app: Flask) -> None:
    contest = factories.contest(format=Format.OPEN)
    designer, voter = factories.member(), factories.member()
    design = factories.submission(contest, designer)
    at = clock.now()

    def offers(member: object, one: Contest = contest) -> bool:
        wall = [factories.submission(one)] if one is not contest else [design]
        return bool(open_scoring.offer(member, one, wall, at=at))  # type: ignore[arg-type]

    assert offers(voter)
    assert not offers(None)
    assert not offers(designer)
    assert not offers(factories.member(standing=Standing.SUSPENDED))
    assert not offers(factories.member(roles=(Role.PRODUCT_MANAGER,)))
    assert not offers(voter, factories.contest())
    assert not offers(voter, factories.contest(format=Format.JURY, quorum=1))
    for phase in ("entry", "decision"):
        assert not offers(voter, factories.contest(phase, format=Format.OPEN))


def test_a_ballot_of_ones_own_choice_is_no_vote_in_a_dealt_contest(app: Flask) -> None:
    contest = factories.contest()
    design, voter = factories.submission(contest), factories.member()
    token = voting.ballot(voter, design, slot=CHOSEN_SLOT)
    answer = ballots.cast(voting.session_of(voter), token, 5, at=clock.now())
    assert answer.refusal is Refusal.NOT_DEALT
    assert db.session.scalars(select(Vote)).all() == []


@pytest.mark.one_engine
def test_a_wall_of_ballots_costs_one_statement(app: Flask) -> None:
    contest = factories.contest(format=Format.OPEN)
    designs = [factories.submission(contest) for _ in range(8)]
    voter = factories.member()
    assert all(design.designers and design.contest for design in designs)
    assert voter.grants == []
    assert contest.format is Format.OPEN
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    open_scoring.offer(voter, contest, designs, at=clock.now())
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) == 1, seen
