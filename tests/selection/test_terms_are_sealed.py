"""The terms: three languages, one seal, a shelf that never changes."""

import re

import pytest

from ideation.core import i18n, money
from ideation.selection import minimums, terms

pytestmark = pytest.mark.one_engine

#: What was offered to designers stays as it was: a change of words is a new version.
SEALS = {"2026-11": "d45aabe9664c10a1c6f7ce33f4ca404392e47f3a8990032a70171495b7cabf51"}


def test_every_version_still_has_the_words_it_was_offered_with() -> None:
    assert {version: terms.seal(version) for version in SEALS} == SEALS
    assert terms.CURRENT in SEALS


def test_all_languages_have_the_same_sections() -> None:
    counts = {
        tag: [int(n) for n in re.findall(r"^### (\d+)\.", terms.read(terms.CURRENT, tag), re.M)]
        for tag in i18n.LOCALES
    }
    assert set(map(tuple, counts.values())) == {tuple(range(1, 12))}


def test_the_numbers_are_the_same_in_all_languages() -> None:
    def numbers(tag: str) -> list[str]:
        found = re.findall(r"\d+(?:\.\d\d)?", terms.read(terms.CURRENT, tag))
        return sorted(found)

    english = set(numbers("en")) | {"2"}  # "two years" is written out
    for tag in ("zh-Hans", "zh-Hant"):
        assert set(numbers(tag)) <= english | {"12"}, tag


def test_an_unknown_language_reads_english_and_an_unknown_version_nothing() -> None:
    assert terms.read(terms.CURRENT, "fr") == terms.read(terms.CURRENT, "en")
    for version in ("1999-01", "../terms/2026-11", ""):
        with pytest.raises(KeyError):
            terms.read(version, "en")


def test_minimums_are_known_currencies_and_a_tenth_of_the_price() -> None:
    for currency, (least, price) in minimums.MINIMUMS.items():
        assert money.is_known(currency)
        assert price == 10 * least > 0
    assert minimums.MINIMUMS["USD"] == (100, 1000)
    assert {"currency": "JPY", "minimum_minor": 150, "from_minor": 1500} in minimums.frozen()
