"""Three languages: which one is in force, translated strings, and values written its way.

The language and zone in force live in context variables, so that rules, workers and pages
translate alike; the edge (a request) or a job (a member's mail) sets them with ``speaking``.
Catalogues are gettext's, extracted and compiled by Babel (``make translations``).
"""

import contextlib
import functools
import re
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, dates, lists, numbers, units
from babel.support import NullTranslations, Translations
from markupsafe import escape

CATALOGUES = Path(__file__).parent.parent / "translations"

#: Our tag → Babel's locale. The tag is what the database, cookies and ``<html lang>`` hold.
LOCALES: dict[str, Locale] = {
    "en": Locale.parse("en"),
    "zh-Hans": Locale.parse("zh_Hans_CN"),
    "zh-Hant": Locale.parse("zh_Hant_TW"),
}
#: How each language calls itself, for the switch.
LANGUAGE_NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
DEFAULT = "en"

#: Between the Chinese "and" and a letter or digit that is not Chinese.
_BESIDE_AND = re.compile(r"(?<=[^\W\u3000-\u9fff])(?=\u548c)|(?<=\u548c)(?=[^\W\u3000-\u9fff])")

_TRADITIONAL_REGIONS = {"tw", "hk", "mo"}

_tag: ContextVar[str] = ContextVar("ideation_language", default=DEFAULT)
_zone: ContextVar[str] = ContextVar("ideation_zone", default="UTC")


def language() -> str:
    """The tag in force: ``en``, ``zh-Hans`` or ``zh-Hant``."""
    return _tag.get()


def locale() -> Locale:
    """Babel's locale for the language in force."""
    return LOCALES[_tag.get()]


def zone() -> tzinfo:
    """The zone in force, in which instants are shown."""
    return zone_named(_zone.get())


def zone_name() -> str:
    """The IANA name of the zone in force."""
    return _zone.get()


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name; UTC where the name is unknown, since a page must still show."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@contextlib.contextmanager
def speaking(tag: str, zone: str = "UTC") -> Iterator[None]:
    """Put a language and zone in force for a block, as for a mail to one member."""
    tag_token = _tag.set(tag if tag in LOCALES else DEFAULT)
    zone_token = _zone.set(zone)
    try:
        yield
    finally:
        _tag.reset(tag_token)
        _zone.reset(zone_token)


def match(requested: str) -> str | None:
    """Our tag for a browser's (``zh-TW`` → ``zh-Hant``, ``zh-SG`` → ``zh-Hans``), else None."""
    parts = requested.replace("_", "-").lower().split("-")
    if parts[0] == "en":
        return "en"
    if parts[0] != "zh":
        return None
    if "hant" in parts:
        return "zh-Hant"
    if "hans" in parts:
        return "zh-Hans"
    return "zh-Hant" if _TRADITIONAL_REGIONS & set(parts[1:]) else "zh-Hans"


class _English(NullTranslations):
    """The source strings themselves, with the printer's apostrophe for the keyboard's."""

    def ugettext(self, message: str) -> str:
        return message.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")

    def ungettext(self, one: str, many: str, n: int) -> str:
        return self.ugettext(one if n == 1 else many)


@functools.cache
def _catalogue(tag: str) -> NullTranslations:
    if tag == DEFAULT:
        return _English()
    return Translations.load(CATALOGUES, [tag.replace("-", "_")])


def gettext(message: str, /, **values: Any) -> str:
    """``message`` in the language in force, its ``%(name)s`` filled in."""
    text = _catalogue(_tag.get()).ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, n: int, /, **values: Any) -> str:
    """The right plural of the language in force; ``%(n)s`` is written with its separators."""
    return plural_pattern(one, many, n) % {"n": number(n), **values}


def plural_pattern(one: str, many: str, n: int) -> str:
    """The right plural, its ``%(n)s`` not yet filled in."""
    return str(_catalogue(_tag.get()).ungettext(one, many, n))


class LazyString:
    """A string translated when it is shown, for constants and for errors raised by rules."""

    __slots__ = ("_many", "_message", "_n", "_values")

    def __init__(
        self, message: str, values: dict[str, Any], many: str | None = None, n: int = 0
    ) -> None:
        self._message = message
        self._values = values
        self._many = many
        self._n = n

    def __str__(self) -> str:
        if self._many is not None:
            return ngettext(self._message, self._many, self._n, **self._values)
        return gettext(self._message, **self._values)

    def __repr__(self) -> str:
        return f"LazyString({self._message!r})"

    def __html__(self) -> str:
        """Jinja escapes what has no ``__html__``; a lazy string is text, so escape it too."""
        return str(escape(str(self)))

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self._message)


def lazy(message: str, /, **values: Any) -> LazyString:
    """``gettext`` put off until the string is shown."""
    return LazyString(message, values)


