"""While a design is scored or counted, no page says who made it, save to those who know."""

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from tests import factories
from tests.factories import Browser, voting


@pytest.mark.parametrize(
    ("phase", "is_named"),
    [("entry", True), ("scoring", False), ("tallying", False), ("results", True)],
)
def test_pages_name_the_designer_except_while_it_counts(
    app: Flask, phase: str, is_named: bool
) -> None:
    contest, designer = factories.contest(phase), factories.member("Zenobia")
    design = factories.submission(contest, designer)
    if phase == "results":
        voting.tallied(contest)
    address = f"/designs/{design.public_id}"
    for viewer in (None, factories.member()):
        assert ("Zenobia" in Browser(app, viewer).get(address).text) is is_named
        profile = Browser(app, viewer).get(f"/members/{designer.handle}").text
        assert (address in profile) is is_named
    wall = Browser(app).get(f"/contests/{contest.slug}/entries").text
    assert ("Zenobia" in wall) is is_named
    for insider in (designer, factories.member(roles=(Role.MODERATOR,))):
        assert "Zenobia" in Browser(app, insider).get(address).text
