"""A wall is searched by two Chinese characters or English half misspelt, and sorted by tags."""

import re

import pytest
from flask import Flask

from ideation.contests.models import Contest
from ideation.core import wording
from ideation.submissions import finding
from tests import factories
from tests.factories import Browser

pytestmark = pytest.mark.one_engine

TITLES = ["在雾上醒来的小镇", "Lighthouse keeper’s café", "ランプが灯る", "Night bus, 2026", "O"]


def _found(query: str) -> list[str]:
    return [title for title in TITLES if wording.has_all(wording.asked(query), [title])]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("小镇", TITLES[0]),
        ("上醒", TITLES[0]),
        ("小鎮", TITLES[0]),
        ("霧上", TITLES[0]),
        ("lighthouse", TITLES[1]),
        ("LIGHT", TITLES[1]),
        ("lighthuose", TITLES[1]),
        ("ligthhouse", TITLES[1]),
        ("lighthousse keper", TITLES[1]),
        ("cafe", TITLES[1]),
        ("Ｎｉｇｈｔ　ｂｕｓ", TITLES[3]),
        ("nihgt", TITLES[3]),
        ("2026", TITLES[3]),
        ("が灯", TITLES[2]),
    ],
)
def test_it_finds_what_was_meant(query: str, title: str) -> None:
    assert _found(query) == [title]


@pytest.mark.parametrize("query", ["镇小", "か灯", "hovercraft", "bus lighthouse", "nite", "2025"])
def test_it_finds_nothing_else(query: str) -> None:
    assert _found(query) == []


def test_words_may_stand_in_title_and_tags() -> None:
    assert wording.has_all(wording.asked("night 海"), ["Night bus", "海边"])


def _shown(app: Flask, contest: Contest, **args: str) -> list[str]:
    answer = Browser(app).get(f"/contests/{contest.slug}/entries", query_string=args)
    assert answer.status_code == 200
    return re.findall(r'class="card__title" href="/designs/([^"]+)"', answer.text)


def test_words_and_a_tag_leave_out_the_rest_and_keep_the_order(app: Flask) -> None:
    contest = factories.contest("scoring")
    for n in range(12):
        tags = ["cats"] if n % 2 else ["dogs"]
        factories.submission(contest, title=f"Poster {n}", tags=tags)
    order = {"order": "0" * 8}
    whole = _shown(app, contest, **order)
    cats = _shown(app, contest, tag="Cats", **order)
    assert len(whole) == 12
    assert len(cats) == 6
    assert cats == [one for one in whole if one in cats]
    by_words = _shown(app, contest, q="poster 11", **order)
    assert len(by_words) == 1
    assert by_words == _shown(app, contest, q="11", tag="cats", **order)
    assert _shown(app, contest, q="poster 11", tag="dogs", **order) == []


def test_the_page_offers_the_tags_that_sort_and_a_way_back(app: Flask) -> None:
    contest = factories.contest("entry")
    for tags in (["cats", "sea"], ["cats"], ["once"]):
        factories.submission(contest, tags=tags)
    page = Browser(app).get(f"/contests/{contest.slug}/entries").text
    assert "tag=cats" in page
    assert "tag=once" not in page
    empty = Browser(app).get(f"/contests/{contest.slug}/entries", query_string={"q": "xyzzy"}).text
    assert "Nothing here answers to" in empty
    assert f'href="/contests/{contest.slug}/entries"' in empty


def test_what_is_not_on_the_wall_is_not_found(app: Flask) -> None:
    contest = factories.contest("entry")
    factories.submission(contest, title="Secret", tags=["cats"], state="submitted")
    assert finding.matching(contest.id, "secret", "") == set()
    assert finding.common_tags(contest.id) == []
