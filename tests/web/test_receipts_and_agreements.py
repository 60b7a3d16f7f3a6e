"""What entrants see of a decision: receipt, agreement, result page, their list."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from ideation.core import clock, money
from ideation.core.db import db, transaction
from ideation.selection import agreements, queries
from ideation.selection.models import Agreement, AgreementState, Answer
from ideation.submissions.models import Designer
from tests import factories
from tests.factories import Browser, selection
from tests.selection.conftest import Stage, ranked, two_places
from workers import selection as worker


@pytest.fixture
def stage(scene: Callable[[Callable[[], Stage]], Stage]) -> Stage:
    """Five designs for two places."""
    return scene(two_places)


def designer_of(app: Flask, stage: Stage, rank: int) -> Browser:
    return Browser(app, stage.design(rank).member)


def receipt(stage: Stage, rank: int) -> str:
    return f"/designs/{stage.design(rank).public_id}/receipt"


def offered(stage: Stage) -> Agreement:
    selection.decided(stage.contest, [stage.design(1)])
    with transaction():
        return agreements.offer(stage.manager, stage.contest_id, at=clock.now())[0]


def test_a_receipt_is_for_its_designers_and_those_who_decide(app: Flask, stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(1)])
    for who in (designer_of(app, stage, 3), Browser(app, stage.manager)):
        assert who.get(receipt(stage, 3)).status_code == 200
    assert designer_of(app, stage, 2).get(receipt(stage, 3)).status_code == 404
    assert Browser(app).get(receipt(stage, 3)).status_code == 302


def test_before_it_is_out_its_designers_read_when(app: Flask, stage: Stage) -> None:
    selection.decided(stage.contest, [stage.design(1)])
    answer = designer_of(app, stage, 1).get(receipt(stage, 1))
    assert answer.status_code == 404
    assert "No receipt yet" in answer.text
    assert "won" not in re.sub(r"<[^>]+>", " ", answer.text).split("No receipt yet")[1]
    assert "No receipt yet" not in designer_of(app, stage, 2).get(receipt(stage, 1)).text


def test_a_receipt_says_why_where_and_whose(app: Flask, stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(2)])
    page = designer_of(app, stage, 4).get(receipt(stage, 4)).text
    for words in (
        "was not chosen",
        "Two dark shirts were enough.",
        "4 of 5",
        "Ahead of 25% of the other designs",
        "Released on",
    ):
        assert words in page
    page = designer_of(app, stage, 2).get(receipt(stage, 2)).text
    assert "won place 1" in page
    assert "By members’ stars it came in at 2" in page
    assert "Licensed by agreement" in page


def test_an_agreement_is_for_its_parties_alone(app: Flask, stage: Stage) -> None:
    agreement = offered(stage)
    path = f"/agreements/{agreement.public_id}"
    assert designer_of(app, stage, 1).get(path).status_code == 200
    for other in (designer_of(app, stage, 2), Browser(app, stage.manager)):
        assert other.get(path).status_code == 404
        assert other.post(f"{path}/answer", {"answer": "accept"}).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The rest"), ("zh-Hans", "其他"), ("zh-Hant", "權利金")]
)
def test_the_terms_are_read_and_kept_in_the_language_chosen(
    app: Flask, stage: Stage, language: str, words: str
) -> None:
    agreement = offered(stage)
    path = f"/agreements/{agreement.public_id}"
    browser = designer_of(app, stage, 1)
    assert words in browser.get(f"{path}?language={language}").text
    accept = {"answer": "accept", "agreed": "1", "prize_currency": "USD", "language": language}
    assert browser.post(f"{path}/answer", accept).status_code == 303
    (party,) = queries.get_agreement(agreement.id).parties
    assert (party.answer, party.language) == (Answer.ACCEPTED, language)
    assert words in browser.get(path).text


def test_accepting_needs_the_tick_and_the_currency(app: Flask, stage: Stage) -> None:
    agreement = offered(stage)
    path = f"/agreements/{agreement.public_id}/answer"
    browser = designer_of(app, stage, 1)
    untick = browser.post(path, {"answer": "accept", "prize_currency": "USD"})
    assert untick.status_code == 422
    assert "Tick this to accept." in untick.text
    no_currency = browser.post(path, {"answer": "accept", "agreed": "1"})
    assert no_currency.status_code == 422
    assert "Choose the currency of your prize." in no_currency.text
    assert browser.post(path, {"answer": "maybe"}).status_code == 422
    assert queries.get_agreement(agreement.id).state is AgreementState.OFFERED


def test_declining_and_answering_too_late(app: Flask, stage: Stage) -> None:
    agreement = offered(stage)
    path = f"/agreements/{agreement.public_id}"
    browser = designer_of(app, stage, 1)
    assert browser.post(f"{path}/answer", {"answer": "decline"}).status_code == 303
    assert "Declined" in browser.get(path).text
    again = browser.post(
        f"{path}/answer", {"answer": "accept", "agreed": "1", "prize_currency": "USD"}
    )
    assert again.status_code == 409


def test_the_result_shows_winners_reasons_and_overrides_once_announced(
    app: Flask, stage: Stage
) -> None:
    selection.decided(stage.contest, [stage.design(3), stage.design(1)])
    url = f"/contests/{stage.contest.slug}/results"
    before = Browser(app).get(url).text
    assert "It stays with you." not in before
    assert "The best scored" in before
    with transaction():
        offers = agreements.offer(stage.manager, stage.contest_id, at=clock.now())
        keys = [one.id for one in offers]
    for key in keys:
        selection.accepted(db.session.get_one(Agreement, key))
    Browser(app, stage.manager).post(
        f"/console/contests/{stage.contest.slug}/decision/announcement"
    )
    page = Browser(app).get(url).text
    assert "The winners" in page
    assert page.count("It stays with you.") == 2
    assert "The editors chose differently from the ranking in 2 places" in page
    assert "eceipt" not in page
    assert receipt(stage, 4) in designer_of(app, stage, 4).get(url).text


def test_a_place_given_to_nobody_is_said_in_public(app: Flask, stage: Stage) -> None:
    selection.announced(stage.contest, [stage.design(1)])
    said = "1 of the 2 places promised is given to nobody"
    assert said in Browser(app).get(f"/contests/{stage.contest.slug}/results").text
    decision = Browser(app, stage.manager).get(f"/console/contests/{stage.contest.slug}/decision")
    assert "Given to nobody." in decision.text
    assert "Nobody yet." not in decision.text


def test_an_overdue_contest_says_so_in_public(app: Flask, stage: Stage) -> None:
    due = stage.contest.decision_due_at
    assert due is not None
    clock.move(due - clock.now() + timedelta(minutes=1))
    worker.release_overdue()
    page = Browser(app).get(f"/contests/{stage.contest.slug}/results").text
    assert "No winners in time" in page
    page = designer_of(app, stage, 1).get(receipt(stage, 1)).text
    assert "We did not decide by the date we had promised." in page


def test_a_missed_date_gives_back_what_has_no_agreement_and_is_the_reason_of_all_others(
    app: Flask, stage: Stage
) -> None:
    agreement = offered(stage)
    selection.accepted(agreement)
    due = stage.contest.decision_due_at
    assert due is not None
    clock.move(due - clock.now() + timedelta(minutes=1))
    today = Browser(app, stage.manager).get("/console/").text
    assert "was missed" in today and "announce the winners by" not in today
    worker.release_overdue()
    page = Browser(app).get(f"/contests/{stage.contest.slug}/results").text
    assert "the rights in every design without an agreement went back" in page
    page = designer_of(app, stage, 4).get(receipt(stage, 4)).text
    assert "We did not decide by the date we had promised." in page
    assert "Two dark shirts were enough." not in page


@pytest.mark.one_engine
def test_a_receipt_of_few_designs_gives_the_rank_and_no_percentile(app: Flask) -> None:
    stage = ranked(4, winners=1)
    selection.announced(stage.contest, [stage.design(1)])
    page = designer_of(app, stage, 4).get(receipt(stage, 4)).text
    assert "4 of 4" in page
    assert "Ahead of" not in page


def test_my_designs_lead_to_what_there_is_to_do(app: Flask, stage: Stage) -> None:
    agreement = offered(stage)
    winner, loser = designer_of(app, stage, 1), designer_of(app, stage, 4)
    assert f"/agreements/{agreement.public_id}" in winner.get("/my/designs").text
    assert "Held until" in loser.get("/my/designs").text
    selection.accepted(queries.get_agreement(agreement.id))
    Browser(app, stage.manager).post(
        f"/console/contests/{stage.contest.slug}/decision/announcement"
    )
    assert receipt(stage, 4) in loser.get("/my/designs").text
    assert "Won place 1" in winner.get("/my/designs").text


def test_a_co_designer_who_was_never_named_reads_receipt_and_agreement(
    app: Flask, stage: Stage
) -> None:
    co_designer = factories.member("Co")
    with transaction():
        design = stage.design(1)
        design.designers[0].share_bp = 8_000
        design.designers.append(Designer(member_id=co_designer.id, position=1, share_bp=2_000))
    agreement = offered(stage)
    browser = Browser(app, db.session.merge(co_designer))
    page = browser.get(f"/agreements/{agreement.public_id}").text
    assert "my share of 20%" in page
    prize = agreement.prizes[0]
    assert "Your part:" in page
    assert money.words(prize["cash_minor"] // 5, prize["currency"]) in page
    assert "in which currency" not in page
    selection.accepted(agreement)
    Browser(app, stage.manager).post(
        f"/console/contests/{stage.contest.slug}/decision/announcement"
    )
    assert browser.get(receipt(stage, 1)).status_code == 200
