"""A language in which every translated string is put in brackets: what stands outside is not ours.

What a page says must come from the catalogues, from people (names, titles, stories: the database),
or from CLDR (dates, countries, currencies). Anything else is a word that nobody can translate. Two
translated pieces beside each other in one text are a sentence glued together, which no other word
order can follow.
"""

import functools
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.support import NullTranslations
from sqlalchemy import MetaData, select

from ideation.core.db import db
from ideation.core.i18n import LANGUAGE_NAMES

OPEN, CLOSE = "⟦", "⟧"
_INNER = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
_PLACE = re.compile(r"(%\(\w+\)s|%%|<[^>]*>|&\w+;)")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2,}")
#: A translated piece that follows another, a number or a name with nothing but a space between.
_GLUED = re.compile(rf"(?<![.?!:…]){CLOSE}\s*{OPEN}|\w\s{OPEN}|(?<![.?!:…]){CLOSE}\s\w")
#: Names of files, addresses, colours, hashes and invoices.
_NAMES = re.compile(
    r"https?://\S*|\b\w+\.(py|csv|txt)\b|#[0-9a-f]{6}\b"
    r"|\b[0-9a-f]{4}(-[0-9a-f]{4})+\b|\b\d{4}-\d{6}\b"
)
_ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
_SPOKEN = {"alt", "title", "aria-label", "placeholder", "content", "label", "aria-description"}
_SPOKEN_IN_META = {"description", "og:title", "og:description"}
_SILENT = {"style", "script", "code", "kbd", "var", "pre", "textarea", "samp"}
#: The same in every language: signs, units, formats, and how languages call themselves.
SAME_EVERYWHERE = frozenset(
    [
        "UTC",
        "CSV",
        "TXT",
        "JSON",
        "PDF",
        "URL",
        "JPEG",
        "JPG",
        "PNG",
        "WebP",
        "AVIF",
        "GIF",
        "HTML",
        "IBAN",
        "BIC",
        "SHA",
        "SKU",
        "px",
        "cm",
        "mm",
        "kg",
        "dpi",
        "GB",
        "MB",
        "KB",
        "kB",
        "EB",
        "English",
        "zh",
        "Hans",
        "Hant",
        "Visa",
        "Mastercard",
        "SEPA",
        "XS",
        "XL",
        "XXL",
        "CET",
        "GMT",
        "AM",
        "PM",
        "Atom",
        "ICS",
        "QR",
    ]
)


class Pseudo(NullTranslations):
    """Accents and brackets; what holds no letter stays as it is."""

    def ugettext(self, message: str) -> str:
        """The string, recognisable."""
        if not _LETTER.search(_PLACE.sub("", message)):
            return message
        pieces = _PLACE.split(message)
        said = [one if _PLACE.fullmatch(one) else one.translate(_ACCENTS) for one in pieces]
        return OPEN + "".join(said) + CLOSE

    def ungettext(self, one: str, many: str, n: int) -> str:
        """The same for plurals."""
        return self.ugettext(one if n == 1 else many)


def strangers(body: str, known: str) -> list[str]:
    """The texts of a page that are in no catalogue, not CLDR's, and nobody's own words.

    ``known`` is everything that people wrote, as ``written_by_people`` gives it.
    """
    found = []
    for text in texts(body):
        found += [piece for piece in _outside(text) if _is_strange(piece, known)]
    return found


def _is_strange(piece: str, known: str) -> bool:
    piece = _NAMES.sub("", piece)
    parts = [piece] if _plain(piece) in known else re.split(r"[,:;()–—•&/+]", piece)
    return any(
        _plain(part) not in known and not all(map(_is_same_everywhere, _WORD.findall(part)))
        for part in parts
    )


def glued(body: str) -> list[str]:
    """The texts that are put together of several pieces."""
    return [text for text in texts(body) if _GLUED.search(_NAMES.sub("", _shrunk(text)))]


def texts(body: str) -> list[str]:
    """What a page says: its texts, the attributes that are read out, the words of its scripts."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return [one for one in (text.strip() for text in reader.said) if _LETTER.search(one)]


def written_by_people() -> str:
    """Every string in the database, plain, so that a piece of a page can be looked up."""
    known: set[str] = set()
    tables = MetaData()
    tables.reflect(db.engine)
    for table in tables.sorted_tables:
        for row in db.session.execute(select(table)):
            for value in row:
                known.update(_strings(value))
    return "\n".join(map(_plain, known))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (key, *_strings(one))
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", html.unescape(text)).replace("’", "'")
    return re.sub(r"[\W\d_]+", " ", text).strip().casefold()


def _shrunk(text: str) -> str:
    """The text with each outermost translated piece emptied but for the ends of its sentences."""
    depth, kept = 0, []
    for sign in text:
        if sign == OPEN:
            depth += 1
            if depth == 1:
                kept.append(OPEN)
        elif sign == CLOSE:
            if depth == 1:
                kept.append(CLOSE)
            depth -= 1
        elif (depth == 1 and sign in ".?!:…") or depth == 0:
            kept.append(sign)
    return "".join(kept)


def _outside(text: str) -> Iterable[str]:
    return (
        piece.strip()
        for piece in re.split(rf"{OPEN}[.?!:…]*{CLOSE}|\s·\s|\n", _shrunk(text))
        if _LETTER.search(piece)
    )


def _is_same_everywhere(word: str) -> bool:
    return word in SAME_EVERYWHERE or word.casefold() in _cldr()


@functools.cache
def _cldr() -> frozenset[str]:
    """The words of dates, durations, countries, currencies and languages, in English."""
    locale = Locale.parse("en")
    words: list[str] = [*locale.territories.values(), *locale.languages.values()]
    words += [*locale.territories, *available_timezones(), *LANGUAGE_NAMES.values()]
    words += [*locale.currencies.values(), *locale.currencies, *locale.currency_symbols.values()]
    for names in (locale.months, locale.days, locale.day_periods):
        words += [
            text for form in names.values() for width in form.values() for text in width.values()
        ]
    words += ["ago in and or second seconds minute minutes hour hours day days week weeks"]
    words += ["month months year years at sec min hr wk mo yr sep noon midnight"]
    return frozenset(word.casefold() for text in words for word in re.findall(r"[^\W\d_]+", text))


class _Reader(HTMLParser):
    """Collects texts; neighbours within one element that only inline tags part stay apart."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[str] = []
        self._is_data = False
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag says by its attributes."""
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._open.append(tag)
            self._is_data = given.get("type") == "application/json"
        if tag == "meta" and (given.get("name") or given.get("property")) not in _SPOKEN_IN_META:
            return
        self.said += [value for name, value in given.items() if name in _SPOKEN and value]
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self.said.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave what is not read out."""
        if self._open and tag == self._open[-1]:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """A text, or the words a page hands to its scripts."""
        if not self._open:
            self.said.append(self._whole(data))
        elif self._open[-1] == "script" and self._is_data:
            self.said += [one for one in _strings(json.loads(data)) if " " in one]

    def _whole(self, data: str) -> str:
        """A text with its brackets closed: markup inside a translated string cuts it in pieces."""
        opened = OPEN * self._depth
        self._depth += data.count(OPEN) - data.count(CLOSE)
        return opened + data + CLOSE * self._depth
