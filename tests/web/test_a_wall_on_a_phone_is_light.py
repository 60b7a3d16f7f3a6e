"""Where a page shows many pictures in little room, each comes in its lightest format."""

import re

import pytest
from flask import Flask

from ideation.core.db import transaction
from ideation.submissions.models import Submission
from tests import factories

pytestmark = pytest.mark.one_engine

_AVIF = re.compile(r'<source type="image/avif" srcset="([^"]+)"( media="[^"]+")?>')


def test_a_wall_gives_phones_the_small_picture_in_half_its_bytes(app: Flask) -> None:
    design = factories.submission(factories.contest())
    page = factories.Browser(app).get(f"/contests/{design.contest.slug}/entries").text
    (offered,) = _AVIF.findall(page)
    assert offered == (_small(design), ' media="(max-width: 39.99rem)"')


def test_a_strip_of_little_pictures_gives_it_to_everybody(app: Flask) -> None:
    design = factories.submission(factories.contest())
    page = factories.Browser(app).get("/contests").text
    assert (_small(design), "") in _AVIF.findall(page)


def test_a_design_that_fills_the_screen_never_comes_small(app: Flask) -> None:
    design = factories.submission(factories.contest())
    page = factories.Browser(app).get(f"/designs/{design.public_id}").text
    large = page[page.index('class="piece') : page.index("</figure>")]
    assert "image/webp" in large
    assert _AVIF.findall(large) == []


def test_what_was_printed_before_is_shown_as_it_was(app: Flask) -> None:
    design = factories.submission(factories.contest())
    (artwork,) = design.artworks
    with transaction():
        artwork.renditions = [one for one in artwork.renditions if one.format != "avif"]
    page = factories.Browser(app).get(f"/contests/{design.contest.slug}/entries").text
    assert _AVIF.findall(page) == []
    assert f"renditions/{artwork.public_id}/small.webp 400w" in page


def _small(design: Submission) -> str:
    return f"/media/renditions/{design.artworks[0].public_id}/small.avif"
