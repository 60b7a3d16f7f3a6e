"""IBANs: their length by country and their check digits (ISO 13616, ISO 7064 MOD 97-10). Pure."""

import re

#: Characters → the countries whose IBANs have so many, by SWIFT's registry of IBAN formats.
_BY_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
#: Country → characters.
LENGTHS = {
    country: length for length, countries in _BY_LENGTH.items() for country in countries.split()
}


def compact(typed: str) -> str:
    """As banks' machines write it: no spaces, capitals."""
    return re.sub(r"[\s.-]", "", typed).upper()


def is_valid(iban: str) -> bool:
    """Whether a compact IBAN has its country's length and the right check digits."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", iban, re.ASCII):
        return False
    return len(iban) == LENGTHS.get(iban[:2]) and _remainder(iban) == 1


def check_digits(country: str, account: str) -> str:
    """The two digits that make ``country + digits + account`` valid."""
    return f"{98 - _remainder(f'{country}00{account}'):02d}"


def spaced(iban: str) -> str:
    """In groups of four, as people read it."""
    return " ".join(iban[n : n + 4] for n in range(0, len(iban), 4))


def _remainder(iban: str) -> int:
    """The first four characters moved to the end, letters as 10 to 35, by 97."""
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97
