"""From words of any script to lines of runs, each in a font that has all its characters.

A script is set in one font throughout, so that no word changes its face in the middle. What only
decorates (emoji, symbols) is left out where no font has it; a letter that no font has makes the
whole text unfit to be drawn.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from PIL import ImageDraw, ImageFont, features

from ideation.sharing.press import faces
from ideation.sharing.press.faces import Face

_CAN_SHAPE = features.check("raqm")
#: Scripts that need no shaping, nor any turning round.
_PLAIN = {"LATIN", "HAN", "GREEK", "CYRILLIC"}
_HAN = {"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH"}
#: Never at the end of a line, never at the beginning of one.
_OPENING = frozenset("（「『《〈【“‘([{")
_CLOSING = frozenset("，。、；：！？）」』》〉】”’…—·,.;:!?)]}%")
#: What an ellipsis takes the place of.
_PAUSES = frozenset("，、；：。,;:. ")
_ORNAMENTS = {"So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc"}
#: On one letter. With more, a text climbs out of its line.
_MOST_MARKS = 4
#: What no font draws: marks that turn the order of words.
_UNSEEN = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Run:
    """Characters of one script."""

    text: str
    face: Face


@dataclass(frozen=True)
class Text:
    """A text that can be drawn: its characters with their faces, and where it reads from."""

    pieces: tuple[tuple[str, Face], ...]
    is_rtl: bool

    def width(self, size: int) -> float:
        """In pixels, on one line."""
        return sum(_font(run, size).getlength(run.text) for run in self.runs())

    def runs(self) -> list[Run]:
        """In reading order."""
        # From right to left runs change places, so spaces must not cling to one of them.
        grouped = groupby(self.pieces, lambda one: (one[1], self.is_rtl and one[0] == " "))
        return [Run("".join(one for one, _ in group), face) for (face, _), group in grouped]

    def draw(self, pen: ImageDraw.ImageDraw, at: tuple[float, float], size: int, ink: str) -> None:
        """On one line whose baseline begins at ``at``."""
        x, y = at
        for run in reversed(self.runs()) if self.is_rtl else self.runs():
            font = _font(run, size)
            pen.text((x, y), run.text, font=font, fill=ink, anchor="ls")
            x += font.getlength(run.text)


def compose(
    words: str, *, heavy: bool, tongue: str, folders: Sequence[str] = faces.FOLDERS
) -> Text | None:
    """The words in fonts that have them; None where there are none, or no font for a script."""
    classed = _classed(_seen(words))
    chosen: dict[str, Face | None] = {}
    for script in {script for _, script in classed if script}:
        characters = "".join(one for one, own in classed if own == script)
        chosen[script] = _face_for(script, characters, folders, heavy=heavy, tongue=tongue)
    if not chosen or None in chosen.values():
        return None
    pieces: list[tuple[str, Face]] = []
    for character, script in classed:
        face = chosen[script] if script else _face_of_mark(character, pieces, chosen)
        if face is not None:
            pieces.append((character, face))
        elif character == " ":
            if pieces and pieces[-1][0] != " ":  # an ornament that was left out leaves two
                pieces.append((character, pieces[-1][1]))
        elif unicodedata.category(character) not in _ORNAMENTS:
            return None
    return Text(_trimmed(pieces), _reads_from_right(words))


def lines_of(text: Text, size: int, width: float) -> list[Text]:
    """The text broken where its script allows it; a word longer than a line has it to itself."""
    lines: list[Text] = []
    line: tuple[tuple[str, Face], ...] = ()
    for unit in _units(text.pieces):
        longer = Text(_trimmed([*line, *unit]), text.is_rtl)
        if line and longer.width(size) > width:
            lines.append(Text(_trimmed(line), text.is_rtl))
            line = unit
        else:
            line = (*line, *unit)
    if line:
        lines.append(Text(_trimmed(line), text.is_rtl))
    return [one for one in lines if one.pieces]


def shortened(text: Text, size: int, width: float) -> Text:
    """Cut after the last word that fits, or within the first where none does; with an ellipsis."""
    if text.width(size) <= width:
        return text
    dots = ("…", faces.own(heavy=True))

    def with_dots(pieces: Sequence[tuple[str, Face]]) -> Text:
        kept = list(_trimmed(pieces))
        while kept and kept[-1][0] in _PAUSES:
            kept.pop()
        return Text((*kept, dots), text.is_rtl)

    kept: list[tuple[str, Face]] = []
    units = _units(text.pieces)
    for unit in units:
        if with_dots([*kept, *unit]).width(size) > width:
            break
        kept += unit
    kept = kept or list(units[0])
    while kept and with_dots(kept).width(size) > width:
        kept.pop()
    return with_dots(kept)


def _seen(words: str) -> str:
    """On one line, of characters that can be seen and stay within it."""
    found: list[str] = []
    marks = 0
    for one in " ".join(words.split()):
        category = unicodedata.category(one)
        marks = marks + 1 if category == "Mn" else 0
        if one not in _UNSEEN and category not in {"Cc", "Cs"} and marks <= _MOST_MARKS:
            found.append(one)
    return "".join(found)


def _classed(words: str) -> list[tuple[str, str]]:
    """Each character with its script; '' for marks that go with any."""
    found: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFC", words):
        found.append((character, _script(character, found[-1][1] if found else "")))
    return found


def _script(character: str, before: str) -> str:
    category = unicodedata.category(character)
    if character == " " or category in _ORNAMENTS:
        return ""
    if category.startswith("M"):
        return before
    if character.isascii():
        return "LATIN"
    name = unicodedata.name(character, "?").replace("-", " ").split()[0]
    if name in _HAN or unicodedata.east_asian_width(character) in {"W", "F"}:
        return "HAN"
    return name if category.startswith("L") else ""


def _face_for(
    script: str, characters: str, folders: Sequence[str], *, heavy: bool, tongue: str
) -> Face | None:
    if script not in _PLAIN and not _CAN_SHAPE:
        return None
    own = faces.own(heavy)
    if own.has(characters):
        return own
    if script == "HAN":
        tongue = _tongue(characters) or tongue
    return faces.find(characters, folders, heavy=heavy, tongue=tongue)


def _tongue(characters: str) -> str:
    names = {unicodedata.name(one, "?").split()[0] for one in characters}
    if names & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    return "ko" if "HANGUL" in names else ""


def _face_of_mark(
    character: str, before: list[tuple[str, Face]], chosen: dict[str, Face | None]
) -> Face | None:
    """The face of what stands before a mark, else any of the text's that has it."""
    if character == " ":
        return None
    joins = unicodedata.category(character) == "Cf"
    if joins and not (before and unicodedata.category(before[-1][0])[0] in "LM"):
        return None  # it joined an ornament that was left out
    near = [before[-1][1]] if before else []
    for face in (*near, *chosen.values(), faces.own(heavy=True)):
        if face is not None and face.has(character):
            return face
    return None


def _units(pieces: Sequence[tuple[str, Face]]) -> list[tuple[tuple[str, Face], ...]]:
    """What stays together on a line: words with the space after them, single ideographs."""
    units: list[list[tuple[str, Face]]] = []
    for piece in pieces:
        if units and not _may_break(units[-1][-1][0], piece[0]):
            units[-1].append(piece)
        else:
            units.append([piece])
    return [tuple(unit) for unit in units]


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _CLOSING or before in _OPENING:
        return False
    return before == " " or "HAN" in {_script(before, ""), _script(after, "")}


def _trimmed(pieces: Sequence[tuple[str, Face]]) -> tuple[tuple[str, Face], ...]:
    start, end = 0, len(pieces)
    while start < end and pieces[start][0] == " ":
        start += 1
    while end > start and pieces[end - 1][0] == " ":
        end -= 1
    return tuple(pieces[start:end])


def _reads_from_right(words: str) -> bool:
    strong = (unicodedata.bidirectional(one) for one in words)
    return next((one in {"R", "AL"} for one in strong if one in {"L", "R", "AL"}), False)


def _font(run: Run, size: int) -> ImageFont.FreeTypeFont:
    return run.face.at(size)
