import re
from datetime import timedelta

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from tests import factories
from tests.web.tallies import tally

#: Phase → the page that the one filled button leads to.
LEADS_TO = {
    "upcoming": "web.contests_index",
    "entry": "web.submission_new",
    "scoring": "web.deck",
    "tallying": "web.contest_entries",
    "decision": "web.results",
    "results": "web.results",
}


def primary_links(page: str) -> list[str]:
    return re.findall(r'<a class="button button--primary[^"]*" href="([^"]+)"', page)


def stage(phase: str) -> Contest:
    contest = factories.contest(phase)
    if phase != "upcoming":
        factories.submission(contest)
    if phase in {"decision", "results"}:
        tally(contest)
    return contest


@pytest.mark.parametrize("phase", list(LEADS_TO))
def test_a_contest_page_has_one_filled_button_the_right_one(app: Flask, phase: str) -> None:
    contest = stage(phase)
    page = factories.Browser(app).get(f"/contests/{contest.slug}").text
    with app.test_request_context():
        values = {} if phase == "upcoming" else {"slug": contest.slug}
        assert primary_links(page) == [app.url_for(LEADS_TO[phase], **values)]


@pytest.mark.parametrize("phase", list(LEADS_TO))
def test_the_first_page_has_one_filled_button(app: Flask, phase: str) -> None:
    stage(phase)
    response = factories.Browser(app).get("/")
    assert response.status_code == 200
    assert len(primary_links(response.text)) == 1


def test_the_week_in_scoring_is_the_hero_and_the_next_takes_entries(app: Flask) -> None:
    factories.contest("entry", week=48)
    factories.contest("scoring", week=47)
    page = factories.Browser(app).get("/").text
    assert ">Week 47</h1>" in page
    assert "Enter Week 48" in page


def test_an_empty_instance_tells_its_operator_what_to_do_first(app: Flask) -> None:
    operator = factories.member(roles=(Role.OPERATOR,))
    assert "Create the first series" in factories.Browser(app, operator).get("/").text
    page = factories.Browser(app).get("/")
    assert page.status_code == 200
    assert "Create the first series" not in page.text


def test_a_contest_that_is_still_being_filled_is_not_there(app: Flask) -> None:
    contest = factories.contest("scoring", is_whole=False)
    browser = factories.Browser(app)
    assert browser.get(f"/contests/{contest.slug}").status_code == 404
    assert contest.briefs[0].title not in browser.get("/contests").text


def test_the_tie_seed_is_sealed_until_the_close(app: Flask) -> None:
    for phase, is_open in (("scoring", False), ("decision", True)):
        contest = stage(phase)
        page = factories.Browser(app).get(f"/contests/{contest.slug}").text
        assert contest.tie_seed_hash in page
        assert (contest.tie_seed.hex() in page) is is_open


def test_which_designs_are_shown_is_each_viewers_own_lot_and_stays(app: Flask) -> None:
    contest = factories.contest("scoring")
    for _ in range(30):
        factories.submission(contest)
    path = f"/contests/{contest.slug}"

    def shown(browser: factories.Browser) -> list[str]:
        return re.findall(r'href="(/designs/[^"]+)"', browser.get(path).text)

    one = factories.member()
    first = shown(factories.Browser(app, one))
    assert first == shown(factories.Browser(app, one))
    assert len({tuple(shown(factories.Browser(app, factories.member()))) for _ in range(4)}) > 1


def test_the_archive_is_paged(app: Flask) -> None:
    for number in range(26):
        contest = factories.contest(
            "results", now=clock.now() - timedelta(days=number), slug=f"old-{number}"
        )
        with transaction():
            db.session.merge(contest).tallied_at = contest.closed_at
    browser = factories.Browser(app)
    first, second = browser.get("/contests").text, browser.get("/contests?page=2").text
    assert "old-0/" in first
    assert "old-25/" not in first
    assert "old-25/" in second
