"""The families of designs, each a file: ways to compose it and how to draw its parts."""

from ideation.demo.art.commission import Family
from ideation.demo.art.families import (
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

ALL: tuple[Family, ...] = tuple(
    module.FAMILY
    for module in (
        tilings,
        ridges,
        characters,
        waves,
        rosettes,
        houses,
        overprint,
        leaves,
        arcs,
        fruit,
        contours,
        menagerie,
    )
)
