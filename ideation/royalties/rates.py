"""What one line pays its designers. Pure: plain values in and out."""

from collections.abc import Iterable, Mapping
from typing import Any

from ideation.core.money import half_even
from ideation.orders.given_back import tax_left

__all__ = ["WHOLE_BP", "half_even", "minimum_for", "net", "royalty", "tax_left"]

#: Basis points in the whole.
WHOLE_BP = 10_000


def royalty(base_minor: int, units: int, rate_bp: int, minimum_minor: int) -> int:
    """The larger of rate times base, rounded half to even, and minimum times units.

    Never more than ``base_minor``: a line that was given away or refunded owes nothing. Every
    amount in minor units of one currency. Rounded once a line, as docs/money.md says.
    """
    by_rate = half_even(rate_bp * base_minor, WHOLE_BP)
    return min(base_minor, max(by_rate, minimum_minor * units))


def minimum_for(minimums: Iterable[Mapping[str, Any]], currency: str, unit_minor: int) -> int:
    """The least a unit of this price pays, by an agreement's ``minimums``; 0 where none is set."""
    for minimum in minimums:
        if minimum["currency"] == currency and unit_minor >= minimum["from_minor"]:
            return int(minimum["minimum_minor"])
    return 0


def net(gross_minor: int, tax_minor: int, given_back_minor: int) -> int:
    """What is left of a line's price without tax, after some of it was given back.

    ``gross_minor`` is the price paid for the line, ``tax_minor`` the tax contained in it. The tax
    shrinks with the price, rounded once on what is left, so that many refunds end where one does.
    """
    left = gross_minor - given_back_minor
    return left - tax_left(gross_minor, tax_minor, given_back_minor)
