"""One line to any page, contest, member or thing to do; only what the viewer may see."""

from urllib.parse import quote

import pytest
from flask import Flask

from ideation.accounts.grants import Role
from ideation.accounts.models import Standing
from ideation.contests.models import Brief
from ideation.core import clock
from tests import factories
from tests.factories import Browser

pytestmark = pytest.mark.one_engine


def _ask(browser: Browser, typed: str) -> dict[str, list[str]]:
    """Group → the addresses it leads to."""
    answer = browser.get("/palette", query_string={"q": typed})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return {
        group["name"]: [line["url"] for line in group["lines"]] for group in answer.json["groups"]
    }


def test_pages_are_found_in_every_language_and_by_pinyin(app: Flask) -> None:
    member = Browser(app, factories.member("Ana Reis"))
    for typed in ("my des", "我的作品", "wodezuopin", "wdzp"):
        found = [url for urls in _ask(member, typed).values() for url in urls]
        assert "/my/designs" in found, typed


def test_a_visitor_is_led_to_public_pages_alone(app: Flask) -> None:
    factories.member("Ana Reis")
    assert _ask(Browser(app), "sign")["Pages"] == ["/sign-in"]
    urls = [url for urls in _ask(Browser(app), "e").values() for url in urls]
    assert not [url for url in urls if url.startswith(("/console", "/settings", "/earnings"))]
    assert "Members" not in _ask(Browser(app), "ana")


def test_a_role_opens_its_pages_and_no_more(app: Flask) -> None:
    moderator = Browser(app, factories.member("Mo", roles=(Role.MODERATOR,)))
    operator = Browser(app, factories.member("Op", roles=(Role.OPERATOR,)))
    assert _ask(moderator, "moderation")["Pages"][0] == "/console/moderation"
    assert "/console/jobs" not in str(_ask(moderator, "jobs"))
    assert "/console/jobs" in str(_ask(operator, "jobs"))
    assert "/console/beginning/team" in str(_ask(operator, "invite"))
    assert "/console/beginning/team" not in str(_ask(moderator, "invite"))


def test_contests_are_found_by_titles_in_any_script(app: Flask) -> None:
    at = clock.now()
    titles = {"en": "Small cities", "zh-Hans": "小城故事"}
    contest = factories.contest(
        briefs=[
            Brief(version=1, language=tag, title=title, brief="Draw.", rules="", written_at=at)
            for tag, title in titles.items()
        ]
    )
    visitor = Browser(app)
    for typed in ("small", "cities", "小城", "xcgs", "xiaocheng", "小城故事"):
        assert f"/contests/{contest.slug}" in _ask(visitor, typed).get("Contests", []), typed
    manager = Browser(app, factories.member("Pm", roles=(Role.PRODUCT_MANAGER,)))
    assert f"/console/contests/{contest.slug}" in _ask(manager, "small")["Contests"]


def test_members_are_found_by_name_handle_and_sound_but_never_by_address(app: Flask) -> None:
    li = factories.member("李设计")
    factories.member("Gone Li", standing=Standing.SUSPENDED)
    viewer = Browser(app, factories.member("Viewer"))
    page = f"/members/{quote(li.handle)}"
    for typed in ("李设", "lisj", "lsj", li.handle):
        assert _ask(viewer, typed).get("Members") == [page], typed
    assert "Members" not in _ask(viewer, "example.org")
    assert "Members" not in _ask(viewer, "gone")
    operator = Browser(app, factories.member("Op", roles=(Role.OPERATOR,)))
    assert _ask(operator, "lsj")["Members"] == [f"/console{page}"]


def test_nothing_that_changes_something_is_done_by_it(app: Flask) -> None:
    operator = Browser(app, factories.member("Op", roles=(Role.OPERATOR,)))
    for urls in _ask(operator, "").values():
        for url in urls:
            assert operator.get(url).status_code in {200, 302, 303}, url


def test_every_page_has_a_button_that_works_without_a_script(app: Flask) -> None:
    page = Browser(app).get("/contests").text
    assert 'href="/search" data-palette="/palette"' in page
