"""Favourites: kept and dropped, gone with the account, counted beside the score after the close."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.events import AccountErased
from ideation.contests.models import Contest
from ideation.core import clock, events
from ideation.core.db import db, transaction
from ideation.core.errors import NotAllowed
from ideation.submissions.models import State
from ideation.voting import demand, favourites, marks
from ideation.voting.models import Favourite, MarkSource
from tests import factories


def test_keeping_twice_is_once_and_dropping_ends_it(app: Flask) -> None:
    design, member = factories.submission(factories.contest()), factories.member()
    for _ in range(2):
        with transaction():
            favourites.keep(member, design, at=clock.now())
    assert favourites.is_kept(member.id, design.id)
    assert [one.id for one in favourites.page_of(member.id, 1).items] == [design.id]
    assert favourites.page_of(factories.member().id, 1).items == []
    for _ in range(2):
        with transaction():
            favourites.drop(member, design)
    assert not favourites.is_kept(member.id, design.id)


@pytest.mark.one_engine
def test_ones_own_design_and_one_off_the_wall_are_not_kept(app: Flask) -> None:
    contest, designer = factories.contest(), factories.member()
    own = factories.submission(contest, designer)
    gone = factories.submission(contest, state=State.WITHDRAWN)
    for member, design in ((designer, own), (factories.member(), gone)):
        with pytest.raises(NotAllowed), transaction():
            favourites.keep(member, design, at=clock.now())


def test_after_the_close_demand_stands_beside_the_score_and_stays_as_it_was(app: Flask) -> None:
    contest = factories.contest()
    design, other = factories.submission(contest), factories.submission(contest)
    early, late = factories.member(), factories.member()
    with transaction():
        favourites.keep(early, design, at=clock.now())
        for member, stars in ((early, 5), (late, 2)):
            marks.give(member, design, stars, MarkSource.LINK, at=clock.now())
    ids = [design.id, other.id]
    assert demand.beside(contest, ids) == {}
    with transaction():
        db.session.get_one(Contest, contest.id).closed_at = clock.now()
        favourites.keep(late, design, at=clock.now() + timedelta(days=1))
    found = demand.beside(db.session.get_one(Contest, contest.id), ids)
    assert found[design.id] == demand.Demand(1, (0, 1, 0, 0, 1))
    assert (found[design.id].marked, found[design.id].mean) == (2, 35_000)
    assert (found[other.id].favourites, found[other.id].mean) == (0, None)


def test_they_go_with_the_account(app: Flask) -> None:
    design, member = factories.submission(factories.contest()), factories.member()
    with transaction():
        favourites.keep(member, design, at=clock.now())
    with transaction():
        events.publish(AccountErased(member.id, clock.now()))
    assert db.session.scalars(select(Favourite)).all() == []
