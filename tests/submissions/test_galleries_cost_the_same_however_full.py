from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from ideation.accounts.grants import Role
from ideation.contests.models import Contest
from ideation.core import clock
from ideation.core.db import db, transaction
from ideation.submissions import drafting, queries
from ideation.submissions.models import State
from tests import factories


@contextmanager
def _counting() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _fill(contest: Contest, count: int) -> None:
    for _ in range(count):
        factories.submission(contest)


@pytest.mark.one_engine
def test_a_page_of_a_gallery_has_a_budget(app: Flask) -> None:
    contest = factories.contest("scoring")
    browser = factories.Browser(app, factories.member())
    costs = []
    for more in (2, 20):
        _fill(contest, more)
        with _counting() as seen:
            assert browser.get(f"/contests/{contest.slug}/entries").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[1] <= 17


@pytest.mark.one_engine
def test_so_have_the_queue_my_designs_and_the_log(app: Flask) -> None:
    contest = factories.contest("entry")
    moderator = factories.member(roles=(Role.MODERATOR,))
    member = factories.member()
    costs: dict[str, list[int]] = {}
    for more in (2, 12):
        for _ in range(more):
            one = factories.submission(contest, member, state=State.SUBMITTED)
            with transaction():
                drafting.open_case(queries.get_locked(one.id), clock.now())
        for path, who in (("/console/moderation", moderator), ("/my/designs", member)):
            browser = factories.Browser(app, who)
            with _counting() as seen:
                assert browser.get(path).status_code == 200
            costs.setdefault(path, []).append(len(seen))
    for path, (few, many) in costs.items():
        assert few == many, path
        assert many <= 20, path


def test_each_viewer_has_an_order_of_their_own_without_gaps_or_repeats(app: Flask) -> None:
    contest = factories.contest("scoring")
    _fill(contest, 12)
    at = clock.now()

    def walk(viewer: str) -> list[int]:
        pages = [queries.cards(contest, viewer, n, at=at, size=5) for n in (1, 2, 3)]
        assert [len(page.items) for page in pages] == [5, 5, 2]
        return [one.id for page in pages for one in page.items]

    first, second = walk("member:1"), walk("member:2")
    assert sorted(first) == sorted(second)
    assert len(set(first)) == 12
    assert first != second
    assert walk("member:1") == first

    # One more design shifts the others, and changes none of their order.
    late = factories.submission(contest)
    page = queries.cards(contest, "member:1", 1, at=at, size=20)
    assert [one.id for one in page.items if one.id != late.id] == first


def test_a_visitor_keeps_the_order_by_the_links_alone(app: Flask) -> None:
    contest = factories.contest("scoring")
    _fill(contest, 45)
    first = factories.Browser(app).get(f"/contests/{contest.slug}/entries")
    link = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = factories.Browser(app).get(link.replace("&amp;", "&"))
    titles = [set(page.text.split('class="card__title"')[1:]) for page in (first, second)]
    assert len(titles[0]) == 40
    assert len(titles[1]) == 5
    hrefs = [part.split('href="')[1].split('"')[0] for group in titles for part in group]
    assert len(set(hrefs)) == 45


def test_names_are_shown_before_and_after_scoring_only(app: Flask) -> None:
    for phase, is_named in (("entry", True), ("scoring", False)):
        contest = factories.contest(phase)
        factories.submission(contest, factories.member("Unmistakable"))
        page = factories.Browser(app).get(f"/contests/{contest.slug}/entries").text
        assert ("Unmistakable" in page) is is_named, phase


def test_with_the_result_it_hangs_by_rank(app: Flask) -> None:
    contest = factories.contest("results", tallied_at=clock.now())
    ids = [factories.submission(contest).id for _ in range(4)]
    best_first = [ids[2], ids[0], ids[3]]
    page = queries.cards(contest, "member:1", 1, at=clock.now(), ranking=best_first)
    assert [one.id for one in page.items] == [*best_first, ids[1]]
