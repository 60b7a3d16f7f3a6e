"""A design on articles as line drawings: quick enough to follow every choice in a form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ideation.articles import outlines
from ideation.articles.models import Article
from ideation.articles.outlines import HEIGHT, WIDTH, Area, Outline, outline_of
from ideation.http.pictures import Picture, image_of
from ideation.products.mockup import is_light
from ideation.submissions import placing, sharpness
from ideation.submissions.models import Artwork, ArtworkState, Submission

#: Height to width of art that is not there yet.
_USUAL_RATIO = 1.25
_PAPER = "#FAF7F1"


@dataclass(frozen=True)
class Preview:
    """What the drawing is made of, in the outline's units. ``image`` is None before a picture."""

    article: Article
    outline: Outline
    colour: str
    is_light: bool
    image: Picture | None
    area: Area
    #: Where the article can be printed at all, and where what matters should stay.
    printable: Area
    safe: Area
    #: Whether the picture is printed with too few dots an inch.
    is_coarse: bool
    width: int = WIDTH
    height: int = HEIGHT


def preview_of(
    submission: Submission,
    *,
    position: str = "",
    size: str = "",
    colour: str = "",
    article: Article | None = None,
) -> Preview:
    """The design as it is, or as it would be with what a form now says.

    What cannot be chosen is passed over: the form says so itself. On an ``article`` other than
    its contest's the art stands in the place of the same name, or the usual one.
    """
    own = submission.contest.article
    article = article or own
    kept, kept_size = placing.chosen(submission)
    offered = {one.key for one in placing.positions(own)}
    is_chosen = position in offered and size in placing.SIZES
    placement = placing.of(submission)
    if is_chosen or article is not own:
        place = (position, size) if is_chosen else (kept, kept_size)
        placement = _alike(article, *place)
    is_known = any(one["key"] == colour for one in own.colours)
    shade = _shade(own, article, colour if is_known else submission.colour)
    cover = _cover(submission)
    print_size = article.print_area
    measures = article.slug, print_size["width_mm"], print_size["height_mm"]
    return Preview(
        article=article,
        outline=outline_of(article.slug),
        colour=shade,
        is_light=is_light(shade),
        image=image_of(cover, "grid"),
        area=placing.box(placement, article, _ratio(cover)),
        printable=outlines.print_area(*measures)[0],
        safe=outlines.safe_area(*measures),
        is_coarse=_is_coarse(placement, article, cover),
    )


def choices_of(submission: Submission, article: Article | None = None) -> dict[str, object]:
    """What every choice of the form comes to on an article, for the script that redraws at once."""
    own = submission.contest.article
    article = article or own
    cover = _cover(submission)
    boxes, coarse = {}, []
    for position in placing.positions(own):
        for size in placing.SIZES:
            key, placement = f"{position.key}:{size}", _alike(article, position.key, size)
            area = placing.box(placement, article, _ratio(cover))
            boxes[key] = [round(side, 1) for side in (area.left, area.top, area.width, area.height)]
            if _is_coarse(placement, article, cover):
                coarse.append(key)
    shades = {one["key"]: _shade(own, article, one["key"]) for one in own.colours}
    colours = {key: [shade, is_light(shade)] for key, shade in shades.items()}
    return {"boxes": boxes, "colours": colours, "coarse": coarse}


def others(own: Article, articles: Iterable[Article], most: int) -> list[Article]:
    """Articles besides its own on which a design may be looked at."""
    return [article for article in articles if article.id != own.id][:most]


def _alike(article: Article, position: str, size: str) -> dict[str, Any]:
    offered = {one.key for one in placing.positions(article)}
    return placing.choose(article, position if position in offered else "", size)


def _shade(own: Article, article: Article, colour: str) -> str:
    """The colour as the article has it, or the one of its colours that comes nearest."""
    wanted = next((str(one["hex"]) for one in own.colours if one["key"] == colour), _PAPER)
    if article.id == own.id or not article.colours:
        return wanted
    return min((str(one["hex"]) for one in article.colours), key=lambda one: _apart(one, wanted))


def _apart(one: str, other: str) -> int:
    """How far two colours are apart, as the eye weighs red, green and blue."""
    channels = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), (3, 6, 1), strict=True)
    return sum(weight * (first - second) ** 2 for first, second, weight in channels)


def _cover(submission: Submission) -> Artwork | None:
    return next((one for one in submission.artworks if one.state is ArtworkState.READY), None)


def _ratio(cover: Artwork | None) -> float:
    return cover.height / cover.width if cover is not None else _USUAL_RATIO


def _is_coarse(placement: dict[str, Any], article: Article, cover: Artwork | None) -> bool:
    if cover is None:
        return False
    dots = sharpness.dots_an_inch(placement, article, cover.width, cover.height)
    return dots < sharpness.ENOUGH
