"""Keeping a design as a favourite: from its page, to one's list, hidden from everyone else."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting import favourites, marks
from ideation.voting.models import Favourite, MarkSource, Vote
from tests import factories
from tests.factories import Browser, voting

pytestmark = pytest.mark.one_engine


def test_a_favourite_is_kept_listed_and_dropped(app: Flask) -> None:
    contest = factories.contest()
    design = factories.submission(contest, title="Night bus")
    browser = Browser(app, factories.member())
    assert "Nothing kept yet" in browser.get("/my/favourites").text
    address = f"/designs/{design.public_id}"
    assert "Keep as a favourite" in browser.get(address).text
    assert browser.post(f"{address}/favourites", {"keep": "1"}).location == address
    assert "A favourite of yours" in browser.get(address).text
    assert "Night bus" in browser.get("/my/favourites").text
    assert db.session.scalars(select(Vote)).all() == []
    dropped = browser.post(f"{address}/favourites", {"keep": "0", "next": "/my/favourites"})
    assert dropped.location == "/my/favourites"
    assert db.session.scalars(select(Favourite)).all() == []


def test_whoever_has_nothing_to_keep_is_not_asked(app: Flask) -> None:
    designer = factories.member()
    design = factories.submission(factories.contest(), designer)
    address = f"/designs/{design.public_id}"
    for member in (None, designer, factories.member(roles=(Role.PRODUCT_MANAGER,))):
        assert "Keep as a favourite" not in Browser(app, member).get(address).text
    refused = Browser(app, designer).post(f"{address}/favourites", {"keep": "1"})
    assert refused.status_code == 403
    assert "sign-in" in Browser(app).get("/my/favourites").location


def test_a_blind_design_is_not_named_on_the_list(app: Flask) -> None:
    member = factories.member()
    design = factories.submission(factories.contest(), factories.member("Zenobia"))
    open_one = factories.submission(factories.contest("entry"), factories.member("Ottoline"))
    with transaction():
        for one in (design, open_one):
            favourites.keep(member, one, at=clock.now())
    page = Browser(app, member).get("/my/favourites").text
    assert "Zenobia" not in page
    assert "Ottoline" in page


def test_who_decides_sees_favourites_and_marks_beside_the_score_after_the_close(
    app: Flask,
) -> None:
    contest = factories.contest()
    design, fan = factories.submission(contest), factories.member()
    voting.votes(factories.member(), [(design, 4)])
    db.session.rollback()
    with transaction():
        favourites.keep(fan, design, at=clock.now())
        marks.give(fan, design, 5, MarkSource.LINK, at=clock.now())
    voting.tallied(contest)
    manager = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,)))
    page = manager.get(f"/console/contests/{contest.slug}/decision").text
    assert "favourite of 1" in page
    assert "1 mark, 5.00" in page
