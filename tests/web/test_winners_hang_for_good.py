"""The hall of fame: winners of every edition by place, why they won, what was made of them."""

import re

import pytest
from flask import Flask

from ideation.accounts.models import Member
from ideation.core.db import db, transaction
from ideation.submissions.models import State, Submission
from tests import factories
from tests.factories import Browser
from tests.factories.selection import announced, decided, entries
from tests.statements import asked

pytestmark = pytest.mark.one_engine


def _page(app: Flask, path: str = "/winners") -> str:
    answer = Browser(app).get(path)
    assert answer.status_code == 200
    return answer.text


def test_nobody_has_won_yet(app: Flask) -> None:
    contest = factories.contest("decision")
    decided(contest, entries(contest)[:1])
    page = _page(app)
    assert "Nobody has won yet" in page
    assert f'href="/contests/{contest.slug}"' not in page


def test_winners_hang_by_place_with_designer_and_reason(app: Flask) -> None:
    contest = factories.contest("decision")
    designs = [
        factories.submission(contest, factories.member(f"Maker {n}"), title=f"Print {n}")
        for n in range(3)
    ]
    announced(contest, [designs[2], designs[0]])
    page = _page(app)
    titles = re.findall(r'class="card__title"[^>]*>([^<]+)</a>', page)
    assert titles == ["Print 2", "Print 0"]
    assert "It stays with you." in page
    assert "Maker 2" in page
    assert f'href="/contests/{contest.slug}/results"' in page


def test_what_was_taken_back_keeps_its_place_without_its_picture(app: Flask) -> None:
    contest = factories.contest("decision")
    designs = entries(contest, 2)
    announced(contest, designs)
    with transaction():
        db.session.get_one(Submission, designs[0].id).state = State.WITHDRAWN
    page = _page(app)
    assert "Withdrawn since" in page
    assert designs[0].public_id not in page


def test_the_design_and_its_designers_page_tell_of_it(app: Flask) -> None:
    contest = factories.contest("decision")
    maker = factories.member("Maker")
    older = factories.submission(contest, maker, title="The winner")
    latest = factories.submission(factories.contest("entry"), maker, title="The latest")
    announced(contest, [older])
    assert "Place 1, " in _page(app, f"/designs/{older.public_id}")
    assert "Place 1, " not in _page(app, f"/designs/{latest.public_id}")
    page = _page(app, f"/members/{maker.handle}")
    assert re.findall(r'class="card__title"[^>]*>([^<]+)</a>', page) == [
        "The winner",
        "The latest",
    ]
    assert "<dd>1</dd><dt>win</dt>" in page
    assert "<dd>2</dd><dt>designs</dt>" in page


def test_the_hall_and_a_portfolio_cost_the_same_however_full(app: Flask) -> None:
    maker = factories.member("Maker")
    key, paths = maker.id, ("/winners", f"/members/{maker.handle}")
    costs: dict[str, list[int]] = {path: [] for path in paths}
    for editions in (2, 3):
        for _ in range(editions):
            contest = factories.contest("decision")
            person = db.session.get_one(Member, key)
            announced(contest, [factories.submission(contest, person) for _ in range(2)])
        for path in paths:
            db.session.remove()
            with asked() as seen:
                _page(app, path)
            costs[path].append(len(seen))
    for path, (few, many) in costs.items():
        assert few == many, path
        assert many <= 25, path
