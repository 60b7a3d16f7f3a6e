"""How large, small and long a picture may be."""

from dataclasses import dataclass

from ideation.core.images.refusal import Refusal, Refused


@dataclass(frozen=True)
class Limits:
    """What a picture must keep to. Bytes count in MiB, because that is what most systems show."""

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 50_000_000
    min_side: int = 200
    #: Long side over short. Beyond it nothing useful fits a card, and WebP ends at 16,383 pixels.
    max_aspect: int = 8

    def check_bytes(self, count: int) -> None:
        """Raise ``Refused`` for a file that is empty or too heavy."""
        if count == 0:
            raise Refused(Refusal.EMPTY)
        if count > self.max_bytes:
            raise Refused(Refusal.TOO_HEAVY, f"{count} bytes")

    def check_sides(self, width: int, height: int) -> None:
        """Raise ``Refused`` for sides that are too small, too long or hold too many pixels."""
        sides = f"{width} × {height}"
        if width < 1 or height < 1:
            raise Refused(Refusal.UNREADABLE, sides)
        if width * height > self.max_pixels:
            raise Refused(Refusal.TOO_MANY_PIXELS, sides)
        if min(width, height) < self.min_side:
            raise Refused(Refusal.TOO_SMALL, sides)
        if max(width, height) > self.max_aspect * min(width, height):
            raise Refused(Refusal.TOO_LONG, sides)


STANDARD = Limits()
#: A portrait may be small; it is shown small.
AVATAR = Limits(max_bytes=5 * 1024 * 1024, max_pixels=25_000_000, min_side=64)
