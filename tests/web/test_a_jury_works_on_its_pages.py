"""A juror's pages: progress, the deck, recusing, stepping down; and what everybody else sees."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.accounts.grants import Role
from ideation.contests.models import PickRule
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting import jury
from ideation.voting.models import Juror, Recusal, Vote
from tests import factories
from tests.factories import Browser, voting
from tests.factories.juries import juror, jury_contest

pytestmark = pytest.mark.one_engine


def test_a_juror_goes_through_the_deck_and_sees_how_far_they_are(app: Flask) -> None:
    contest = jury_contest()
    designs = [factories.submission(contest) for _ in range(3)]
    person = juror(contest)
    browser = Browser(app, person)
    path = f"/contests/{contest.slug}/jury"
    page = browser.get(path).text
    assert "of 3 scored" in page
    assert "Start scoring" in page
    assert 'name="ballot"' in browser.get(f"/contests/{contest.slug}/score").text
    voting.votes(person, [(design, 4) for design in designs])
    db.session.rollback()
    assert "You have judged everything you judge." in browser.get(path).text


def test_recusing_asks_why_keeps_what_was_typed_and_can_be_taken_back(app: Flask) -> None:
    contest = jury_contest()
    design, person = factories.submission(contest), juror(contest)
    voting.votes(person, [(design, 5)])
    db.session.rollback()
    browser = Browser(app, person)
    address = f"/designs/{design.public_id}/recusal"
    assert "You gave it 5 stars" in browser.get(address).text
    short = browser.post(address, {"reason": "No, I"})
    assert short.status_code == 422
    assert "No, I</textarea>" in short.text
    done = browser.post(address, {"reason": "My neighbour drew it."})
    assert (done.status_code, done.location) == (303, f"/contests/{contest.slug}/jury")
    assert db.session.scalars(select(Vote)).all() == []
    assert "you do not judge it" in browser.get(done.location).text
    assert "do not judge this design" in browser.get(f"/designs/{design.public_id}").text
    browser.post(f"{address}/removal")
    assert db.session.scalars(select(Recusal)).all() == []


def test_stepping_down_ends_the_jurors_pages(app: Flask) -> None:
    contest = jury_contest()
    person = juror(contest)
    browser = Browser(app, person)
    path = f"/contests/{contest.slug}/jury"
    assert browser.post(f"{path}/departure").location == f"/contests/{contest.slug}"
    assert db.session.scalars(select(Juror.left_at)).one() is not None
    assert browser.get(path).status_code == 404
    assert browser.post(f"{path}/departure").status_code == 404


def test_nobody_else_finds_the_jurors_pages_or_a_vote(app: Flask) -> None:
    contest = jury_contest()
    design, person = factories.submission(contest), juror(contest)
    path = f"/contests/{contest.slug}"
    for member in (
        factories.member(),
        factories.member(roles=(Role.OPERATOR,)),
        juror(jury_contest()),
    ):
        browser = Browser(app, member)
        assert browser.get(f"{path}/jury").status_code == 404
        assert browser.get(f"/designs/{design.public_id}/recusal").status_code == 404
        refused = browser.post(f"/designs/{design.public_id}/recusal", {"reason": "Because I can."})
        assert refused.status_code == 403
        vote = {"ballot": voting.ballot(member, design), "stars": "5"}
        answer = browser.post_json(f"{path}/votes", vote)
        assert (answer.status_code, answer.json and answer.json["code"]) == (403, "no_juror")
    assert "sign-in" in Browser(app).get(f"{path}/jury").location
    page = Browser(app).get(path).text
    assert person.name in page
    assert "scored by named jurors alone" in page
    assert "Start scoring" not in page


def test_a_juror_is_not_asked_to_enter_the_contest_they_judge(app: Flask) -> None:
    contest = jury_contest("entry", quorum=2)
    named, left = juror(contest), juror(contest)
    with transaction():
        jury.step_down(left, contest.id, at=clock.now())
    path = f"/contests/{contest.slug}"
    pages = ("/", path, f"{path}/entries")
    enter = f'href="{path}/submissions/new"'
    for viewer in (named, left):
        browser = Browser(app, viewer)
        assert not [page for page in pages if enter in browser.get(page).text]
    for browser in (Browser(app), Browser(app, factories.member())):
        assert all(enter in browser.get(page).text for page in pages)


@pytest.mark.parametrize("rule", PickRule)
def test_a_jurys_contest_speaks_of_its_jurys_stars(app: Flask, rule: PickRule) -> None:
    meanings = []
    for contest in (jury_contest(pick_rule=rule), factories.contest(pick_rule=rule)):
        page = Browser(app).get(f"/contests/{contest.slug}").text
        meanings.append(page.split("Chosen by</dt>")[1].split("</dd>")[0])
    assert "jury’s" in meanings[0]
    assert "Members" not in meanings[0]
    assert "jury" not in meanings[1]


def test_the_result_says_which_designs_stayed_below_the_quorum(app: Flask) -> None:
    contest = jury_contest(quorum=2)
    designs = [factories.submission(contest) for _ in range(3)]
    one, two = juror(contest), juror(contest)
    voting.votes(one, [(design, 4) for design in designs])
    voting.votes(two, [(designs[0], 3)])
    db.session.rollback()
    voting.tallied(contest)
    page = Browser(app).get(f"/contests/{contest.slug}/results").text
    assert "2 designs stayed below their quorum" in page
    assert page.count("below quorum</span>") == 2
    assert "few votes</span>" not in page
    assert "all weigh the same" in page
    assert "how strict or generous each juror usually is" in page
    assert "friends" not in page
    assert "2 jurors gave stars." in page
    manager = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,)))
    decision = manager.get(f"/console/contests/{contest.slug}/decision").text
    assert "2 designs stayed below their quorum" in decision


def test_two_worlds_of_jurors_look_the_same_to_each_of_them(app: Flask) -> None:
    """A juror learns nothing of the others' stars, nor how many came in, until the close."""
    contest = jury_contest()
    designs = [factories.submission(contest) for _ in range(3)]
    me, other = juror(contest), juror(contest)
    steward = factories.member(roles=(Role.OPERATOR,))
    looks = [
        (Browser(app, me), f"/contests/{contest.slug}/jury"),
        (Browser(app, me), f"/designs/{designs[0].public_id}"),
        (Browser(app, steward), f"/console/contests/{contest.slug}/jury"),
        (Browser(app), f"/contests/{contest.slug}"),
    ]

    def world() -> list[str]:
        return [
            "".join(
                line
                for line in browser.get(path).text.splitlines()
                if "csrf" not in line and "datetime=" not in line
            )
            for browser, path in looks
        ]

    before = world()
    voting.votes(other, [(design, 5) for design in designs])
    db.session.rollback()
    assert world() == before
    seer = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,)))
    assert "3 of 3" in seer.get(f"/console/contests/{contest.slug}/jury").text
