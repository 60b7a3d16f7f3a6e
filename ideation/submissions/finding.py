"""Finding designs on one wall by their words: two Chinese characters, or English half misspelt.

A wall holds some hundreds of designs, so their words are read and compared rather than indexed.
What is found stays in the wall's own order: while stars are given no word lifts a design.
"""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from ideation.core.db import db
from ideation.submissions.models import State, Submission

LONGEST = 60
#: Walls are as large as this; of larger ones the commonest tags are those of their latest.
_SAMPLE = 2_000
#: Tags on fewer designs than this sort out nothing.
_LEAST_SHARED = 2
#: Unspaced scripts are looked up as they stand, words of the others one by one.
_PARTS = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+|[^\W_]+")
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def matching(contest_id: int, query: str, tag: str) -> set[int]:
    """Keys of the contest's approved designs that have all the words, and the tag; one statement.

    An empty query or tag asks for nothing.
    """
    rows = db.session.execute(
        select(Submission.id, Submission.title, Submission.tags).where(
            Submission.contest_id == contest_id, Submission.state == State.APPROVED
        )
    )
    wanted, folded = parts(query), _fold(tag)
    return {
        row.id
        for row in rows
        if (not tag or folded in map(_fold, row.tags)) and has_all(wanted, [row.title, *row.tags])
    }


def common_tags(contest_id: int, most: int = 12) -> list[str]:
    """The tags that most of its designs share, the commonest first; one statement."""
    rows = db.session.scalars(
        select(Submission.tags)
        .where(Submission.contest_id == contest_id, Submission.state == State.APPROVED)
        .order_by(Submission.id.desc())
        .limit(_SAMPLE)
    )
    counts = Counter(tag for tags in rows for tag in tags)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [tag for tag, count in ordered if count >= _LEAST_SHARED][:most]


def has_all(wanted: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether each wanted part (a word, a run of ideographs) stands in the texts, or nearly."""
    whole = "\n".join(map(_fold, texts))
    words = {word for word in _PARTS.findall(whole) if not _UNSPACED.search(word)}
    return all(part in whole or any(_is_near(part, word) for word in words) for part in wanted)


def parts(query: str) -> list[str]:
    """What is looked for: words, and runs of ideographs as they stand."""
    return _PARTS.findall(_fold(query[:LONGEST]))


def _fold(text: str) -> str:
    """Without case, width or accents: ``Café`` and ``cafe`` are one; が and か are not."""
    return "".join(map(_bare, unicodedata.normalize("NFKC", text).casefold()))


def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


@functools.lru_cache(maxsize=20_000)
def _is_near(part: str, word: str) -> bool:
    """Whether one slip (two from eight letters on, none below four) makes one of the other.

    Not in the first letter, which people get right, nor in figures.
    """
    slips = 0 if len(part) < 4 or not part.isalpha() else 1 if len(part) < 8 else 2
    is_alike = part[0] == word[0] and abs(len(part) - len(word)) <= slips
    return slips > 0 and is_alike and _distance(part, word) <= slips


def _distance(one: str, other: str) -> int:
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
