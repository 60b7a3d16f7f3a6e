"""Draws the pictures at the head of our mail, beside this file: discs and arches, overprinted.

Mail programs show no SVG, so these are PNGs. Run: python static/img/mail/postcards.py
"""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

WIDTH, HEIGHT, OVERSAMPLED = 1120, 420, 2
PAPER = (244, 236, 221)
SUN, HOT, COOL = (243, 182, 31), (224, 87, 63), (58, 91, 208)
INK, GOOD = (27, 26, 23), (63, 146, 103)

Colour = tuple[int, int, int]
Shape = Callable[[ImageDraw.ImageDraw, Colour], None]


def main() -> None:
    """Draw all four."""
    save(
        "door",
        (SUN, person(60, 260, 86, 160, 58)),
        (HOT, person(250, 260, 126, 200, 58)),
        (COOL, person(470, 260, 86, 160, 58)),
        (GOOD, person(680, 260, 136, 210, 58)),
        (INK, person(900, 180, 196, 270, 44)),
    )
    save(
        "key",
        (SUN, disc(330, 210, 170)),
        (HOT, disc(330, 210, 100)),
        (COOL, both(both(box(450, 186, 410, 48), box(760, 230, 40, 70)), box(820, 230, 40, 90))),
        (INK, disc(330, 210, 36)),
        (GOOD, arch(900, 250, 260)),
    )
    save(
        "closed",
        (SUN, arch(300, 520, 60)),
        (HOT, box(300, 250, 520, 60)),
        (INK, box(300, 335, 520, 28)),
        (COOL, disc(560, 180, 56)),
    )
    save(
        "prints",
        (SUN, both(box(90, 60, 230, 300), disc(485, 190, 80))),
        (HOT, both(quarter(90, 360, 230, 270), box(650, 60, 230, 300))),
        (COOL, both(box(370, 60, 230, 300), person(685, 160, 150, 210, 40, foot=360))),
        (GOOD, box(930, 60, 140, 300)),
        (INK, quarter(1070, 60, 140, 90)),
    )


def save(name: str, *inks: tuple[Colour, Shape]) -> None:
    """Print one ink after the other, each darkening what lies under it."""
    sheet = Image.new("RGB", (WIDTH * OVERSAMPLED, HEIGHT * OVERSAMPLED), PAPER)
    for colour, shape in inks:
        plate = Image.new("RGB", sheet.size, (255, 255, 255))
        shape(ImageDraw.Draw(plate), colour)
        sheet = ImageChops.multiply(sheet, plate)
    small = sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    few = small.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(Path(__file__).with_name(f"{name}.png"), optimize=True)


def disc(x: int, y: int, radius: int) -> Shape:
    return lambda plate, ink: plate.ellipse(
        scaled(x - radius, y - radius, x + radius, y + radius), fill=ink
    )


def box(x: int, y: int, width: int, height: int) -> Shape:
    return lambda plate, ink: plate.rounded_rectangle(
        scaled(x, y, x + width, y + height), 3 * OVERSAMPLED, fill=ink
    )


def quarter(x: int, y: int, radius: int, angle: int) -> Shape:
    return lambda plate, ink: plate.pieslice(
        scaled(x - radius, y - radius, x + radius, y + radius), angle, angle + 90, fill=ink
    )


def arch(x: int, width: int, top: int, foot: int = HEIGHT) -> Shape:
    """A half disc on a block that stands on ``foot``."""

    def draw(plate: ImageDraw.ImageDraw, ink: Colour) -> None:
        plate.pieslice(scaled(x, top, x + width, top + width), 180, 360, fill=ink)
        plate.rectangle(scaled(x, top + width // 2, x + width, foot), fill=ink)

    return draw


def person(x: int, width: int, head: int, top: int, radius: int, foot: int = HEIGHT) -> Shape:
    return both(arch(x, width, top, foot), disc(x + width // 2, head, radius))


def both(one: Shape, other: Shape) -> Shape:
    def draw(plate: ImageDraw.ImageDraw, ink: Colour) -> None:
        one(plate, ink)
        other(plate, ink)

    return draw


def scaled(*sides: int) -> list[float]:
    return [float(side * OVERSAMPLED) for side in sides]


if __name__ == "__main__":
    main()
