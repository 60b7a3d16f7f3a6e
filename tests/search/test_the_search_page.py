"""The page that everybody searches: what it shows, to whom, and at what cost."""

import re

import pytest
from flask import Flask

from ideation.core import clock
from ideation.search import indexing
from tests import factories
from tests.factories import Browser
from tests.factories.voting import votes
from tests.statements import asked

pytestmark = pytest.mark.one_engine


def _page(app: Flask, **args: str) -> str:
    answer = Browser(app).get("/search", query_string=args)
    assert answer.status_code == 200
    return answer.text


def test_it_shows_every_kind_that_answers(app: Flask) -> None:
    contest = factories.contest("results", tallied_at=clock.now())
    factories.submission(contest, factories.member("Quince Vass"), title="A quince")
    indexing.read_all()
    page = _page(app, q="quinces")
    assert re.findall(r'id="found-(\w+)"', page) == ["design", "member"]
    assert "A quince" in page
    assert "@quince-vass" in page
    only = _page(app, q="quince", kind="member")
    assert "A quince" not in only
    assert "Quince Vass" in only


def test_names_are_shown_only_where_the_wall_shows_them(app: Flask) -> None:
    for phase, is_named in (("scoring", False), ("entry", True)):
        contest = factories.contest(phase)
        factories.submission(contest, factories.member("Unmistakable"), title=f"Quince {phase}")
        indexing.read_all()
        page = _page(app, q=f"quince {phase}", kind="design")
        assert f"Quince {phase}" in page
        assert ("Unmistakable" in page) is is_named


def test_nothing_found_says_so_and_leads_on(app: Flask) -> None:
    page = _page(app, q="xyzzy <b>")
    assert "Nothing here answers to “xyzzy &lt;b&gt;”" in page
    assert 'href="/contests"' in page


def test_before_a_word_is_typed_it_offers_some(app: Flask) -> None:
    contest = factories.contest("entry")
    for _ in range(2):
        factories.submission(contest, tags=["cats"])
    assert "/search?q=cats" in _page(app)


def test_one_kind_comes_in_pages(app: Flask) -> None:
    contest = factories.contest("scoring")
    for _ in range(45):
        factories.submission(contest, title="Quince")
    indexing.read_all()
    browser = Browser(app)
    pages = [
        browser.get("/search", query_string={"q": "quince", "kind": "design", "page": n}).text
        for n in (1, 2)
    ]
    links = [re.findall(r'card__title" href="([^"]+)"', page) for page in pages]
    assert [len(one) for one in links] == [40, 5]
    assert len({*links[0], *links[1]}) == 45
    assert "See all 45" in _page(app, q="quince")


def test_it_costs_the_same_however_much_there_is(app: Flask) -> None:
    contest = factories.contest("results", tallied_at=clock.now())
    costs = []
    for more in (3, 30):
        for _ in range(more):
            factories.submission(contest, factories.member("Quince"), title="Quince")
        indexing.read_all()
        with asked() as seen:
            _page(app, q="quinse")
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[1] <= 30


def test_votes_change_nothing_on_it(app: Flask) -> None:
    contest = factories.contest("scoring")
    designs = [factories.submission(contest, title="Quince") for _ in range(8)]
    indexing.read_all()
    visitor = Browser(app)
    query = {"q": "quince", "kind": "design"}
    before = visitor.get("/search", query_string=query)
    votes(factories.member(), [(designs[5], 5), (designs[0], 1)])
    after = visitor.get("/search", query_string=query)
    assert re.findall(r"/designs/\w+", before.text) == re.findall(r"/designs/\w+", after.text)
    assert len(before.data) == len(after.data)


def test_it_is_not_harvested(app: Flask) -> None:
    browser = Browser(app)
    codes = {browser.get("/search?q=a").status_code for _ in range(70)}
    assert codes == {200, 429}
