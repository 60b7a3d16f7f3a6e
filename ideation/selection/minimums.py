"""The least a designer gets for a unit, by currency: data, not arithmetic.

1.00 a unit on items of 10.00 US dollars or more; in other currencies a round amount near it, and
an item ten times as dear. An agreement freezes the whole list, so that a later change of this
table changes nothing for what was signed.
"""

from typing import Any

#: Currency → (least royalty a unit, on items that cost so much or more), in minor units.
MINIMUMS: dict[str, tuple[int, int]] = {
    "USD": (100, 1000),
    "EUR": (100, 1000),
    "GBP": (80, 800),
    "CHF": (90, 900),
    "CAD": (140, 1400),
    "AUD": (150, 1500),
    "NZD": (160, 1600),
    "SGD": (130, 1300),
    "HKD": (800, 8000),
    "CNY": (700, 7000),
    "TWD": (3000, 30000),
    "JPY": (150, 1500),
    "KRW": (1400, 14000),
    "INR": (8000, 80000),
    "BRL": (500, 5000),
    "MXN": (1800, 18000),
    "SEK": (1000, 10000),
    "NOK": (1000, 10000),
    "DKK": (700, 7000),
    "PLN": (400, 4000),
    "CZK": (2200, 22000),
    "TRY": (4000, 40000),
    "ILS": (370, 3700),
    "ZAR": (1800, 18000),
    "AED": (370, 3700),
    "THB": (3500, 35000),
    "KWD": (300, 3000),
    "BHD": (380, 3800),
}


def frozen() -> list[dict[str, Any]]:
    """The table as an agreement keeps it, by currency."""
    return [
        {"currency": currency, "minimum_minor": least, "from_minor": price}
        for currency, (least, price) in sorted(MINIMUMS.items())
    ]
