"""The pictures that the cast hands in: from a folder of real ones first, then drawn ones."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ideation.core.errors import Invalid
from ideation.demo.drawing import Commission, Picture, Studio
from ideation.demo.plan import Entry

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_BETWEEN_WORDS = re.compile(r"[^\w]+|_+|(?<=\D)(?=\d)")


class Gallery:
    """Hands out pictures in the order in which entries ask for them.

    What was found unusable in the folder is skipped by whoever asks again, and named in
    ``refused``.
    """

    def __init__(self, designs: Sequence[Picture], studio: Studio) -> None:
        self._designs = list(designs)
        self._studio = studio
        self.refused: list[str] = []

    def next(self) -> Picture:
        """The next picture; of the folder as long as it lasts."""
        return self._designs.pop(0) if self._designs else self._studio.next()

    def refuse(self, picture: Picture, error: Invalid) -> None:
        """Note that a picture could not be handed in, and why."""
        words = [str(text) for text in error.fields.values()]
        self.refused.append(f"{picture.path.name}: {' '.join(words) or error}")


def find_designs(folder: Path | None) -> list[Picture]:
    """The pictures of a folder in the order of their names, with words made from those."""
    if folder is None:
        return []
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    titles = titles_of([path.stem for path in paths])
    return [
        Picture(
            path,
            title,
            story="",
            alt_text=f"{title}, a picture from the folder {folder.name}",
            sources=f"The file {path.name}, handed to the demo by whoever runs this instance.",
        )
        for path, title in zip(paths, titles, strict=True)
    ]


def titles_of(stems: Sequence[str]) -> list[str]:
    """``flower_peterm_01`` → ``Flower``: words that recur in a folder tell who made a picture.

    So do numbers and single letters; where nothing is left the first word stays.
    """
    split = [[word for word in _BETWEEN_WORDS.split(stem) if word] for stem in stems]
    known = Counter(word.lower() for words in split for word in set(words[1:]))
    titles: list[str] = []
    for words in split:
        kept = [
            word
            for place, word in enumerate(words)
            if len(word) > 1 and not word.isdigit() and (place == 0 or known[word.lower()] == 1)
        ]
        title = " ".join((kept or words or ["Untitled"])[:2])
        titles.append(_numbered(title[:1].upper() + title[1:], titles))
    return titles


def commissions(entries: Sequence[tuple[str, Entry]], designs: int, width: int) -> list[Commission]:
    """What must be drawn: for each (name, entry) that the folder's designs do not reach."""
    return [
        Commission(one.family, one.seed, one.quality, name, width)
        for name, one in entries[designs:]
    ]


def _numbered(title: str, taken: Sequence[str]) -> str:
    number = sum(re.fullmatch(rf"{re.escape(title)}( \d+)?", one) is not None for one in taken)
    return f"{title} {number + 1}" if number else title
