"""Which fonts there are, and which of them has all that a script needs.

Ours is for Latin. For other scripts we look at what the machine has and what its operator put
into ``fonts/`` of IDEATION_HOME; a script without a font is not written at all, since a row of
empty boxes is worse than a picture alone.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import ImageFont

_OWN = Path(__file__).resolve().parents[3] / "static/vendor/bricolage-grotesque/5.3.0"
#: Where systems keep fonts.
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/.local/share/fonts",
    "~/.fonts",
)
#: Families we would rather see, the best first, as their file names begin.
_FAMILIES = (
    "notosans-",
    "notosanscjk",
    "notosanssc",
    "notosanstc",
    "sourcehansans",
    "pingfang",
    "hiraginosans",
    "stheiti",
    "wqy-",
    "notosans",
    "liberationsans-",
    "dejavusans-",
    "dejavusans.",
)
_HEAVY = ("bold", "w6", "heavy", "medium")
_LIGHT = ("regular", "w3", "book")
_UNFIT = ("italic", "oblique", "mono", "emoji", "condensed", "narrow", "serif", "thin", "symbol")
_SUFFIXES = {".ttf", ".otf", ".ttc", ".woff2"}
#: Faces of a pan-CJK collection, by the language a reader reads.
_COLLECTION = {"zh-Hans": 2, "zh-Hant": 3, "ja": 0, "ko": 1}
#: A noncharacter: what a font shows for it, it shows for whatever it lacks.
_MISSING = "\uffff"


@dataclass(frozen=True)
class Face:
    """A font at one weight; ``index`` is its place in a file of several."""

    path: str
    index: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """Ready to draw with. Raises ``OSError`` for a file that is no font."""
        return _opened(self, size)

    def has(self, characters: str) -> bool:
        """Whether it has a picture of its own for each of them."""
        font = self.at(32)
        missing = _shape(font, _MISSING)
        return all(_shape(font, one) != missing for one in set(characters))


def own(heavy: bool) -> Face:
    """Our own, for Latin."""
    weight = 800 if heavy else 500
    return Face(str(_OWN / f"bricolage-grotesque-latin-{weight}-normal.woff2"))


def find(characters: str, folders: Sequence[str], *, heavy: bool, tongue: str) -> Face | None:
    """The best font of the machine that has all of them; None where there is none."""
    for path in _files(tuple(folders), heavy):
        is_pan = path.suffix == ".ttc" and "cjk" in path.name.lower()
        face = Face(str(path), _COLLECTION.get(tongue, 2) if is_pan else 0)
        try:
            if face.has(characters):
                return face
            if is_pan and replace(face, index=0).has(characters):
                return replace(face, index=0)
        except OSError:
            continue
    return None


@functools.lru_cache(maxsize=24)  # each holds its file open, of which the child may have 64
def _opened(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, size, index=face.index)


@functools.lru_cache(maxsize=4)
def _files(folders: tuple[str, ...], heavy: bool) -> list[Path]:
    """All upright sans fonts, the best first."""
    found = (path for folder in folders for path in _walk(Path(folder).expanduser()))
    return sorted(found, key=lambda path: (_rank(path.name.lower(), heavy), path.name))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        name = path.name.lower()
        if path.suffix.lower() in _SUFFIXES and not any(word in name for word in _UNFIT):
            yield path


def _rank(name: str, heavy: bool) -> tuple[int, int]:
    family = next((i for i, one in enumerate(_FAMILIES) if name.startswith(one)), len(_FAMILIES))
    wanted, other = (_HEAVY, _LIGHT) if heavy else (_LIGHT, _HEAVY)
    if any(word in name for word in wanted):
        return family, 0
    return family, 2 if any(word in name for word in other) else 1


def _shape(font: ImageFont.FreeTypeFont, character: str) -> tuple[object, ...]:
    mask, offset = font.getmask2(character, mode="L", features=None)
    return mask.size, offset, bytes(mask)