def lazy_plural(one: str, many: str, n: int, /, **values: Any) -> LazyString:
    """``ngettext`` put off until the string is shown."""
    return LazyString(one, values, many, n)


def number(value: float) -> str:
    """1204 → ``1,204`` in the language in force."""
    return numbers.format_decimal(value, locale=locale())


def percent(value: float, digits: int = 0) -> str:
    """0.1 → ``10%`` in the language in force."""
    pattern = "#,##0." + "#" * digits + "%" if digits else "#,##0%"
    return numbers.format_percent(value, format=pattern, locale=locale())


def date_words(at: date, width: str = "medium") -> str:
    """A calendar day, or the day of an instant in the zone in force."""
    day = at.astimezone(zone()).date() if isinstance(at, datetime) else at
    return dates.format_date(day, format=width, locale=locale())


def month_words(day: date) -> str:
    """The month of a day: ``November 2026``, ``2026年11月`` in the language in force."""
    return str(dates.format_skeleton("yMMMM", day, locale=locale()))


def day_words(at: datetime) -> str:
    """Weekday and day of an instant, short: ``Mon, Nov 23`` in the language and zone in force."""
    return str(
        dates.format_skeleton("MMMEd", at.astimezone(zone()), tzinfo=zone(), locale=locale())
    )


def datetime_words(at: datetime, in_zone: str | None = None) -> str:
    """Day and minute of an instant, with the place whose clock it is: ``… 9:15 PM (Lisbon)``.

    In the zone in force or the one given. A place, since the short names of zones are ambiguous
    (CST is three of them) and most have none.
    """
    name = in_zone or zone_name()
    there = zone_named(name)
    pattern = str(dates.get_datetime_format("medium", locale=locale()))
    time = _clock_words(at, there)
    day = dates.format_date(at.astimezone(there).date(), format="medium", locale=locale())
    words = pattern.replace("{0}", time).replace("{1}", day)
    return gettext("%(time)s (%(place)s)", time=words, place=zone_words(name))


def moment_words(at: datetime, in_zone: str) -> str:
    """Weekday, day and minute on a clock there, without the place: ``Wed, Nov 25, 9:15 PM``."""
    there = zone_named(in_zone)
    pattern = str(dates.get_datetime_format("medium", locale=locale()))
    day = dates.format_skeleton("MMMEd", at.astimezone(there), tzinfo=there, locale=locale())
    return pattern.replace("{0}", _clock_words(at, there)).replace("{1}", str(day))


def zone_words(name: str) -> str:
    """The place that stands for an IANA zone, in the language in force: ``Lisbon``, ``里斯本``."""
    if zone_named(name) is UTC or name == "UTC":
        return "UTC"
    city = dates.get_timezone_location(zone_named(name), locale=locale(), return_city=True)
    return city.rsplit("/", 1)[-1]


def relative_words(at: datetime, now: datetime) -> str:
    """``in 2 days``, ``3 hours ago`` in the language in force."""
    return _spaced(dates.format_timedelta(at - now, add_direction=True, locale=locale()))


def countdown_words(at: datetime, now: datetime) -> str:
    """The time left in its two largest units, as ``countdown.js`` writes it: ``2d 14h``."""
    seconds = max(int((at - now).total_seconds()), 0)
    sizes = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
    names = list(sizes)
    large = next((name for name in names[:2] if seconds >= sizes[name]), "minute")
    small = names[names.index(large) + 1]
    counts = {large: seconds // sizes[large], small: seconds % sizes[large] // sizes[small]}
    # Babel has narrow units for English only; in Chinese the short ones are as short.
    length: Literal["narrow", "short"] = "narrow" if language() == DEFAULT else "short"
    words = [units.format_unit(n, name, length, locale=locale()) for name, n in counts.items()]
    return _spaced(" ".join(words))


def list_words(parts: Sequence[str]) -> str:
    """Several in a row: ``Ann, Bob, and Cem``, ``Ann、Bob 和陳怡``, in the language in force."""
    return _BESIDE_AND.sub(" ", lists.format_list(parts, locale=locale()))


def gap() -> str:
    """What stands between two sentences: a space, but in Chinese a full stop brings its own."""
    return "" if language().startswith("zh") else " "


def _clock_words(at: datetime, there: tzinfo) -> str:
    """Hour and minute on a clock there, apart from a word before them: ``晚上 8:00``."""
    words = dates.format_time(at, format="short", tzinfo=there, locale=locale())
    return re.sub(r"([\u4e00-\u9fff])(?=\d)", r"\1 ", words)


def _spaced(words: str) -> str:
    """A number apart from the character after it, as our Chinese is set: ``2 天``."""
    return re.sub(r"(\d)(?=[\u4e00-\u9fff])", r"\1 ", words)
