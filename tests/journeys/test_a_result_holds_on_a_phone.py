"""A winner that was chosen differently from the ranking says so within a phone's width."""

import pytest
from flask import Flask

from ideation.core.db import db
from ideation.submissions.models import Submission
from tests import factories
from tests.factories import selection, voting
from tests.servers import chromium, live

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def test_what_stands_beside_a_winner_makes_no_page_wider(app: Flask) -> None:
    contest = factories.contest("decision", winners=2)
    for _ in range(3):
        factories.submission(contest)
    best, second, _ = (row.submission_id for row in voting.tallied(contest).rows)
    selection.announced(contest, [db.session.get_one(Submission, key) for key in (second, best)])
    with live.serving(app) as url, chromium.running() as browser:
        page = browser.new_page(base_url=url, viewport={"width": 390, "height": 844})
        page.goto(f"/contests/{contest.slug}/results")
        assert page.locator(".winner__words .badge").count() > 0
        assert page.evaluate("document.documentElement.scrollWidth") == 390
