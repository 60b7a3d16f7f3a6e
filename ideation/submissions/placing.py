"""Where art stands on its article: a position and a size, stored in thousandths of the area.

``{"x": centre, "y": upper edge, "width": width}``: ``x`` and ``width`` of the print area's width,
``y`` of its height, or None for the middle. What was stored keeps its meaning if the choices
offered here ever change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ideation.articles import outlines
from ideation.articles.models import Article
from ideation.articles.outlines import Area
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy
from ideation.submissions.models import Submission

SIZES = ("S", "M", "L")
_WHOLE = 1000


@dataclass(frozen=True)
class Position:
    """A place that suits an article; ``widths`` by S, M, L, in thousandths of the area."""

    key: str
    label: Words
    x: int
    y: int | None
    widths: tuple[int, int, int]


_CENTRE = Position("centre", lazy("In the middle"), 500, None, (450, 650, 850))
_FULL = Position("full", lazy("As large as it fits"), 500, None, (_WHOLE, _WHOLE, _WHOLE))

_ON_A_CHEST = (
    Position("centre", lazy("Centre chest"), 500, 60, (560, 760, 940)),
    Position("high", lazy("High on the chest"), 500, 0, (400, 580, 760)),
    Position("left", lazy("Left chest"), 800, 30, (220, 290, 360)),
    Position("full", lazy("Full front"), 500, 0, (_WHOLE, _WHOLE, _WHOLE)),
)
#: Article → where art may stand on it, the usual place first.
_POSITIONS: Mapping[str, tuple[Position, ...]] = {
    "tee": _ON_A_CHEST,
    "sweatshirt": _ON_A_CHEST,
    "print": (
        Position("centre", lazy("With a margin"), 500, None, (640, 760, 880)),
        Position("full", lazy("To the edge"), 500, None, (_WHOLE, _WHOLE, _WHOLE)),
    ),
}


def positions(article: Article) -> tuple[Position, ...]:
    """Where art may stand on the article, the usual place first."""
    return _POSITIONS.get(article.slug, (_CENTRE, _FULL))


def choose(article: Article, position: str, size: str) -> dict[str, Any]:
    """The placement of a position and a size. Raises Invalid (field ``position`` or ``art_size``).

    Nothing chosen is the article's usual place.
    """
    found = next((one for one in positions(article) if one.key == position), None)
    if position and found is None:
        raise Invalid(fields={"position": lazy("Choose one of the places.")})
    if size and size not in SIZES:
        raise Invalid(fields={"art_size": lazy("Choose one of the sizes.")})
    where = found or positions(article)[0]
    return _stored(where, size or "M")


def of(submission: Submission) -> dict[str, Any]:
    """The submission's placement; the article's usual one where nothing was chosen."""
    return dict(submission.placement) or choose(submission.contest.article, "", "")


def chosen(submission: Submission) -> tuple[str, str]:
    """Position and size as the form offers them; the usual ones where they are not offered."""
    article = submission.contest.article
    placement = of(submission)
    for position in positions(article):
        for size in ("M", "S", "L"):
            if _stored(position, size) == placement:
                return position.key, size
    return positions(article)[0].key, "M"


def check(placement: Mapping[str, Any]) -> None:
    """Raise Invalid unless it is a placement within the print area."""
    x, y, width = (placement.get(name) for name in ("x", "y", "width"))
    numbers = [value for value in (x, y, width) if value is not None]
    is_whole = all(isinstance(value, int) and 0 <= value <= _WHOLE for value in numbers)
    if not is_whole or not x or not width or abs(2 * x - _WHOLE) + width > _WHOLE:
        raise Invalid(fields={"position": lazy("Choose one of the places.")})


def box(placement: Mapping[str, Any], article: Article, ratio: float) -> Area:
    """Where art of this ratio (height to width) stands, in units of the article's outline.

    Art that would stand out below the area shrinks around its own middle, and keeps its ratio.
    """
    size = article.print_area
    area, _ = outlines.print_area(article.slug, size["width_mm"], size["height_mm"])
    return within(area, placement, ratio)


def within(area: Area, placement: Mapping[str, Any], ratio: float) -> Area:
    """``box`` for a given area."""
    top = (placement["y"] or 0) * area.height / _WHOLE
    width = placement["width"] * area.width / _WHOLE
    height = min(width * ratio, area.height - top)
    width = height / ratio
    if placement["y"] is None:
        top = (area.height - height) / 2
    centre = area.left + placement["x"] * area.width / _WHOLE
    return Area(centre - width / 2, area.top + top, width, height)


def _stored(position: Position, size: str) -> dict[str, Any]:
    width = position.widths[SIZES.index(size)]
    return {"x": position.x, "y": position.y, "width": width}
