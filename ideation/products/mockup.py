"""The art on the article: a picture of what a buyer will get, drawn with Pillow.

From back to front: a paper ground, the article's shadow, its cloth in the chosen colour, the art
printed where its designer placed it, and light falling on both. On light cloth ink is seen
through to the cloth, so it is multiplied; on dark cloth it covers, as a screen print does.
"""

import functools
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ideation.articles.outlines import Area, outline_of
from ideation.products import canvas, cloth

#: Pixels a unit of the outline: 1440 × 1613.
SCALE = 1.44
#: A part of every picture's key: count it up when the same article comes out otherwise.
VERSION = 1

_GROUND_TOP, _GROUND_BOTTOM = (233, 228, 218), (214, 207, 195)
_INK = (58, 48, 36)
_LABEL = (238, 232, 220)
_LIGHT = 0.42
#: Shade is warm: of red less is lost, of blue more.
_WARMTH = (0.95, 1.0, 1.08)
#: Doublings of light from flat to fully lit.
_CONTRAST = 1.35
#: What shines on black cloth, of white.
_SHEEN = 0.20
#: Ink lies a little darker than its own colour, as cloth does.
_INK_LIES = 0.965

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Look:
    """What to draw. ``area`` is where the art stands, in the outline's units."""

    article: str
    colour: str
    area: Area


def draw(art: Image.Image, look: Look, scale: float = SCALE) -> Image.Image:
    """The article in its colour with the art on it, as RGB."""
    picture = _ground(look.article, scale).copy()
    base = _rgb(look.colour)
    relief = cloth.relief(look.article, scale)
    outline = outline_of(look.article)
    if outline.behind:
        picture.paste(_inside(look, scale), mask=canvas.fill(outline.behind, scale))
    dyed = _dyed(relief, base)
    _print(dyed, art, look, relief, scale)
    picture.paste(dyed, mask=_mask(look.article, scale))
    if outline.before:
        _lay_before(picture, look, scale)
    return picture


def is_light(colour: str) -> bool:
    """Whether cloth of this colour lets ink shine through to it."""
    return _lightness(_rgb(colour)) > _LIGHT


def _inside(look: Look, scale: float) -> Image.Image:
    """What lies behind: in the shade of what is before it, most just below the edge."""
    threads = cloth.weave(look.article, scale)
    behind = canvas.fill(outline_of(look.article).behind, scale)
    hidden = ImageChops.lighter(_mask(look.article, scale), ImageChops.invert(behind))
    shade = hidden.filter(ImageFilter.GaussianBlur(16 * scale))
    shade = shade.point([round(18 + value * 0.24) for value in range(256)])
    inside = _dyed(ImageChops.subtract(threads, shade), _rgb(look.colour))
    label = outline_of(look.article).label
    if label is not None:
        _sew_label(inside, label, scale)
    return inside


def _sew_label(inside: Image.Image, label: Area, scale: float) -> None:
    """A small woven label, where the designer's name will stand; too small to be read here."""
    left, top = label.left * scale, label.top * scale
    right, bottom = left + label.width * scale, top + label.height * scale
    pen = ImageDraw.Draw(inside)
    pen.rectangle((left + 2, top + 3, right + 2, bottom + 3), fill=(52, 46, 38))
    pen.rectangle((left, top, right, bottom), fill=_LABEL)
    for share, line in ((0.35, 0.62), (0.62, 0.4)):
        middle, reach = (left + right) / 2, (right - left) / 2 * line
        y = top + (bottom - top) * share
        pen.line((middle - reach, y, middle + reach, y), fill=_INK, width=max(1, round(scale)))


def _lay_before(picture: Image.Image, look: Look, scale: float) -> None:
    """What is sewn on top, with its own small shadow, in place."""
    mask = canvas.fill(outline_of(look.article).before, scale)
    shadow = canvas.moved(mask, 3, 4, scale).filter(ImageFilter.GaussianBlur(4 * scale))
    picture.paste(_INK, mask=shadow.point([round(value * 0.34) for value in range(256)]))
    edges = ImageChops.invert(mask).filter(ImageFilter.GaussianBlur(7 * scale))
    threads = cloth.weave(look.article, scale)
    rounded = ImageChops.subtract(threads, edges.point([round(v * 0.22) for v in range(256)]))
    for path in outline_of(look.article).stitches[1:]:
        sewn = canvas.dashes(path, 1.3, 4.4, 2.6, scale)
        rounded = ImageChops.subtract(rounded, sewn.point([round(v * 0.3) for v in range(256)]))
    picture.paste(_dyed(rounded, _rgb(look.colour)), mask=mask)


