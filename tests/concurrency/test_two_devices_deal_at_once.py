"""A voter on many devices at once: one deck, nothing dealt twice, no position twice."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting import ballots, deck
from ideation.voting.deck import Hand
from ideation.voting.models import Deck, Vote
from tests import factories
from tests.concurrency.crowds import at_once
from tests.factories import voting


@pytest.mark.only("postgresql")
def test_whoever_deals_second_looks_again(app: Flask) -> None:
    contest, voter = factories.contest(), factories.member()
    for _ in range(40):
        factories.submission(contest, with_artwork=False)
    session = voting.session_of(voter)
    voter_id, contest_id = voter.id, contest.id  # asked here: a session is no thread's but its own

    def deal() -> Hand:
        with transaction():
            return deck.deal(
                db.session.get_one(Member, voter_id),
                db.session.get_one(Contest, contest_id),
                at=clock.now(),
            )

    for answered in range(0, 24, 2):
        hands = at_once(app, [deal] * 6, threads=6)
        assert len({hand.ballots for hand in hands}) == 1, "one hand on every device"
        row = db.session.scalars(select(Deck)).one()
        assert row.dealt == answered + 4
        for ballot in hands[0].ballots[:2]:
            assert ballots.cast(session, ballots.sign(ballot), 3, at=clock.now()).refusal is None
        db.session.rollback()
    positions = db.session.scalars(select(Vote.position).order_by(Vote.position)).all()
    assert list(positions) == list(range(24))
