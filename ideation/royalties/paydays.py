"""When designers are paid, and from how much on: data by currency."""

from datetime import date, datetime

from ideation.core import money

PAYDAY = 15
DECEMBER = 12

#: Currency → (the least that is paid, the least in December), in minor units: 20.00 and 2.00 US
#: dollars, in others a round amount near them.
THRESHOLDS: dict[str, tuple[int, int]] = {
    "USD": (2000, 200),
    "EUR": (2000, 200),
    "GBP": (1500, 150),
    "CHF": (2000, 200),
    "CAD": (2500, 250),
    "AUD": (3000, 300),
    "NZD": (3000, 300),
    "SGD": (2500, 250),
    "HKD": (15000, 1500),
    "CNY": (14000, 1400),
    "TWD": (60000, 6000),
    "JPY": (3000, 300),
    "KRW": (28000, 2800),
    "INR": (160000, 16000),
    "BRL": (10000, 1000),
    "MXN": (36000, 3600),
    "SEK": (20000, 2000),
    "NOK": (20000, 2000),
    "DKK": (14000, 1400),
    "PLN": (8000, 800),
    "CZK": (45000, 4500),
    "TRY": (80000, 8000),
    "ILS": (7000, 700),
    "ZAR": (36000, 3600),
    "AED": (7000, 700),
    "THB": (70000, 7000),
    "KWD": (6000, 600),
    "BHD": (7500, 750),
}


def threshold(currency: str, pay_on: date) -> int:
    """The least that is paid out on that day, in minor units; less is carried forward.

    A currency the table does not name is paid from 20 of its units, in December from 2.
    """
    unit: int = 10 ** money.exponent(currency)
    usual, december = THRESHOLDS.get(currency, (20 * unit, 2 * unit))
    return december if pay_on.month == DECEMBER else usual


def next_payday(at: datetime) -> date:
    """The next 15th, today included."""
    today = at.date()
    if today.day <= PAYDAY:
        return today.replace(day=PAYDAY)
    if today.month == DECEMBER:
        return date(today.year + 1, 1, PAYDAY)
    return date(today.year, today.month + 1, PAYDAY)