def _print(
    dyed: Image.Image, art: Image.Image, look: Look, relief: Image.Image, scale: float
) -> None:
    """Print the art onto the dyed cloth, in place."""
    area = look.area
    left, top = round(area.left * scale), round(area.top * scale)
    size = max(1, round(area.width * scale)), max(1, round(area.height * scale))
    inked = art.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    ink, cover = inked.convert("RGB"), inked.getchannel("A")
    if is_light(look.colour):
        ink = ImageChops.multiply(ink, Image.new("RGB", size, _rgb(look.colour)))
    box = (left, top, left + size[0], top + size[1])
    lit = _lit(ink, relief.crop(box))
    dyed.paste(lit, box, cover.point(lambda value: round(value * 0.97)))


def _lit(ink: Image.Image, relief: Image.Image) -> Image.Image:
    """Ink under the light of the relief."""
    shade = relief.point([min(255, round(255 * _INK_LIES * _light(value))) for value in range(256)])
    glow = relief.point([round(max(0.0, _tilt(value)) * 44) for value in range(256)])
    shaded = ImageChops.multiply(ink, Image.merge("RGB", (shade, shade, shade)))
    return ImageChops.screen(shaded, Image.merge("RGB", (glow, glow, glow)))


def _dyed(relief: Image.Image, base: Colour) -> Image.Image:
    """Cloth of one colour: each channel is a table over the relief."""
    tables = ([_shone(channel, value, base) for value in range(256)] for channel in range(3))
    return Image.merge("RGB", [relief.point(table) for table in tables])


def _shone(channel: int, value: int, base: Colour) -> int:
    """A channel of the cloth where the relief is ``value``.

    Light cloth shows its folds by what is lost, and so lies a little below its own colour, which
    leaves room above; dark cloth by what shines on it.
    """
    lightness = _lightness(base)
    own = base[channel] * (1 - 0.055 * lightness)
    sheen = 255 * _SHEEN * (1 - lightness) * _tilt(value)
    lit: float = own * _light(value) ** _WARMTH[channel] + sheen
    return min(255, max(0, round(lit)))


def _light(value: int) -> float:
    """How much light falls where the relief is ``value``: 1 where it is flat."""
    return float(2 ** (_CONTRAST * _tilt(value)))


def _tilt(value: int) -> float:
    """-1 away from the light, 0 flat, 1 towards it."""
    return (value - 128) / 128


@functools.lru_cache(maxsize=8)
def _mask(article: str, scale: float) -> Image.Image:
    return canvas.fill(outline_of(article).silhouette, scale)


@functools.lru_cache(maxsize=8)
def _ground(article: str, scale: float) -> Image.Image:
    """Paper under soft light, with the article's shadow on it."""
    size = canvas.size_at(scale)
    fall = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC)
    grain = canvas.noise((700, 784), size, seed=3)
    fall = ImageChops.add(fall, grain.point(lambda value: round(value * 0.10)), 1, -13)
    top, bottom = Image.new("RGB", size, _GROUND_TOP), Image.new("RGB", size, _GROUND_BOTTOM)
    paper = Image.composite(bottom, top, fall)
    for right, down, blur, depth in ((6, 10, 7, 0.30), (16, 30, 30, 0.34)):
        shadow = canvas.moved(_whole(article, scale), right, down, scale)
        shadow = shadow.filter(ImageFilter.GaussianBlur(blur * scale))
        weight = shadow.point([round(value * depth) for value in range(256)])
        paper = Image.composite(Image.new("RGB", size, _INK), paper, weight)
    return paper


def _whole(article: str, scale: float) -> Image.Image:
    """The article with what lies behind and before it, as a mask."""
    outline = outline_of(article)
    mask = _mask(article, scale)
    for path in filter(None, (outline.behind, outline.before)):
        mask = ImageChops.lighter(mask, canvas.fill(path, scale))
    return mask


def _lightness(colour: Colour) -> float:
    red, green, blue = colour
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def _rgb(text: str) -> Colour:
    red, green, blue = (int(text.lstrip("#")[start : start + 2], 16) for start in (0, 2, 4))
    return red, green, blue
