"""A design on its article as a line drawing: quick enough to follow every choice in a form."""

from dataclasses import dataclass

from ideation.articles.outlines import HEIGHT, WIDTH, Area, Outline, outline_of
from ideation.http.pictures import Picture, image_of
from ideation.products.mockup import is_light
from ideation.submissions import drafting, placing
from ideation.submissions.models import ArtworkState, Submission

#: Height to width of art that is not there yet.
_USUAL_RATIO = 1.25


@dataclass(frozen=True)
class Preview:
    """What the drawing is made of, in the outline's units. ``image`` is None before a picture."""

    outline: Outline
    colour: str
    is_light: bool
    image: Picture | None
    area: Area
    width: int = WIDTH
    height: int = HEIGHT


def preview_of(
    submission: Submission, *, position: str = "", size: str = "", colour: str = ""
) -> Preview:
    """The design as it is, or as it would be with what a form now says.

    What cannot be chosen is passed over: the form says so itself.
    """
    article = submission.contest.article
    offered = {one.key for one in placing.positions(article)}
    placement = placing.of(submission)
    if position in offered and size in placing.SIZES:
        placement = placing.choose(article, position, size)
    shades = {one["key"]: str(one["hex"]) for one in article.colours}
    stored = drafting.find_colour(submission)
    shade = shades.get(colour) or (stored["hex"] if stored else "#FAF7F1")
    image = _cover(submission)
    return Preview(
        outline=outline_of(article.slug),
        colour=shade,
        is_light=is_light(shade),
        image=image,
        area=placing.box(placement, article, _ratio(image)),
    )


def choices_of(submission: Submission) -> dict[str, object]:
    """Every box and every colour that the form offers, for the script that redraws at once."""
    article = submission.contest.article
    ratio = _ratio(_cover(submission))
    boxes = {}
    for position in placing.positions(article):
        for size in placing.SIZES:
            area = placing.box(placing.choose(article, position.key, size), article, ratio)
            boxes[f"{position.key}:{size}"] = [
                round(side, 1) for side in (area.left, area.top, area.width, area.height)
            ]
    colours = {one["key"]: [one["hex"], is_light(one["hex"])] for one in article.colours}
    return {"boxes": boxes, "colours": colours}


def _cover(submission: Submission) -> Picture | None:
    ready = [one for one in submission.artworks if one.state is ArtworkState.READY]
    return image_of(ready[0], "grid") if ready else None


def _ratio(image: Picture | None) -> float:
    return image.height / image.width if image is not None else _USUAL_RATIO
