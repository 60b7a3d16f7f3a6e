"""A two-drum press in software: one grey plate an ink, printed one over the other.

Plates are drawn at twice the size of the print and reduced, which is the antialiasing. On a light
stock inks multiply, so that overlaps make a third colour; on a dark one they cover, as screen inks
do. Every plate sits a hair off the others and takes ink unevenly, as on a real sheet.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import cos, floor, pi, sin, sqrt
from random import Random

from PIL import Image, ImageChops, ImageDraw

from ideation.demo.art.inks import INKS, PAPER, Palette
from ideation.demo.art.shapes import Point, Shape

UNITS = 1000
"""A sheet is this many units wide, whatever its size in pixels; designs are drawn in units."""

_OVERSAMPLING = 2
_TILE = 512

_Box = tuple[int, int, int, int]


class Sheet:
    """One print in the making: `width` pixels wide, `ratio` is width by height."""

    def __init__(
        self, width: int, ratio: float, palette: Palette, rng: Random, slack: float = 0.0
    ) -> None:
        self.size = (width, max(1, round(width / ratio)))
        self.palette = palette
        self.w = float(UNITS)
        self.h = UNITS * self.size[1] / width
        self._scale = width * _OVERSAMPLING / UNITS
        self._full = (self.size[0] * _OVERSAMPLING, self.size[1] * _OVERSAMPLING)
        self._texture = rng.randrange(1 << 30)
        self._plates: dict[str, Image.Image] = {}  # made when first inked
        reach = 1.1 + 5 * slack
        self._offset = {
            ink: (rng.uniform(-reach, reach), rng.uniform(-reach, reach)) for ink in palette.inks
        }

    def print(
        self, ink: str, shapes: Iterable[Shape], clip: Shape | None = None, tone: float = 1.0
    ) -> None:
        """Lay shapes on one plate; what other plates hold shows through."""
        if ink == PAPER:
            self.cut(shapes, clip)
        elif clip is None:
            self._fill(ink, shapes, round(255 * tone))
        else:
            self._clipped({ink: round(255 * tone)}, list(shapes), clip)

    def cut(self, shapes: Iterable[Shape], clip: Shape | None = None, keep: str = PAPER) -> None:
        """Knock shapes out of every plate but `keep`."""
        others = [ink for ink in self._plates if ink != keep]
        held = list(shapes)
        if clip is not None:
            self._clipped(dict.fromkeys(others, 0), held, clip)
            return
        for ink in others:
            self._fill(ink, held, 0)

    def stamp(self, ink: str, shapes: Iterable[Shape], clip: Shape | None = None) -> None:
        """Lay shapes in front of what is there: knocked out below, then printed."""
        held = list(shapes)
        if clip is not None:
            values = dict.fromkeys(self._plates, 0)
            self._clipped(values if ink == PAPER else {**values, ink: 255}, held, clip)
            return
        self.cut(held, keep=ink)
        self.print(ink, held)

    def halftone(
        self, ink: str, shape: Shape, light: Point, full: Point, pitch: float = 11.0
    ) -> None:
        """Fill a shape with dots that grow from nothing at `light` to solid at `full`."""
        x0, y0, x1, y1 = _bounds(shape)
        ax, ay = full[0] - light[0], full[1] - light[1]
        span = ax * ax + ay * ay or 1.0
        reach = int(max(x1 - x0, y1 - y0) * 0.75 / pitch) + 2
        mx, my = (x0 + x1) / 2, (y0 + y1) / 2
        c, s = cos(pi / 4) * pitch, sin(pi / 4) * pitch
        dots: list[Shape] = []
        for i in range(-reach, reach + 1):
            for k in range(-reach, reach + 1):
                x, y = mx + (i - k) * c, my + (i + k) * s
                if x < x0 - pitch or x > x1 + pitch or y < y0 - pitch or y > y1 + pitch:
                    continue
                t = ((x - light[0]) * ax + (y - light[1]) * ay) / span
                if t > 0.02:
                    r = pitch * 0.72 * sqrt(min(t, 1.0))
                    dots.append([(x - r, y - r), (x + r, y + r)])
        self._clipped({ink: 255}, dots, shape, round_dots=True)

    def strokes(self, ink: str, lines: Iterable[Sequence[Point]], width: float) -> None:
        """Thin lines, overprinted."""
        pen = ImageDraw.Draw(self._plate(ink))
        dx, dy = self._offset[ink]
        thick = max(1, round(width * self._scale))
        for line in lines:
            points = [((x + dx) * self._scale, (y + dy) * self._scale) for x, y in line]
            pen.line(points, fill=255, width=thick, joint="curve")

    def stretched(self, field: Image.Image) -> Image.Image:
        """A small field of floats from 0 to 255 at the size of a plate, rounded only then."""
        box = (0.5, 0.5, field.width - 0.5, field.height - 0.5)
        return field.resize(self._full, Image.Resampling.BICUBIC, box).convert("L")

    def levels(self, ink: str, field: Image.Image, table: Sequence[int], knock: bool) -> None:
        """Print wherever `table` holds 255 for the value of a stretched field."""
        mask = field.point(list(table))
        if knock:
            for other in self._plates:
                if other != ink:
                    self._plates[other].paste(0, None, mask)
        if ink != PAPER:
            self._plate(ink).paste(255, None, mask)

    def trim(self, window: Shape, surround: str = PAPER) -> None:
        """Keep what lies inside the window, as a mat board does; ink the surround, if asked."""
        outside = Image.new("L", self._full, 255)
        outline = [(x * self._scale, y * self._scale) for x, y in window]
        ImageDraw.Draw(outside).polygon(outline, fill=0)
        if surround != PAPER:
            self._plate(surround)
        for ink, plate in self._plates.items():
            plate.paste(255 if ink == surround else 0, None, outside)

    def develop(self, transparent: bool = False) -> Image.Image:
        """The print: RGB, or RGBA with bare stock left clear."""
        grain = _grain(self.size, self._texture)
        plates = {
            ink: ImageChops.multiply(plate.reduce(_OVERSAMPLING), grain)
            for ink in self.palette.inks
            if (plate := self._plates.get(ink)) is not None
        }
        if transparent:
            return _clear(plates, self.size)
        stock = self.palette.stock
        if stock.dark:
            print_ = Image.new("RGB", self.size, stock.colour)
            for ink, plate in plates.items():
                print_.paste(INKS[ink], None, plate)
            return print_
        return _overprint(Image.new("RGB", self.size, stock.colour), plates)

    def _plate(self, ink: str) -> Image.Image:
        if ink not in self._plates:
            self._plates[ink] = Image.new("L", self._full, 0)
        return self._plates[ink]

    def _fill(self, ink: str, shapes: Iterable[Shape], value: int) -> None:
        pen = ImageDraw.Draw(self._plate(ink))
        dx, dy = self._offset[ink]
        for shape in shapes:
            pen.polygon(
                [((x + dx) * self._scale, (y + dy) * self._scale) for x, y in shape], fill=value
            )

    def _clipped(
        self, values: dict[str, int], shapes: list[Shape], clip: Shape, round_dots: bool = False
    ) -> None:
        """Set plates to their values where shapes and clip meet; one mask serves all plates."""
        box = self._pixels(clip)
        if box is None:
            return
        left, top, right, bottom = box
        size = (right - left, bottom - top)
        inside, drawn = Image.new("L", size, 0), Image.new("L", size, 0)
        scale = self._scale
        outline = [(x * scale - left, y * scale - top) for x, y in clip]
        ImageDraw.Draw(inside).polygon(outline, fill=255)
        pen = ImageDraw.Draw(drawn)
        draw = pen.ellipse if round_dots else pen.polygon
        for shape in shapes:
            draw([(x * scale - left, y * scale - top) for x, y in shape], fill=255)
        mask = ImageChops.multiply(inside, drawn)
        for ink, value in values.items():
            dx, dy = self._offset[ink]
            at = (left + round(dx * scale), top + round(dy * scale))
            self._plate(ink).paste(value, (*at, at[0] + size[0], at[1] + size[1]), mask)

    def _pixels(self, shape: Shape) -> _Box | None:
        margin = 2 * _OVERSAMPLING
        x0, y0, x1, y1 = _bounds(shape)
        left = max(-margin, floor(x0 * self._scale))
        top = max(-margin, floor(y0 * self._scale))
        right = min(self._full[0] + margin, floor(x1 * self._scale) + 2)
        bottom = min(self._full[1] + margin, floor(y1 * self._scale) + 2)
        return (left, top, right, bottom) if left < right and top < bottom else None


def _overprint(ground: Image.Image, plates: dict[str, Image.Image]) -> Image.Image:
    for ink, plate in plates.items():
        tables = [
            [255 - round(v * (255 - channel) / 255) for v in range(256)] for channel in INKS[ink]
        ]
        ground = ImageChops.multiply(
            ground, Image.merge("RGB", [plate.point(table) for table in tables])
        )
    return ground


def _clear(plates: dict[str, Image.Image], size: tuple[int, int]) -> Image.Image:
    """Ink alone. Taking the white away from a print on white leaves premultiplied colour."""
    cover = Image.new("L", size, 0)
    for plate in plates.values():
        cover = ImageChops.screen(cover, plate)
    bare = ImageChops.invert(cover)
    on_white = _overprint(Image.new("RGB", size, (255, 255, 255)), plates)
    channels = [ImageChops.subtract(channel, bare) for channel in on_white.split()]
    return Image.merge("RGBa", [*channels, cover]).convert("RGBA")


def _grain(size: tuple[int, int], seed: int) -> Image.Image:
    """How much ink the paper takes: 255 is all of it."""
    rng = Random(seed)  # noqa: S311 - chance for looks, not for secrets
    left, top = rng.randrange(_TILE), rng.randrange(_TILE)
    tile = ImageChops.offset(_speckle(), left, top)
    grain = Image.new("L", size)
    for x in range(0, size[0], _TILE):
        for y in range(0, size[1], _TILE):
            grain.paste(tile, (x, y))
    across = (14, max(2, round(14 * size[1] / size[0])))
    clouds = Image.frombytes("L", across, rng.randbytes(across[0] * across[1]))
    mottle = clouds.resize(size, Image.Resampling.BILINEAR).point(
        [243 + v // 22 for v in range(256)]
    )
    return ImageChops.multiply(grain, mottle)


@lru_cache(maxsize=1)
def _speckle() -> Image.Image:
    rng = Random(1986)  # noqa: S311 - as above
    noise = Image.frombytes("L", (_TILE, _TILE), rng.randbytes(_TILE * _TILE))
    return noise.point([180 if v < 2 else 238 + v // 15 for v in range(256)])


def _bounds(shape: Shape) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in shape], [y for _, y in shape]
    return min(xs), min(ys), max(xs), max(ys)
