"""Which renditions to make of a picture, and what came of it: plain values, no Pillow."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Fit(StrEnum):
    """What of a rendition is bounded by ``Plan.pixels``."""

    WIDTH = "width"
    LONG_SIDE = "long_side"
    #: Both sides, cropped to a square around the centre.
    COVER = "cover"


@dataclass(frozen=True)
class Plan:
    """One rendition to make; it never becomes larger than its source."""

    kind: str
    fit: Fit
    pixels: int
    #: In AVIF and WebP rather than in WebP and what every browser reads: half of WebP's bytes for
    #: four times its work, for what a page shows many of.
    is_light: bool = False

    def scale(self, width: int, height: int) -> float:
        """The factor, at most 1, by which a source of these sides shrinks for this plan."""
        bounded = {
            Fit.WIDTH: width,
            Fit.LONG_SIDE: max(width, height),
            Fit.COVER: min(width, height),
        }[self.fit]
        return min(1.0, self.pixels / bounded)


#: Half a phone's width and its whole width, at two device pixels a CSS pixel.
SMALL = Plan("small", Fit.WIDTH, 400, is_light=True)
GRID = Plan("grid", Fit.WIDTH, 720)
LARGE = Plan("large", Fit.LONG_SIDE, 1800)
STANDARD_PLANS = (SMALL, GRID, LARGE)


@dataclass(frozen=True)
class Rendition:
    """A file made from a picture, named within its folder."""

    kind: str
    format: str
    content_type: str
    width: int
    height: int
    size: int
    sha256: str
    filename: str


@dataclass(frozen=True)
class Rendered:
    """Everything made from one picture; sides are the original's, upright."""

    width: int
    height: int
    #: Whether a pixel can be seen through; an alpha channel without one does not count.
    transparent: bool
    #: The most common colour of what is visible, ``#rrggbb``.
    colour: str
    #: A ``data:`` address of at most some 300 bytes, to show while the picture loads.
    placeholder: str
    #: For each plan, WebP first and then its fallback: JPEG, or PNG where it is transparent. For a
    #: light one AVIF first, and then WebP.
    renditions: tuple[Rendition, ...]

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Back from what the child wrote."""
        renditions = tuple(Rendition(**one) for one in told["renditions"])
        return cls(**{**told, "renditions": renditions})
