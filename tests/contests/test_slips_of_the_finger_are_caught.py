"""What a hurried operator types: years far away, the past, an address the console needs itself."""

from datetime import timedelta

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.contests import editions, wall_time
from ideation.core import clock
from ideation.core.errors import Invalid
from tests import factories


@pytest.mark.parametrize("text", ["9999-12-31T23:59", "0001-01-01T00:00", "1999-12-31T23:59"])
def test_a_year_beyond_ours_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid, match="Choose a year"):
        wall_time.read(text, "America/New_York")


def test_the_address_of_the_form_itself_is_not_given_away() -> None:
    assert not editions.is_slug("new")
    assert editions.is_slug("new-towns")


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("path", "field", "typed"),
    [
        ("/console/contests", "decision_due_at", "9999-12-31T23:59"),
        ("/console/series", "starts_on", "9999-12-31"),
    ],
)
def test_a_far_year_is_an_error_beside_its_field(
    app: Flask, path: str, field: str, typed: str
) -> None:
    browser = factories.Browser(app, factories.member(roles=(Role.OPERATOR,)))
    answer = browser.post(path, {field: typed, "zone": "America/New_York"})
    assert answer.status_code == 422
    assert "Choose a year" in answer.text


def test_entries_that_would_be_closed_already_are_refused(app: Flask) -> None:
    past = factories.contest("results")
    windows = {name: getattr(past, name) for name in editions.INSTANTS}
    assert "entry_closes_at" in editions._past(
        editions.Windows(**windows), clock.now(), contest=None
    )
    later = {name: at + timedelta(days=21) for name, at in windows.items()}
    assert editions._past(editions.Windows(**later), clock.now(), contest=None) == {}
