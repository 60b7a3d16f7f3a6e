"""Drawings of a design on its own article and on others, following what a form says."""

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.articles.models import Article
from ideation.articles.outlines import Area
from ideation.cards.previews import choices_of, others, preview_of
from ideation.core.db import db
from ideation.submissions import sharpness
from ideation.submissions.models import ArtworkState, Submission
from tests import factories as make

pytestmark = pytest.mark.one_engine


@pytest.fixture
def design(app: Flask) -> Submission:
    return make.submission(make.contest("entry"), make.member(), colour="navy")


def on(slug: str) -> Article:
    return db.session.scalars(select(Article).where(Article.slug == slug)).one()


def lies_in(inner: Area, outer: Area) -> bool:
    return (
        inner.left >= outer.left
        and inner.top >= outer.top
        and inner.left + inner.width <= outer.left + outer.width
        and inner.top + inner.height <= outer.top + outer.height
    )


def test_a_new_house_has_three_others_to_look_at(design: Submission) -> None:
    articles = list(db.session.scalars(select(Article).order_by(Article.id)))
    seen = others(design.contest.article, articles, most=3)
    assert len(seen) == 3
    assert design.contest.article not in seen


@pytest.mark.parametrize("slug", ["tee", "print", "tote", "sweatshirt"])
def test_what_matters_stays_within_what_can_be_printed(design: Submission, slug: str) -> None:
    preview = preview_of(design, article=on(slug))
    assert lies_in(preview.safe, preview.printable)
    assert preview.safe.width < preview.printable.width
    assert lies_in(preview.printable, preview.outline.area)


def test_an_article_without_the_colour_takes_the_nearest_it_has(design: Submission) -> None:
    colours = {one["key"]: one["hex"] for one in design.contest.article.colours}
    assert preview_of(design).colour == colours["navy"]
    assert preview_of(design, article=on("sweatshirt"), colour="navy").colour == colours["navy"]
    assert preview_of(design, article=on("tote"), colour="navy").colour == colours["black"]
    assert preview_of(design, article=on("print"), colour="white").colour == colours["white"]
    assert preview_of(design, colour="no such colour").colour == colours["navy"]


@pytest.mark.parametrize("slug", ["tee", "print", "tote", "sweatshirt"])
def test_the_script_is_told_what_the_page_would_draw(design: Submission, slug: str) -> None:
    choices = choices_of(design, on(slug))
    boxes, colours = choices["boxes"], choices["colours"]
    assert isinstance(boxes, dict)
    assert isinstance(colours, dict)
    for key, box in boxes.items():
        position, size = key.split(":")
        drawn = preview_of(design, position=position, size=size, colour="red", article=on(slug))
        sides = (drawn.area.left, drawn.area.top, drawn.area.width, drawn.area.height)
        assert box == [round(side, 1) for side in sides]
        assert colours["red"] == [drawn.colour, drawn.is_light]


def test_a_picture_is_coarse_where_it_is_printed_too_large_for_its_pixels(
    design: Submission,
) -> None:
    _give_a_picture(design, 900, 900)
    left = preview_of(design, position="left", size="S")
    full = preview_of(design, position="full", size="L")
    assert (left.is_coarse, full.is_coarse) == (False, True)
    coarse = choices_of(design)["coarse"]
    assert isinstance(coarse, list)
    assert "full:L" in coarse
    assert "left:S" not in coarse


def test_pixels_that_fill_an_article_are_just_enough(design: Submission) -> None:
    article = design.contest.article
    width, height = sharpness.pixels_to_fill(article)
    whole = {"x": 500, "y": 0, "width": 1000}
    assert sharpness.dots_an_inch(whole, article, width, height) >= sharpness.ENOUGH
    assert sharpness.dots_an_inch(whole, article, width - 20, height - 20) < sharpness.ENOUGH


def _give_a_picture(design: Submission, width: int, height: int) -> None:
    cover = design.artworks[0]
    cover.width, cover.height, cover.state = width, height, ArtworkState.READY
    db.session.flush()
