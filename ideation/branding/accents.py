"""The accent: the one colour for the one thing to do on a page.

By day white words stand on it and it stands on paper, so it must keep 4.5 to 1 to paper (WCAG 2.2,
1.4.3), which is the harder of the two. By night it is lifted to the same hue's shade that keeps 7
to 1 to the dark paper, whose colour the words on it have then. Shades are taken in OKLCH
(Björn Ottosson, "A perceptual color space for image processing", 2020), where only lightness
changes and the hue stays what the eye calls the same.
"""

import math
import re
from typing import TypeAlias

from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy
from ideation.core.identity import ACCENT, ACCENT_DARK

PAPER, NIGHT = "#faf7f1", "#151412"
LEAST = 4.5
LEAST_AT_NIGHT = 7.0
#: Ready to take, each with its name; each passes by day and by night.
CHOICES: dict[str, Words] = {
    ACCENT: lazy("Brick red"),
    "#b3204d": lazy("Raspberry"),
    "#7b3fc4": lazy("Violet"),
    "#3b4ed8": lazy("Ink blue"),
    "#0b6bb8": lazy("Sea blue"),
    "#0a7468": lazy("Teal"),
    "#2c7a2c": lazy("Leaf green"),
    "#8a5a00": lazy("Ochre"),
    "#3a3a3a": lazy("Charcoal"),
}

_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
_STEP = 0.005

Three: TypeAlias = tuple[float, float, float]


def read(typed: str) -> str:
    """``#rrggbb`` of what was typed. Raises Invalid, with a shade that would do, unless it may be
    an accent.
    """
    match = _HEX.fullmatch(typed.strip().lower())
    if match is None:
        raise Invalid(lazy("Write a colour as # and six digits, such as #c8321b."))
    digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
    colour = f"#{digits}"
    if contrast(colour, PAPER) < LEAST:
        raise Invalid(
            lazy(
                "Words on %(colour)s would be hard to read: their contrast is %(contrast)s to 1, "
                "and 4.5 is the least. The nearest shade that works is %(shade)s.",
                colour=colour,
                contrast=_short(contrast(colour, PAPER)),
                shade=by_day(colour),
            )
        )
    return colour


def by_day(colour: str) -> str:
    """The colour, darkened no more than words on it need."""
    return _shade(colour, PAPER, LEAST, -_STEP)


def by_night(colour: str) -> str:
    """The colour, lightened no more than the dark theme needs."""
    return ACCENT_DARK if colour == ACCENT else _shade(colour, NIGHT, LEAST_AT_NIGHT, _STEP)


def contrast(one: str, other: str) -> float:
    """How far apart two colours are in luminance, from 1 to 21 (WCAG 2.2)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _shade(colour: str, ground: str, least: float, step: float) -> str:
    lightness, chroma, hue = _to_oklch(_linear(colour))
    while contrast(colour, ground) < least:
        lightness += step
        colour = _in_gamut(lightness, chroma, hue)
    return colour


def _in_gamut(lightness: float, chroma: float, hue: float) -> str:
    """The shade, as colourful as a screen can show it."""
    while True:
        rgb = _from_oklch(lightness, chroma, hue)
        if chroma < 0.005 or all(-0.001 <= part <= 1.001 for part in rgb):
            return "#" + "".join(f"{round(_encoded(part) * 255):02x}" for part in rgb)
        chroma *= 0.97


def _short(ratio: float) -> str:
    """Rounded down, so that 4.46 is not said to be 4.5."""
    return f"{math.floor(ratio * 10) / 10:.1f}"


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Three:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def _encoded(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _to_oklch(rgb: Three) -> Three:
    red, green, blue = rgb
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _from_oklch(lightness: float, chroma: float, hue: float) -> Three:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
