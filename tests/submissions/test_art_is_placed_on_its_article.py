"""Placing the art: offered places alone, kept as thousandths, always within the print area."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from ideation.articles.models import Article
from ideation.articles.outlines import Area
from ideation.core.db import db
from ideation.core.errors import Invalid
from ideation.submissions import placing
from ideation.submissions.models import Submission
from tests import factories as make
from tests.factories import Browser, pictures

pytestmark = pytest.mark.one_engine

_WITHIN = [
    {"x": 500, "y": 0, "width": 1000},
    {"x": 500, "y": None, "width": 400},
    {"x": 800, "y": 30, "width": 360},
]
_OUTSIDE = [
    {},
    {"x": 500, "y": 0},
    {"x": 500, "y": 0, "width": 0},
    {"x": 500, "y": 0, "width": 1001},
    {"x": 900, "y": 0, "width": 400},
    {"x": 100, "y": 0, "width": 400},
    {"x": 500, "y": -1, "width": 400},
    {"x": 500, "y": 1001, "width": 400},
    {"x": 500.5, "y": 0, "width": 400},
    {"x": "500", "y": 0, "width": 400},
]


@pytest.mark.parametrize("placement", _WITHIN)
def test_a_placement_within_the_area_stands(placement: dict[str, object]) -> None:
    placing.check(placement)


@pytest.mark.parametrize("placement", _OUTSIDE)
def test_one_that_leaves_the_area_does_not(placement: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        placing.check(placement)


def test_every_offered_place_is_within_the_area_of_every_article(app: Flask) -> None:
    for article in db.session.scalars(select(Article)):
        for position in placing.positions(article):
            for size in placing.SIZES:
                placing.check(placing.choose(article, position.key, size))


@given(
    ratio=some.floats(0.125, 8),
    x=some.integers(1, 999),
    y=some.one_of(some.none(), some.integers(0, 900)),
    share=some.floats(0.05, 1),
)
def test_art_of_any_shape_stays_within_and_keeps_its_shape(
    ratio: float, x: int, y: int | None, share: float
) -> None:
    area = Area(100, 200, 300, 400)
    width = max(1, round(min(x, 1000 - x) * 2 * share))
    box = placing.within(area, {"x": x, "y": y, "width": width}, ratio)

    assert box.left >= area.left - 1e-6
    assert box.left + box.width <= area.left + area.width + 1e-6
    assert box.top >= area.top - 1e-6
    assert box.top + box.height <= area.top + area.height + 1e-6
    assert box.height / box.width == pytest.approx(ratio)
    assert box.left + box.width / 2 == pytest.approx(area.left + area.width * x / 1000)


def test_a_designer_chooses_and_sees_it(app: Flask) -> None:
    designer, contest = make.member("Lin Mei"), make.contest("entry")
    public_id = pictures.draft(contest, designer).public_id
    browser = Browser(app, designer)
    page = browser.get(f"/designs/{public_id}/edit").get_data(as_text=True)
    assert 'name="position" type="radio" value="centre" checked' in page

    answer = browser.post(f"/designs/{public_id}", {**_form(), "position": "left", "art_size": "L"})

    assert answer.status_code == 303
    stored = _stored(public_id)
    assert stored.placement == {"x": 800, "y": 30, "width": 360}
    assert placing.chosen(stored) == ("left", "L")
    page = browser.get(f"/designs/{public_id}/edit").get_data(as_text=True)
    assert 'name="position" type="radio" value="left" checked' in page


def test_a_place_that_is_not_offered_is_refused_and_the_rest_kept(app: Flask) -> None:
    designer, contest = make.member("Lin Mei"), make.contest("entry")
    public_id = pictures.draft(contest, designer).public_id

    answer = Browser(app, designer).post(
        f"/designs/{public_id}", {**_form(title="New title"), "position": "sleeve"}
    )

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Choose one of the places." in page
    assert 'value="New title"' in page
    assert _stored(public_id).placement == {}


def test_who_says_nothing_of_it_leaves_it_as_it_is(app: Flask) -> None:
    designer, contest = make.member("Lin Mei"), make.contest("entry")
    public_id = pictures.draft(contest, designer).public_id
    browser = Browser(app, designer)
    browser.post(f"/designs/{public_id}", {**_form(), "position": "high", "art_size": "S"})
    before = _stored(public_id).placement
    browser.post(f"/designs/{public_id}", _form(title="Another"))
    assert _stored(public_id).placement == before
    assert before["y"] == 0


def _form(title: str = "Night bus") -> dict[str, str]:
    return {"title": title, "colour": "black", "share_own": "100"}


def _stored(public_id: str) -> Submission:
    db.session.expire_all()
    return db.session.scalars(select(Submission).where(Submission.public_id == public_id)).one()
