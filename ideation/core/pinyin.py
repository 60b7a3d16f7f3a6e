"""Whether Latin letters spell Chinese words: by whole syllables, their beginnings, or initials.

``sj``, ``shej`` and ``sheji`` all find 设计. A character with several readings answers to each.
"""

import functools
import os

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters are enough: 20 MB less

from pypinyin import Style, pinyin  # after the line above, which it reads

from ideation.core.wording import fold, is_unspaced


def spells(typed: str, text: str, *, usually: bool = False) -> bool:
    """Whether the letters spell a run of the text's characters, which has one Chinese at least.

    ``usually``: by each character's commonest reading alone.
    """
    letters = "".join(fold(typed).split())
    if not letters.isascii() or not letters.isalpha():
        return False
    characters = [one for one in fold(text) if not one.isspace()]
    return any(
        is_unspaced(first) and _spells_from(letters, characters[start:], 1 if usually else None)
        for start, first in enumerate(characters)
    )


def _spells_from(letters: str, characters: list[str], most: int | None) -> bool:
    """Whether all letters are used up by beginnings of the characters' readings, in order.

    Kept are the places in the letters that the characters so far can lead to, not the ways
    there: of those there may be more than anybody can wait for.
    """
    reached = {0}
    for character in characters:
        reached = {
            at + used
            for at in reached
            for reading in _readings(character)[:most]
            for used in _beginnings(letters[at:], reading)
        }
        if len(letters) in reached or not reached:
            break
    return len(letters) in reached


def _beginnings(letters: str, reading: str) -> range:
    """How many letters a reading may take up, the most first: from its first on, none left out."""
    fit = 0
    while fit < min(len(letters), len(reading)) and letters[fit] == reading[fit]:
        fit += 1
    return range(fit, 0, -1)


@functools.lru_cache(maxsize=8_000)
def _readings(character: str) -> tuple[str, ...]:
    """The syllables of a character without tones (ü as v); a letter is read as itself."""
    if not is_unspaced(character):
        return (character,)
    return tuple(pinyin(character, heteronym=True, style=Style.NORMAL)[0])
