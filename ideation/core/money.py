"""Money: whole minor units and an ISO 4217 code; never a float, never a Numeric."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, format_decimal, get_currency_precision, is_currency

from ideation.core.errors import Invalid
from ideation.core.i18n import lazy, locale

#: How amounts are typed: thousands unmarked or by commas or spaces with a decimal point, and
#: unmarked or by points or spaces with a decimal comma. No group begins with a zero.
_SHAPES = tuple(
    re.compile(shape, re.ASCII)
    for shape in (
        r"(?P<whole>\d+|[1-9]\d{0,2}(,\d{3})+|[1-9]\d{0,2}( \d{3})+)(\.(?P<rest>\d+))?",
        r"(?P<whole>\d+|[1-9]\d{0,2}(\.\d{3})+|[1-9]\d{0,2}( \d{3})+),(?P<rest>\d+)",
    )
)
_TOO_FINE = re.compile(r"\d+[.,]\d+", re.ASCII)
_MOST_DIGITS = 12


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units of a currency: ``Money(2400, "USD")`` is 24.00 US dollars."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return Money(self.minor + other.minor, self.currency)

    def __str__(self) -> str:
        return words(self.minor, self.currency)


def is_known(currency: str) -> bool:
    """Whether the code is one of ISO 4217's."""
    return len(currency) == 3 and currency.isupper() and bool(is_currency(currency))


def exponent(currency: str) -> int:
    """Digits after the point: 2 for USD, 0 for JPY, 3 for KWD."""
    precision: int = get_currency_precision(currency)
    return precision


def half_even(numerator: int, denominator: int) -> int:
    """The quotient as a whole number; exact halves go to the even neighbour."""
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return quotient + (twice > denominator or (twice == denominator and quotient % 2))


def words(minor: int, currency: str) -> str:
    """The amount as the language in force writes it; whole amounts without the zeros."""
    amount = Decimal(minor).scaleb(-exponent(currency))
    is_whole = amount == amount.to_integral_value()
    pattern = locale().currency_formats["standard"].pattern
    return str(
        format_currency(
            amount,
            currency,
            format=pattern.replace(".00", "") if is_whole else None,
            locale=locale(),
            currency_digits=not is_whole,
        )
    )


def figures(minor: int, currency: str) -> str:
    """The bare amount with all its digits, for sums and columns: ``24.00``, ``1,204.50``, ``−7``.

    With the minus of print, which is as wide as a figure.
    """
    digits = exponent(currency)
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    amount = Decimal(minor).scaleb(-digits)
    return str(format_decimal(amount, format=pattern, locale=locale())).replace(
        "-", "\N{MINUS SIGN}"
    )


def typed(minor: int | None, currency: str) -> str:
    """The amount as a person types it into a field (``24`` or ``24.50``); nothing for None."""
    if minor is None:
        return ""
    amount = Decimal(minor).scaleb(-exponent(currency))
    return str(amount.to_integral_value() if amount == amount.to_integral_value() else amount)


def parse(text: str, currency: str) -> int:
    """Minor units of what a person typed: ``2,500``, ``24.50``, ``24,50`` or ``1.234,50``.

    A point is the decimal mark, unless a comma follows it. A comma (or a space) before groups of
    three digits sets thousands apart; one comma at the end with no more digits after it than the
    currency has is a decimal mark. So ``1,000`` is a thousand dollars, but two amounts in dinars,
    which have three digits; such a text is refused, and so is whatever fits neither way.

    Raises Invalid for anything but one plain amount with no more digits than the currency has.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = exponent(currency)
    readings = {found for shape in _SHAPES if (found := _read(shape, plain, digits)) is not None}
    if len(readings) > 1:
        raise Invalid(
            lazy(
                "“%(typed)s” could be two amounts. Write thousands without a comma, and a point "
                "before the last %(digits)s digits.",
                typed=plain,
                digits=digits,
            )
        )
    if not readings:
        if _TOO_FINE.fullmatch(plain):
            raise Invalid(
                lazy(
                    "%(currency)s has %(digits)s digits after the point.",
                    currency=currency,
                    digits=digits,
                )
            )
        raise Invalid(lazy("Write an amount such as 24.50."))
    return readings.pop()


def _read(shape: re.Pattern[str], plain: str, digits: int) -> int | None:
    """Minor units of a text of the shape; None for another shape, too many digits, too much."""
    matched = shape.fullmatch(plain)
    if matched is None:
        return None
    whole, rest = re.sub(r"\D", "", matched["whole"]), matched["rest"] or ""
    if len(rest) > digits or len(whole) > _MOST_DIGITS:
        return None
    return int(whole + rest.ljust(digits, "0"))
