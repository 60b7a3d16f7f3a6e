"""When two wordings are the same to a reader: whatever their case, accents, width, script or slips.

What a gallery and the whole site are searched with, so that both find alike.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable

from ideation.core.scripts import simplified

LONGEST = 60
#: Unspaced scripts are looked up as they stand, words of the others one by one.
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_PARTS = re.compile(rf"{_UNSPACED.pattern}+|(?:(?!{_UNSPACED.pattern})[^\W_])+")


def fold(text: str) -> str:
    """Without case, width, accents or script: ``Café`` and ``cafe`` are one; が and か are not."""
    whole = simplified(unicodedata.normalize("NFKC", text)).casefold()
    return whole if whole.isascii() else "".join(map(_bare, whole))


def parts(text: str) -> list[str]:
    """What the text consists of, folded: words, and runs of ideographs as they stand."""
    return _PARTS.findall(fold(text))


def asked(query: str) -> list[str]:
    """What a query of at most ``LONGEST`` characters looks for."""
    return parts(query[:LONGEST])


def is_unspaced(part: str) -> bool:
    """Whether it is written without spaces between words."""
    return _UNSPACED.match(part) is not None


def has_all(wanted: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether each wanted part (a word, a run of ideographs) stands in the texts, or nearly."""
    whole = "\n".join(map(fold, texts))
    words = {word for word in _PARTS.findall(whole) if not is_unspaced(word)}
    return all(part in whole or any(is_near(part, word) for word in words) for part in wanted)


def slips_allowed(word: str) -> int:
    """How many slips a word of this length is still recognised with; none in figures."""
    return 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2


@functools.lru_cache(maxsize=20_000)
def is_near(part: str, word: str) -> bool:
    """Whether a slip or two, by the length of the shorter, make one of the other.

    Not in the first letter, which people get right.
    """
    slips = min(slips_allowed(part), slips_allowed(word))
    is_alike = part[0] == word[0] and abs(len(part) - len(word)) <= slips
    return slips > 0 and is_alike and distance(part, word) <= slips


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, facing in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter
