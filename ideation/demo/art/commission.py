"""What a family of designs is asked for: a sheet, a palette, chance, and how good to be.

Quality is felt in three ways. Registration gets looser as it falls. Below `TIMID` the inks are
dull. Below `WEAK` the design has one plain `Flaw`, the kind juries see every week: inks that
fight, a clumsy place on the sheet, far too much, or hardly anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import sin
from random import Random

from ideation.demo.art.inks import PAPER, Palette
from ideation.demo.art.press import Sheet
from ideation.demo.art.shapes import Shape, arch, disc, rect, ribbon, rounded, star

TIMID = 0.6
WEAK = 0.4


class Flaw(StrEnum):
    CLASH = "clash"
    CLUMSY = "clumsy"
    CROWDED = "crowded"
    EMPTY = "empty"


@dataclass(frozen=True)
class Box:
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def w(self) -> float:
        return self.x1 - self.x0

    @property
    def h(self) -> float:
        return self.y1 - self.y0

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def short(self) -> float:
        return min(self.w, self.h)

    @property
    def shape(self) -> Shape:
        return rect(self.x0, self.y0, self.x1, self.y1)

    def inset(self, by: float) -> "Box":
        return Box(self.x0 + by, self.y0 + by, self.x1 - by, self.y1 - by)

    def scaled(self, by: float, dx: float = 0.0, dy: float = 0.0) -> "Box":
        """Scaled about its middle, then moved by fractions of its own size."""
        cx, cy = self.cx + dx * self.w, self.cy + dy * self.h
        return Box(
            cx - self.w * by / 2, cy - self.h * by / 2, cx + self.w * by / 2, cy + self.h * by / 2
        )


@dataclass
class Job:
    """One design to draw. `window` names the shape a scene was trimmed to, if any."""

    rng: Random
    sheet: Sheet
    palette: Palette
    flaw: Flaw | None
    window: str = ""

    @property
    def a(self) -> str:
        return self.palette.a

    @property
    def b(self) -> str:
        return self.palette.b

    @property
    def c(self) -> str:
        return self.palette.c

    @property
    def line(self) -> str:
        return self.palette.line

    @property
    def colours(self) -> tuple[str, str, str]:
        return self.a, self.b, self.c

    @property
    def page(self) -> Box:
        """The sheet with a little bleed, so that loose registration leaves no white edge."""
        return Box(-14, -14, self.sheet.w + 14, self.sheet.h + 14)

    def frame(self, margin: float = 0.1) -> Box:
        """Where a free-standing figure belongs; flaws put it elsewhere."""
        box = Box(0, 0, self.sheet.w, self.sheet.h).inset(margin * min(self.sheet.w, self.sheet.h))
        if self.flaw is Flaw.CLUMSY:
            side = self.rng.choice((-1, 1))
            return box.scaled(
                self.rng.uniform(0.6, 0.75), 0.3 * side, self.rng.choice((-0.26, 0.3))
            )
        if self.flaw is Flaw.EMPTY:
            return box.scaled(self.rng.uniform(0.3, 0.45), self.rng.uniform(-0.2, 0.2), 0.14)
        if self.flaw is Flaw.CROWDED:
            return box.scaled(1.3, self.rng.uniform(-0.06, 0.06), self.rng.uniform(-0.06, 0.06))
        return box

    def many(self, low: int, high: int | None = None) -> int:
        """How many of something: too many or too few where that is the flaw."""
        count = self.rng.randint(low, high or low)
        if self.flaw is Flaw.CROWDED:
            return count * 2
        return max(1, round(count * 0.5)) if self.flaw is Flaw.EMPTY else count

    def finish(self, chance: float = 0.5, sky: bool = False) -> None:
        """Trim a design that bleeds to a mat, an arch or a disc; flaws trim it badly.

        Where bare stock is the `sky`, the surround is inked, or the window would not be seen.
        """
        w, h, rng = self.sheet.w, self.sheet.h, self.rng
        whole = Box(0, 0, w, h)
        surround = rng.choice((self.line, self.b, self.a)) if sky else PAPER
        if self.flaw is Flaw.CLUMSY:
            cut = whole.scaled(rng.uniform(0.6, 0.7), rng.choice((-0.12, 0.13)), -0.1)
            return self.sheet.trim(cut.shape)
        if self.flaw is Flaw.EMPTY:
            return self.sheet.trim(whole.scaled(0.42, rng.uniform(-0.2, 0.2), 0.12).shape)
        if rng.random() >= chance:
            return None
        inner = whole.inset(rng.choice((0.05, 0.07, 0.09)) * min(w, h))
        kinds = ["mat", "mat", "soft"]
        kinds += ["arch"] if h > w else []
        kinds += ["disc"] if 0.9 * w <= h <= 1.3 * w and not sky else []
        self.window = rng.choice(kinds)
        shapes: dict[str, Callable[[], Shape]] = {
            "mat": lambda: inner.shape,
            "soft": lambda: rounded(inner.x0, inner.y0, inner.x1, inner.y1, 0.12 * inner.w),
            "arch": lambda: arch(inner.x0, inner.y0, inner.x1, inner.y1),
            "disc": lambda: disc(inner.cx, inner.cy, inner.short / 2),
        }
        return self.sheet.trim(shapes[self.window](), surround)

    def overdo(self) -> None:
        """Stars, dots and squiggles on top of it all, as if none of it had been enough."""
        w, h, rng = self.sheet.w, self.sheet.h, self.rng
        for _ in range(rng.randint(26, 44)):
            x, y, size = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(18, 62)
            ink = rng.choice((*self.colours, self.line))
            kind = rng.choice(("star", "dot", "squiggle"))
            if kind == "star":
                self.sheet.stamp(ink, [star(x, y, size, size * 0.45, 5, rng.random())])
            elif kind == "dot":
                self.sheet.stamp(ink, [disc(x, y, size * 0.5)])
            else:
                line = [(x + size * k / 5, y + size * 0.3 * sin(k * 0.9)) for k in range(22)]
                self.sheet.stamp(ink, [ribbon(line, size * 0.18)])


Composition = Callable[[Job], None]


@dataclass(frozen=True)
class Family:
    """Designs of one kind: ways to compose them, formats, and palettes that suit."""

    name: str
    compositions: tuple[Composition, ...]
    palettes: tuple[Palette, ...]
    ratios: tuple[float, ...] = (0.8, 0.8, 0.75, 0.75, 2 / 3, 1.0)
    clear: float = 0.0  # how often the ground stays transparent
