"""Drawing smooth shapes with Pillow: outlines as masks, soft strokes, seeded noise.

Units are those of ``articles.outlines``: 1000 across. Everything is deterministic, so that a
picture drawn twice is the same to the byte.
"""

import functools
import itertools
import random
import re
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

from ideation.articles.outlines import HEIGHT, WIDTH

Point = tuple[float, float]

_STEPS = 24
#: Masks are drawn so many times larger, then shrunk: smooth edges.
_OVERSAMPLED = 3
_TOKEN = re.compile(r"[MLCZ]|-?\d+(?:\.\d+)?")


def size_at(scale: float) -> tuple[int, int]:
    """The whole canvas in pixels, where a unit is ``scale`` of them."""
    return round(WIDTH * scale), round(HEIGHT * scale)


def points(path: str) -> list[Point]:
    """An SVG path of M, L, C and Z as the points of a polygon."""
    tokens = _TOKEN.findall(path)
    found: list[Point] = []
    numbers: list[float] = []
    command = ""
    for token in [*tokens, "Z"]:
        if token.isalpha():
            found += _segment(command, numbers, found)
            command, numbers = token, []
        else:
            numbers.append(float(token))
    return found


@functools.lru_cache(maxsize=32)
def fill(path: str, scale: float) -> Image.Image:
    """The inside of a path as a mask (mode L). Never drawn upon: the next caller gets it too."""
    large = scale * _OVERSAMPLED
    mask = Image.new("L", size_at(large))
    ImageDraw.Draw(mask).polygon([(x * large, y * large) for x, y in points(path)], fill=255)
    return mask.resize(size_at(scale), Image.Resampling.BOX)


def line(path: str, width: float, scale: float) -> Image.Image:
    """A path as a thin line of ``width`` units (mode L)."""
    large = scale * _OVERSAMPLED
    mask = Image.new("L", size_at(large))
    corners = [(x * large, y * large) for x, y in points(path)]
    ImageDraw.Draw(mask).line(corners, fill=255, width=max(1, round(width * large)), joint="curve")
    return mask.resize(size_at(scale), Image.Resampling.BOX)


@functools.lru_cache(maxsize=32)
def dashes(path: str, width: float, on: float, off: float, scale: float) -> Image.Image:
    """A path as a row of stitches, in units."""
    large = scale * _OVERSAMPLED
    mask = Image.new("L", size_at(large))
    pen = ImageDraw.Draw(mask)
    for start, end in _stitches(points(path), on, off):
        ends = [(start[0] * large, start[1] * large), (end[0] * large, end[1] * large)]
        pen.line(ends, fill=255, width=max(1, round(width * large)))
    return mask.resize(size_at(scale), Image.Resampling.BOX)


def stroke(path: str, width: float, depth: int, blur: float, scale: float) -> Image.Image:
    """A soft stroke that is widest in its middle and runs out at both ends (mode L)."""
    along = points(path)
    mask = Image.new("L", size_at(scale))
    pen = ImageDraw.Draw(mask)
    for number, (x, y) in enumerate(along):
        share = number / (len(along) - 1)
        radius = width / 2 * (4 * share * (1 - share)) ** 0.7 * scale
        box = (x * scale - radius, y * scale - radius, x * scale + radius, y * scale + radius)
        pen.ellipse(box, fill=depth)
    return mask.filter(ImageFilter.GaussianBlur(blur * scale))


def noise(cells: tuple[int, int], size: tuple[int, int], seed: int) -> Image.Image:
    """Clouds: so many random cells across and down, smoothly enlarged (mode L, mean 128)."""
    grains = random.Random(seed).randbytes(cells[0] * cells[1])  # noqa: S311 (a texture)
    return Image.frombytes("L", cells, grains).resize(size, Image.Resampling.BICUBIC)


def moved(mask: Image.Image, right: float, down: float, scale: float) -> Image.Image:
    """The mask shifted by units; what comes in is empty."""
    shift = (1, 0, -right * scale, 0, 1, -down * scale)
    return mask.transform(mask.size, Image.Transform.AFFINE, shift, Image.Resampling.BILINEAR)


def _segment(command: str, numbers: Sequence[float], so_far: list[Point]) -> list[Point]:
    pairs = list(zip(numbers[0::2], numbers[1::2], strict=True))
    if command != "C":
        return pairs
    found: list[Point] = []
    start = so_far[-1]
    for first, second, end in zip(pairs[0::3], pairs[1::3], pairs[2::3], strict=True):
        found += [_bezier(start, first, second, end, n / _STEPS) for n in range(1, _STEPS + 1)]
        start = end
    return found


def _bezier(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    s = 1 - t
    weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
    x, y = (
        sum(weight * point[axis] for weight, point in zip(weights, (a, b, c, d), strict=True))
        for axis in (0, 1)
    )
    return x, y


def _stitches(along: list[Point], on: float, off: float) -> list[tuple[Point, Point]]:
    """Pieces of length ``on`` with gaps of ``off``, walked along the points."""
    found: list[tuple[Point, Point]] = []
    left, is_on, start = on, True, along[0]
    for before, after in itertools.pairwise(along):
        here = before
        while (length := _distance(here, after)) >= left:
            share = left / length
            here = here[0] + (after[0] - here[0]) * share, here[1] + (after[1] - here[1]) * share
            if is_on:
                found.append((start, here))
            is_on, start = not is_on, here
            left = on if is_on else off
        left -= _distance(here, after)
    return found


def _distance(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)
