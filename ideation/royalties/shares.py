"""Splitting an amount among designers so that the parts sum to it. Pure: plain values."""

from collections.abc import Sequence

from ideation.orders import pricing
from ideation.royalties.rates import WHOLE_BP


def split(amount: int, bps: Sequence[int]) -> list[int]:
    """Parts by basis points, in the order given; they sum to ``amount`` exactly.

    Largest remainder (Hamilton's method): everybody gets their part rounded down, what is left
    goes out by ones to the largest remainders, among equals to who is named first. Raises
    ValueError for a negative amount and for shares that are not a whole.
    """
    if amount < 0 or min(bps, default=-1) < 0 or sum(bps) != WHOLE_BP:
        raise ValueError("an amount of 0 or more is split by shares that sum to 10,000")
    return pricing.split(amount, bps)
