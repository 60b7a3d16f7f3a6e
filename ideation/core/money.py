"""Money: whole minor units and an ISO 4217 code; never a float, never a Numeric."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency, format_decimal, get_currency_precision, is_currency

from ideation.core.errors import Invalid
from ideation.core.i18n import lazy, locale


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
    """Minor units of what a person typed (``2,500`` or ``24.50``).

    Raises Invalid for anything but a plain amount with no more digits than the currency has.
    """
    digits = exponent(currency)
    try:
        amount = Decimal(text.strip().replace(",", "").replace(" ", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 12:
        raise Invalid(lazy("Write an amount such as 24.50."))
    minor = amount.scaleb(digits)
    if minor != minor.to_integral_value():
        raise Invalid(
            lazy(
                "%(currency)s has %(digits)s digits after the point.",
                currency=currency,
                digits=digits,
            )
        )
    return int(minor)
