"""The least that a product may cost, by currency, in minor units. Data: extend it at will.

15.00 US dollars, and elsewhere a round amount near it that is usual there. A currency that is not
listed is not offered, since nobody has said yet what the least is.
"""

from collections.abc import Mapping

FLOORS: Mapping[str, int] = {
    "USD": 1500,
    "EUR": 1500,
    "GBP": 1300,
    "CNY": 8900,
    "TWD": 45000,
    "HKD": 11500,
    "JPY": 2200,
    "KRW": 20000,
    "SGD": 2000,
    "AUD": 2200,
    "CAD": 2000,
    "CHF": 1500,
    "KWD": 4500,
}
