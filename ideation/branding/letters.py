"""Letters of headings: a short list of stacks. Only the house's own is a font we serve.

Chinese keeps the system's own faces: no font of ten thousand characters is worth its wait.
"""

from dataclasses import dataclass

from ideation.core.errors import Words
from ideation.core.i18n import lazy
from ideation.core.identity import LETTERS


@dataclass(frozen=True)
class Stack:
    """Families as CSS lists them, for Latin and where Chinese has a match, and how heavy."""

    label: Words
    families: str
    weight: int = 800
    tracking: str = "-0.02em"
    families_hans: str = ""
    families_hant: str = ""


STACKS = {
    LETTERS: Stack(
        lazy("Poster: our own Bricolage Grotesque"),
        '"Bricolage Grotesque", "Bricolage Stand-in"',
        tracking="-0.035em",
    ),
    "plain": Stack(
        lazy("Plain: the system's own"),
        '-apple-system, "Segoe UI", Roboto, "Noto Sans", Cantarell, "Liberation Sans"',
    ),
    "book": Stack(
        lazy("Book: with serifs"),
        'Charter, "Bitstream Charter", "Sitka Text", Cambria, "Noto Serif", "Liberation Serif"',
        weight=700,
        tracking="-0.015em",
        families_hans='"Songti SC", "Noto Serif CJK SC", "Source Han Serif SC"',
        families_hant='"Songti TC", "Noto Serif CJK TC", "Source Han Serif TC"',
    ),
    "round": Stack(
        lazy("Geometric: drawn with a compass"),
        '"Avenir Next", Avenir, Montserrat, Corbel, "URW Gothic", "Liberation Sans"',
        weight=700,
    ),
    "typed": Stack(
        lazy("Typed: every letter as wide as the next"),
        'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "Liberation Mono"',
        weight=700,
        tracking="-0.04em",
    ),
}
