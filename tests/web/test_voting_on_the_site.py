"""The deck through the browser's door: forms, scripts, refusals, and what a page costs."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from ideation.accounts.grants import Role
from ideation.accounts.models import Member
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.voting import ballots, deck, marks
from ideation.voting.models import Intent, Mark, MarkSource, Vote
from tests import factories
from tests.factories import Browser, voting
from tests.statements import asked


def stage(entries: int = 6) -> tuple[Contest, list[int]]:
    contest = factories.contest()
    return contest, [factories.submission(contest).id for _ in range(entries)]


def first_ballot(html: str) -> str:
    found = re.search(r'name="ballot" value="([^"]+)"', html)
    assert found
    return found[1]


def test_the_plain_form_votes_and_comes_back_with_the_next(app: Flask) -> None:
    contest, entries = stage()
    browser = Browser(app, factories.member())
    path = f"/contests/{contest.slug}/score"
    page = browser.get(path).text
    assert "0 of 6" in page and page.count("data-ballot ") == 4
    form = {"ballot": first_ballot(page), "stars": "4", "with_intent": "1", "buy": "1"}
    form |= {"size": "M", "most": "26.50", "currency": "USD"}
    answer = browser.post(f"/contests/{contest.slug}/votes", form)
    assert (answer.status_code, answer.location) == (303, path)
    vote, wish = db.session.scalars(select(Vote)).one(), db.session.scalars(select(Intent)).one()
    assert (vote.stars, vote.submission_id in entries) == (4, True)
    assert (wish.submission_id, wish.size, wish.most_minor) == (vote.submission_id, "M", 2650)
    after = browser.get(path).text
    assert "1 of 6" in after and first_ballot(after) != first_ballot(page)


def test_undo_and_skip_are_plain_forms_too(app: Flask) -> None:
    contest, _ = stage()
    browser = Browser(app, factories.member())
    path = f"/contests/{contest.slug}"
    first = first_ballot(browser.get(f"{path}/score").text)
    browser.post(f"{path}/votes", {"ballot": first, "stars": "2"})
    browser.post(f"{path}/retractions", {"ballot": first})
    assert db.session.scalars(select(Vote)).all() == []
    again = browser.get(f"{path}/score").text
    assert first_ballot(again) == first
    browser.post(f"{path}/skips", {"ballot": first})
    page = browser.get(f"{path}/score").text
    assert first_ballot(page) != first
    undo = re.search(r'id="deck-undo".*?name="ballot" value="([^"]*)"', page)
    assert undo
    browser.post(f"{path}/retractions", {"ballot": undo[1]})
    assert first_ballot(browser.get(f"{path}/score").text) == first


def test_after_twenty_the_page_suggests_a_pause_and_a_plain_form_goes_on(app: Flask) -> None:
    contest, _ = stage(23)
    voter = factories.member()
    browser, path = Browser(app, voter), f"/contests/{contest.slug}"
    session = voting.session_of(voter)
    for _ in range(20):
        with transaction():
            hand = deck.deal(
                db.session.merge(voter), db.session.merge(contest), at=clock.now()
            ).ballots
        assert ballots.cast(session, ballots.sign(hand[0]), 4, at=clock.now()).refusal is None
    page = browser.get(f"{path}/score").text
    assert re.search(r"data-pause>", page), "the pause is shown"
    assert "20 scored. Take a breath." in page and "3 more" in page
    assert page.count("data-ballot ") == 3, "what comes next is loaded behind it"
    answer = browser.post(f"{path}/sittings", {})
    assert (answer.status_code, answer.location) == (303, f"{path}/score")
    after = browser.get(f"{path}/score").text
    assert re.search(r"data-pause hidden>", after) and "20 of 23" in after
    assert Browser(app).post(f"{path}/sittings", {}).status_code in {302, 401}


def test_the_script_gets_json_and_the_next_ballots(app: Flask) -> None:
    contest, _ = stage()
    voter = factories.member()
    browser = Browser(app, voter)
    hand = browser.get(
        f"/contests/{contest.slug}/deck", headers={"Accept": "application/json"}
    ).json
    assert hand and (hand["done"], hand["total"], hand["skips_left"]) == (0, 6, 5)
    tokens = [ballot["token"] for ballot in hand["ballots"]]
    assert len(tokens) == 4 and "<picture>" in hand["ballots"][0]["html"]
    votes = f"/contests/{contest.slug}/votes"
    outcomes = [
        browser.post_json(votes, {"ballot": tokens[0], "stars": stars}).json
        for stars in ("5", "4", "4")
    ]
    assert [answer and answer["outcome"] for answer in outcomes] == ["cast", "changed", "unchanged"]
    other = Browser(app, db.session.get_one(Member, factories.member().id))
    refused = other.post_json(votes, {"ballot": tokens[1], "stars": "5"})
    assert (refused.status_code, refused.json and refused.json["code"]) == (403, "not_yours")
    forged = browser.post_json(votes, {"ballot": "A" * 60, "stars": "5"})
    assert (forged.status_code, forged.json and forged.json["code"]) == (403, "forged")
    assert browser.post_json(votes, {"ballot": tokens[1], "stars": "6"}).status_code == 422
    nobody = Browser(app).post_json(votes, {"ballot": tokens[1], "stars": "5"})
    assert nobody.status_code == 401
    elsewhere = Browser(app)  # signed out in another tab: the token of this page went with it
    headers = {"Accept": "application/json", "X-CSRFToken": browser.csrf_token}
    vote = {"ballot": tokens[1], "stars": "5"}
    assert elsewhere.client.post(votes, data=vote, headers=headers).status_code == 401
    with transaction():
        db.session.execute(update(Contest).values(closed_at=clock.now()))
    late = Browser(app, voter).post_json(votes, {"ballot": tokens[1], "stars": "5"})
    assert (late.status_code, late.json and late.json["code"]) == (409, "closed")


@pytest.mark.only("postgresql")
def test_a_vote_through_the_site_costs_one_statement(app: Flask) -> None:
    contest, _ = stage()
    browser = Browser(app, factories.member())
    ballot = first_ballot(browser.get(f"/contests/{contest.slug}/score").text)
    form, path = {"ballot": ballot, "stars": "3"}, f"/contests/{contest.slug}/votes"
    with asked() as seen:  # a script's vote goes the short way: see tests/http
        assert browser.post(path, form).status_code == 303
    assert len(seen) == 1, seen


def test_the_next_ballots_cost_the_same_however_many_designs_there_are(app: Flask) -> None:
    costs = []
    for entries in (8, 80):
        contest = factories.contest()
        for _ in range(entries):
            factories.submission(contest)
        voter = factories.member()
        browser = Browser(app, voter)
        path = f"/contests/{contest.slug}/deck"
        hand = browser.get(path).json
        for ballot in hand["ballots"][:2] if hand else []:
            form = {"ballot": ballot["token"], "stars": "3"}
            browser.post_json(f"/contests/{contest.slug}/votes", form)
        with asked() as seen:
            browser.get(path)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 24, costs


def test_more_than_five_votes_a_second_are_too_many(app: Flask) -> None:
    contest, _ = stage(12)
    browser = Browser(app, factories.member())
    ballot = first_ballot(browser.get(f"/contests/{contest.slug}/score").text)
    statuses = [
        browser.post_json(
            f"/contests/{contest.slug}/votes", {"ballot": ballot, "stars": str(1 + n % 5)}
        ).status_code
        for n in range(12)
    ]
    assert statuses[:5] == [200] * 5
    assert 429 in statuses


def test_whoever_may_not_vote_is_told_why(app: Flask) -> None:
    contest, _ = stage()
    path = f"/contests/{contest.slug}/score"
    insider = Browser(app, factories.member(roles=(Role.PRODUCT_MANAGER,))).get(path)
    assert insider.status_code == 403 and "You see the scores" in insider.text
    anonymous = Browser(app).get(path)
    assert anonymous.status_code == 302 and "next=" in anonymous.location
    assert "Sign in to score" in Browser(app).get("/score").text
    unconfirmed = Browser(app, factories.member(confirmed=False)).get(path)
    assert "They count once you confirm" in unconfirmed.text
    closed = factories.contest("decision")
    over = Browser(app, factories.member()).get(f"/contests/{closed.slug}/score")
    assert "Scoring is over" in over.text


def test_score_leads_to_the_contest_that_still_has_something(app: Flask) -> None:
    contest, _ = stage(1)
    browser = Browser(app, factories.member())
    assert browser.get("/score").location == f"/contests/{contest.slug}/score"
    ballot = first_ballot(browser.get(f"/contests/{contest.slug}/score").text)
    browser.post(f"/contests/{contest.slug}/votes", {"ballot": ballot, "stars": "5"})
    assert "seen them all" in browser.get("/score").text
    assert "seen them all" in browser.get(f"/contests/{contest.slug}/score").text
    mine = browser.get(f"/contests/{contest.slug}/my-votes").text
    assert len(re.findall(r'my-vote__star.*aria-pressed="true"', mine)) == 1
    changed = {"ballot": first_ballot(mine), "stars": "1", "back": "my_votes"}
    assert browser.post(f"/contests/{contest.slug}/votes", changed).status_code == 303
    assert db.session.scalars(select(Vote.stars)).one() == 1


def test_stars_on_a_designs_own_page_are_a_mark_and_no_vote(app: Flask) -> None:
    contest = factories.contest()
    designer, visitor = factories.member(), factories.member()
    design = factories.submission(contest, designer)
    browser = Browser(app, visitor)
    page = browser.get(f"/designs/{design.public_id}").text
    assert "They are no vote" in page
    browser.post(f"/designs/{design.public_id}/marks", {"stars": "5", "source": "gallery"})
    browser.post(f"/designs/{design.public_id}/intents", {"buy": "1", "size": "L"})
    assert db.session.scalars(select(Vote)).all() == []
    mark = db.session.scalars(select(Mark)).one()
    assert (mark.stars, mark.source) == (5, MarkSource.GALLERY)
    assert db.session.scalars(select(Intent.size)).one() == "L"
    hand = browser.get(f"/contests/{contest.slug}/deck").json
    assert hand and len(hand["ballots"]) == 1, "the deck still deals it"
    own = Browser(app, designer)
    assert own.post(f"/designs/{design.public_id}/marks", {"stars": "5"}).status_code == 403
    clock.move(timedelta(days=30))
    late = browser.post(f"/designs/{design.public_id}/intents", {"buy": "0"})
    assert late.status_code in {302, 409}


def test_nothing_shows_how_others_voted_before_close(app: Flask) -> None:
    """Two worlds: before and after others vote, the same bytes for members, designers, visitors."""
    contest = factories.contest()
    designer, member, fan = factories.member(), factories.member(), factories.member()
    designs = [factories.submission(contest, designer) for _ in range(3)]
    paths = [
        f"/contests/{contest.slug}",
        f"/contests/{contest.slug}/entries?order=abcdefgh",
        f"/contests/{contest.slug}/results",
        f"/contests/{contest.slug}/my-votes",
        f"/contests/{contest.slug}/deck",
        f"/designs/{designs[0].public_id}",
        "/contests",
        "/",
    ]
    browsers = [Browser(app, designer), Browser(app, member), Browser(app)]

    def world() -> list[tuple[int, str]]:
        answers = [browser.get(path) for browser in browsers for path in paths]
        tokens = r'(name="csrf_token" value="[^"]*"|datetime="[^"]*"[^<]*|in \d+ \w+|\d+ \w+ ago)'
        return [(answer.status_code, re.sub(tokens, "", answer.text)) for answer in answers]

    world()  # the first visit deals the member's ballots
    before = world()
    for stars in (5, 4, 1):
        voting.votes(factories.member(), [(design, stars) for design in designs])
    form = {"buy": "1", "size": "M"}
    assert Browser(app, fan).post(f"/designs/{designs[0].public_id}/intents", form)
    with transaction():
        marks.give(
            db.session.get_one(Member, fan.id), designs[1], 5, MarkSource.LINK, at=clock.now()
        )
    assert world() == before


def test_the_result_page_opens_with_the_tally(app: Flask) -> None:
    contest = factories.contest()
    designs = [factories.submission(contest) for _ in range(3)]
    me = factories.member()
    voting.votes(me, [(designs[0], 5), (designs[1], 2)])
    path = f"/contests/{contest.slug}/results"
    hidden = Browser(app, me).get(path)
    assert hidden.status_code == 404 and "stay hidden" in hidden.text
    tally = voting.tallied(contest)
    shown = Browser(app, me).get(path)
    assert shown.status_code == 200
    for expected in ("you gave 5 stars", "few votes", tally.digest, contest.tie_seed.hex()):
        assert expected in shown.text, expected
    assert "you gave" not in Browser(app).get(path).text
    assert Browser(app).get(f"{path}?tally=2").status_code == 404
