"""What designers say about their designs: titles, one sentence each, and what the picture shows.

Words belong to a composition, so that a cat is never called a harbour. Descriptions are templates:
`{a}`, `{b}`, `{c}` and `{line}` become the names of the inks in use. They are phrases without a
full stop; the paper and the window are added to them.
"""

from ideation.demo.art.wording import (
    arcs,
    characters,
    contours,
    fruit,
    houses,
    leaves,
    menagerie,
    overprint,
    ridges,
    rosettes,
    tilings,
    waves,
)
from ideation.demo.art.wording.entry import Words

ALL: dict[str, dict[str, Words]] = {
    "tilings": tilings.WORDS,
    "ridges": ridges.WORDS,
    "characters": characters.WORDS,
    "waves": waves.WORDS,
    "rosettes": rosettes.WORDS,
    "houses": houses.WORDS,
    "overprint": overprint.WORDS,
    "leaves": leaves.WORDS,
    "arcs": arcs.WORDS,
    "fruit": fruit.WORDS,
    "contours": contours.WORDS,
    "menagerie": menagerie.WORDS,
}
