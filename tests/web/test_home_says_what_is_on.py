"""Whatever phase contests are in, the first page leads to what one can do now."""

import re

import pytest
from flask import Flask

from ideation.core import clock
from tests import factories
from tests.factories import Browser

pytestmark = pytest.mark.one_engine


def _doors(app: Flask) -> list[str]:
    """Where the hero's buttons lead, the filled one first."""
    page = Browser(app).get("/").text
    hero = page.split('<section class="hero">')[1].split("</section>")[0]
    buttons = re.findall(r'<a class="button button--(\w+)[^"]*" href="([^"]+)"', hero)
    assert [kind for kind, _ in buttons].count("primary") == 1
    return [href for kind, href in sorted(buttons, key=lambda one: one[0] != "primary")]


@pytest.mark.parametrize(
    ("phases", "expected"),
    [
        (("scoring",), ["/contests/{0}/score"]),
        (("scoring", "entry"), ["/contests/{0}/score", "/contests/{1}/submissions/new"]),
        (("entry",), ["/contests/{0}/submissions/new", "/contests/{0}"]),
        (("upcoming",), ["/contests/{0}"]),
        (("tallying",), ["/contests/{0}"]),
        (("tallying", "entry"), ["/contests/{1}/submissions/new", "/contests/{1}"]),
    ],
)
def test_the_hero_leads_on(app: Flask, phases: tuple[str, ...], expected: list[str]) -> None:
    contests = [factories.contest(phase) for phase in phases]
    for contest in contests:
        factories.submission(contest)
    slugs = [contest.slug for contest in contests]
    assert _doors(app) == [path.format(*slugs) for path in expected]


def test_results_are_where_it_leads_when_nothing_else_is_on(app: Flask) -> None:
    contest = factories.contest("results", tallied_at=clock.now())
    assert _doors(app) == [f"/contests/{contest.slug}/results"]


def test_an_empty_instance_says_what_comes(app: Flask) -> None:
    assert _doors(app) == ["/join", "/how-winners-are-found"]
