"""The mock-up: the art's own colour, at the place and in the size that were chosen."""

import pytest
from PIL import Image

from ideation.articles import outlines
from ideation.articles.outlines import Area
from ideation.products import canvas, mockup
from ideation.products.mockup import Look
from ideation.submissions import placing

#: A quarter of the real size: fast, and as true.
_SCALE = 0.4
_RED = (210, 30, 40)
_MM = {"tee": (300, 400), "print": (500, 700), "tote": (260, 300), "cap": (120, 60)}
_CLOTH = {"black": "#1B1A17", "white": "#FAF7F1", "natural": "#EADFC8", "green": "#1E6F45"}


@pytest.mark.parametrize("article", _MM)
@pytest.mark.parametrize("colour", _CLOTH)
def test_the_art_is_inside_its_box_and_nowhere_else(article: str, colour: str) -> None:
    area = _area(article, {"x": 500, "y": 100, "width": 600}, ratio=1.25)
    picture = mockup.draw(_art(), Look(article, _CLOTH[colour], area), _SCALE)

    for across in (0.05, 0.5, 0.95):
        for down in (0.05, 0.5, 0.95):
            assert _is_red(picture, area, across, down), (across, down)
    for across, down in ((-0.06, 0.5), (1.06, 0.5), (0.5, -0.06), (0.5, 1.06)):
        assert not _is_red(picture, area, across, down), (across, down)


def test_another_place_is_another_spot() -> None:
    places = [
        _area("tee", placing._stored(one, "S"), ratio=1.0) for one in placing._POSITIONS["tee"]
    ]
    for area in places:
        picture = mockup.draw(_art(ratio=1.0), Look("tee", "#1B1A17", area), _SCALE)
        assert _is_red(picture, area, 0.5, 0.5)
    left = places[2]
    centred = mockup.draw(_art(ratio=1.0), Look("tee", "#1B1A17", places[1]), _SCALE)
    assert not _is_red(centred, left, 0.9, 0.1)


def test_what_is_clear_in_the_art_shows_the_cloth() -> None:
    art = _art()
    art.paste((0, 0, 0, 0), (0, 0, art.width // 2, art.height))
    area = _area("tee", {"x": 500, "y": 0, "width": 1000}, ratio=1.25)
    look = Look("tee", "#1E6F45", area)
    picture, bare = mockup.draw(art, look, _SCALE), mockup.draw(_clear(), look, _SCALE)

    assert _pixel(picture, area, 0.25, 0.5) == _pixel(bare, area, 0.25, 0.5)
    assert _is_red(picture, area, 0.75, 0.5)


def test_ink_on_light_cloth_takes_its_colour_and_on_dark_cloth_covers_it() -> None:
    white = Image.new("RGBA", (200, 250), (255, 255, 255, 255))
    area = _area("tee", {"x": 500, "y": 100, "width": 600}, ratio=1.25)
    on_natural = _mean(mockup.draw(white, Look("tee", "#EADFC8", area), _SCALE), area)
    on_black = _mean(mockup.draw(white, Look("tee", "#1B1A17", area), _SCALE), area)

    assert on_natural[0] - on_natural[2] > 20  # as warm as the cloth
    assert max(on_black) - min(on_black) < 20
    assert min(on_black) > 200


def test_folds_fall_on_the_art_as_well() -> None:
    grey = Image.new("RGBA", (200, 250), (150, 150, 150, 255))
    area = _area("tee", {"x": 500, "y": 0, "width": 1000}, ratio=1.25)
    picture = mockup.draw(grey, Look("tee", "#FAF7F1", area), _SCALE)
    inside = picture.crop(_pixels(area)).convert("L").resize((12, 15), Image.Resampling.BOX)
    low, high = inside.getextrema()
    assert high - low > 15  # type: ignore[operator]


def test_a_picture_drawn_twice_is_the_same_to_the_byte() -> None:
    area = _area("tote", {"x": 500, "y": None, "width": 650}, ratio=1.25)
    look = Look("tote", "#EADFC8", area)
    first, second = mockup.draw(_art(), look, 0.3), mockup.draw(_art(), look, 0.3)
    assert first.tobytes() == second.tobytes()


def test_every_article_stands_on_its_ground() -> None:
    for article in _MM:
        picture = mockup.draw(_clear(), Look(article, "#B5301F", _area(article)), _SCALE)
        corners = [picture.getpixel((x, y)) for x in (2, picture.width - 3) for y in (2, 5)]
        assert all(min(corner) > 190 for corner in corners)  # type: ignore[type-var]
        red = _mean(picture, outlines.outline_of(article).area)
        assert red[0] > red[1] + 60
        assert picture.size == canvas.size_at(_SCALE)


def _area(
    article: str, placement: dict[str, int | None] | None = None, ratio: float = 1.25
) -> Area:
    area, _ = outlines.print_area(article, *_MM[article])
    return placing.within(area, placement or {"x": 500, "y": None, "width": 700}, ratio)


def _art(ratio: float = 1.25) -> Image.Image:
    return Image.new("RGBA", (300, round(300 * ratio)), (*_RED, 255))


def _clear() -> Image.Image:
    return Image.new("RGBA", (300, 375), (0, 0, 0, 0))


def _is_red(picture: Image.Image, area: Area, across: float, down: float) -> bool:
    """Whether the spot, in shares of the box, is the art's red, whatever light falls on it."""
    red, green, blue = _pixel(picture, area, across, down)
    return red > 90 and green < red * 0.35 and blue < red * 0.40


def _pixel(picture: Image.Image, area: Area, across: float, down: float) -> tuple[int, ...]:
    x = (area.left + area.width * across) * _SCALE
    y = (area.top + area.height * down) * _SCALE
    found = picture.getpixel((round(x), round(y)))
    assert isinstance(found, tuple)
    return found


def _mean(picture: Image.Image, area: Area) -> tuple[int, ...]:
    found = picture.crop(_pixels(area)).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(found, tuple)
    return found


def _pixels(area: Area) -> tuple[int, int, int, int]:
    right, bottom = area.left + area.width, area.top + area.height
    left_, top_, right_, bottom_ = (
        round(side * _SCALE) for side in (area.left, area.top, right, bottom)
    )
    return left_ + 2, top_ + 2, right_ - 2, bottom_ - 2
