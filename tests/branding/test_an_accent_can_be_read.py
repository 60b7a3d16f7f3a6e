import colorsys
import random

import pytest

from ideation.branding import accents, stylesheet
from ideation.branding.letters import STACKS
from ideation.core.errors import Invalid
from ideation.core.identity import ACCENT, ACCENT_DARK


def test_contrast_is_that_of_the_guidelines() -> None:
    assert accents.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert accents.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert accents.contrast("#c8321b", "#c8321b") == 1


@pytest.mark.parametrize(
    ("typed", "kept"), [("#C8321B", "#c8321b"), (" 036 ", "#003366"), ("0b6bb8", "#0b6bb8")]
)
def test_a_colour_may_be_typed_in_each_usual_way(typed: str, kept: str) -> None:
    assert accents.read(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "red", "#12345", "#1234567", "#gggggg", "#c8321b;}", "#１２３"]
)
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="six digits"):
        accents.read(typed)


@pytest.mark.parametrize("colour", ["#ffd400", "#ff7a5c", "#00e5ff", "#ffffff", "#7f7f7f"])
def test_a_colour_that_words_cannot_stand_on_is_refused_with_one_that_works(colour: str) -> None:
    with pytest.raises(Invalid) as refused:
        accents.read(colour)
    shade = str(refused.value).rstrip(".").rsplit(" ", 1)[-1]
    assert accents.read(shade) == shade
    assert f"{accents.LEAST}" in str(refused.value)


@pytest.mark.parametrize("colour", accents.CHOICES)
def test_each_ready_colour_works(colour: str) -> None:
    assert accents.read(colour) == colour


def test_the_houses_own_accent_keeps_its_night() -> None:
    assert accents.by_night(ACCENT) == ACCENT_DARK
    assert accents.contrast(ACCENT_DARK, accents.NIGHT) >= accents.LEAST_AT_NIGHT


def test_any_colour_has_a_shade_for_the_day_and_one_for_the_night_of_its_own_hue() -> None:
    dice = random.Random(5)
    for _ in range(300):
        colour = f"#{dice.randrange(1 << 24):06x}"
        day = accents.by_day(colour)
        night = accents.by_night(day)
        assert accents.contrast(day, accents.PAPER) >= accents.LEAST, colour
        assert accents.contrast(day, "#ffffff") >= accents.LEAST, colour
        assert accents.contrast(night, accents.NIGHT) >= accents.LEAST_AT_NIGHT, colour
        assert _turn(day, night) < 0.09, (colour, day, night)


@pytest.mark.parametrize("letters", STACKS)
def test_a_sheet_says_both_shades_and_its_edition_follows(letters: str) -> None:
    sheet = stylesheet.write("#0b6bb8", "#6db4f5", letters)
    assert "--accent-day: #0b6bb8; --accent-night: #6db4f5;" in sheet
    assert sheet.count("{") == sheet.count("}")
    other = stylesheet.edition("#0b6bb9", "#6db4f5", letters)
    assert stylesheet.edition("#0b6bb8", "#6db4f5", letters) != other


def _turn(one: str, other: str) -> float:
    """How far two hues lie apart, of a whole turn; nothing for greys."""
    hues = []
    for colour in (one, other):
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
        if saturation < 0.15:
            return 0.0
        hues.append(hue)
    apart = abs(hues[0] - hues[1])
    return min(apart, 1 - apart)
