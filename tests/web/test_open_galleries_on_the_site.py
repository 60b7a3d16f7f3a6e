"""An open contest in the browser: stars on the page and on the wall, and the label everywhere."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.contests.models import Contest, Format
from ideation.core.db import db
from ideation.voting.models import Mark, Vote
from ideation.voting.tokens import CHOSEN_SLOT
from tests import factories
from tests.factories import Browser, voting

LABEL = "scored by choice, weaker against arranged voting"

pytestmark = pytest.mark.one_engine


def ballot_in(html: str) -> str:
    found = re.search(r'name="ballot" value="([^"]+)"', html)
    assert found
    return found[1]


def opened(phase: str = "scoring") -> Contest:
    return factories.contest(phase, format=Format.OPEN)


def test_stars_on_the_page_are_a_vote_and_come_back_to_it(app: Flask) -> None:
    contest = opened()
    design = factories.submission(contest)
    browser = Browser(app, factories.member())
    address = f"/designs/{design.public_id}"
    page = browser.get(address).text
    assert "This is a vote" in page
    assert "Note it as demand" not in page
    form = {"ballot": ballot_in(page), "stars": "4", "next": address}
    answer = browser.post(f"/contests/{contest.slug}/votes", form)
    assert (answer.status_code, answer.location) == (303, address)
    vote = db.session.scalars(select(Vote)).one()
    assert (vote.stars, vote.slot) == (4, CHOSEN_SLOT)
    assert "Change my stars" in browser.get(address).text
    assert db.session.scalars(select(Mark)).all() == []


def test_the_wall_takes_stars_and_comes_back_to_the_same_design(app: Flask) -> None:
    contest = opened()
    designs = [factories.submission(contest) for _ in range(3)]
    browser = Browser(app, factories.member())
    wall = f"/contests/{contest.slug}/entries"
    page = browser.get(wall).text
    assert page.count('class="my-vote"') == 3
    one = designs[1].public_id
    form = re.search(rf'id="vote-{one}".*?</form>', page, re.DOTALL)
    assert form
    target = re.search(r'name="next" value="([^"]+)"', form[0])
    assert target
    data = {"ballot": ballot_in(form[0]), "stars": "5", "next": target[1]}
    answer = browser.post(f"/contests/{contest.slug}/votes", data)
    assert answer.location.endswith(f"#vote-{one}")
    assert db.session.scalars(select(Vote.submission_id)).all() == [designs[1].id]
    given = re.findall(r"my-vote__star[^>]*aria-pressed=\"true\"", browser.get(wall).text)
    assert len(given) == 1


def test_nobody_is_offered_a_vote_they_may_not_give(app: Flask) -> None:
    contest, designer = opened(), factories.member()
    design = factories.submission(contest, designer)
    address, wall = f"/designs/{design.public_id}", f"/contests/{contest.slug}/entries"
    for member in (None, designer, factories.member(roles=(Role.PRODUCT_MANAGER,))):
        browser = Browser(app, member)
        assert 'name="ballot"' not in browser.get(address).text
        assert 'name="ballot"' not in browser.get(wall).text
    assert "here they are votes" in Browser(app).get(address).text
    dealt = factories.contest()
    factories.submission(dealt)
    assert (
        'name="ballot"'
        not in Browser(app, factories.member()).get(f"/contests/{dealt.slug}/entries").text
    )


def test_before_scoring_stars_are_demand_and_say_so(app: Flask) -> None:
    design = factories.submission(opened("entry"))
    page = Browser(app, factories.member()).get(f"/designs/{design.public_id}").text
    assert "They are no vote: votes are taken once scoring begins." in page
    assert LABEL in page


def test_every_page_about_it_says_that_it_is_open(app: Flask) -> None:
    contest = opened()
    design = factories.submission(contest)
    voting.votes(factories.member(), [(design, 4)])
    browser = Browser(app, factories.member())
    pages = [
        f"/contests/{contest.slug}",
        f"/contests/{contest.slug}/entries",
        f"/designs/{design.public_id}",
    ]
    for path in pages:
        assert LABEL in browser.get(path).text, path
    voting.tallied(contest)
    result = browser.get(f"/contests/{contest.slug}/results").text
    assert LABEL in result
    assert "Members voted by choice and by the deck" in result
    assert LABEL in browser.get(f"/contests/{contest.slug}/proof").text
    manager = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,)))
    assert LABEL in manager.get(f"/console/contests/{contest.slug}/decision").text
    dealt = factories.contest()
    factories.submission(dealt)
    assert LABEL not in browser.get(f"/contests/{dealt.slug}").text
