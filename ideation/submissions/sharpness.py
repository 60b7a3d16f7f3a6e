"""Whether a picture has pixels enough for where it stands on its article."""

import math
from collections.abc import Mapping
from typing import Any

from ideation.articles import outlines
from ideation.articles.models import Article
from ideation.submissions import placing

#: Dots an inch below which a print looks coarse at arm's length.
ENOUGH = 150
_MM_AN_INCH = 25.4


def dots_an_inch(placement: Mapping[str, Any], article: Article, width: int, height: int) -> float:
    """How densely a picture of these sides in pixels is printed where it stands."""
    size = article.print_area
    _, units = outlines.print_area(article.slug, size["width_mm"], size["height_mm"])
    box = placing.box(placement, article, height / width)
    return width / (box.width / units / _MM_AN_INCH)


def pixels_to_fill(article: Article) -> tuple[int, int]:
    """Sides in pixels, to the next ten, of a picture that fills the print area sharply."""
    size = article.print_area
    across, down = (size[side] / _MM_AN_INCH * ENOUGH for side in ("width_mm", "height_mm"))
    return math.ceil(across / 10) * 10, math.ceil(down / 10) * 10
