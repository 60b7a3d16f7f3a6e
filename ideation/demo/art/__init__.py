"""Posters for the demo, drawn by the project itself.

Twelve families, each a handful of compositions, printed as a two-drum stencil press would print
them: few inks on coloured stock, a hair out of register. A family and a seed give one design, the
same on every machine; seeds that follow each other differ in composition and in palette.

This package knows nothing of the rest of the project. It needs the standard library and Pillow.
"""

from dataclasses import dataclass

from PIL import Image

from ideation.demo.art.families import ALL
from ideation.demo.art.studio import Print, composition_of, deal, strike
from ideation.demo.art.wording import ALL as WORDS
from ideation.demo.art.wording.entry import (
    CLEAR,
    INK_NAMES,
    PAPER_NAMES,
    SENTENCES,
    WINDOW_NAMES,
    Words,
)

FAMILIES: tuple[str, ...] = tuple(family.name for family in ALL)
"""Names for `draw` and its companions, in an order that mixes pattern, picture and figure."""

_ONE_IN_FIVE = 5
_THUMB = 48  # wide enough to learn what a design shows without printing it


@dataclass(frozen=True)
class Design:
    """A picture and its words. `language` is a BCP 47 tag: en, zh-Hans or zh-Hant."""

    image: Image.Image
    title: str
    story: str
    alt_text: str
    language: str


def design(family: str, seed: int, quality: float = 1.0, width: int = 1500) -> Design:
    """Everything about one design, drawn once. Raises ValueError for an unknown family."""
    made = strike(family, seed, quality, width)
    return Design(
        made.image,
        titles(family, seed),
        story(family, seed),
        _described(family, seed, made),
        language(family, seed),
    )


def draw(family: str, seed: int, quality: float = 1.0, width: int = 1500) -> Image.Image:
    """The picture alone, `width` pixels wide: RGB, or RGBA where the ground is left transparent.

    `quality` runs from 0 to 1: 1 is a strong composition, below 0.6 its inks are timid, below 0.4
    it has a plain fault. Raises ValueError for an unknown family.
    """
    return strike(family, seed, quality, width).image


def titles(family: str, seed: int) -> str:
    """A title that fits what is drawn; one in five is Chinese."""
    words = _words(family, seed)
    return _said(family, seed, words)[0] if language(family, seed) == "en" else words.title


def story(family: str, seed: int) -> str:
    """One sentence by the designer, in the language of the title."""
    words = _words(family, seed)
    return _said(family, seed, words)[1] if language(family, seed) == "en" else words.story


def alt_text(family: str, seed: int, quality: float = 1.0) -> str:
    """What the picture shows, in the language of its title; `quality` as it was drawn with."""
    return _described(family, seed, strike(family, seed, quality, _THUMB))


def language(family: str, seed: int) -> str:
    """The language of a design's words: en, zh-Hans or zh-Hant."""
    chinese = deal(_ONE_IN_FIVE, seed, family, "language") == 0
    return _words(family, seed).script if chinese else "en"


def _words(family: str, seed: int) -> Words:
    return WORDS[family][composition_of(family, seed).__name__]


def _said(family: str, seed: int, words: Words) -> tuple[str, str]:
    round_ = seed // len(WORDS[family])  # a composition returns once a round, with another title
    return words.said[deal(len(words.said), round_, family, words.title)]


def _described(family: str, seed: int, made: Print) -> str:
    tongue = language(family, seed)
    words = WORDS[family][made.composition]
    palette = made.palette
    inks = {
        role: INK_NAMES[ink][tongue]
        for role, ink in (
            ("a", palette.a),
            ("b", palette.b),
            ("c", palette.c),
            ("line", palette.line),
        )
    }
    ground = CLEAR if made.clear else PAPER_NAMES[palette.stock.name]
    return SENTENCES[tongue].format(
        shows=(words.shows if tongue == "en" else words.shows_zh).format(**inks),
        window=WINDOW_NAMES[made.window][tongue],
        ground=ground[tongue],
    )
