"""What a basket costs: pure sums in whole minor units.

The parcel's shipping is split over the lines by largest remainder (Hamilton's method), so that
the amounts of the lines are the total, to the unit, in any currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ParcelRate:
    """What a parcel costs, in minor units: the first unit in it, and each further one."""

    first_minor: int
    further_minor: int

    def cost(self, units: int) -> int:
        """Shipping for so many units in one parcel."""
        return self.first_minor + self.further_minor * (units - 1) if units else 0


@dataclass(frozen=True)
class QuotedLine:
    """So many units of one variant, with the line's share of the shipping; minor units."""

    variant_id: int
    quantity: int
    unit_minor: int
    shipping_minor: int

    @property
    def goods_minor(self) -> int:
        """The price of the units."""
        return self.quantity * self.unit_minor

    @property
    def total_minor(self) -> int:
        """The price and the share of the shipping."""
        return self.goods_minor + self.shipping_minor


@dataclass(frozen=True)
class Quote:
    """What a whole basket costs in one currency."""

    currency: str
    lines: tuple[QuotedLine, ...]

    @property
    def units(self) -> int:
        """How many pieces it holds."""
        return sum(line.quantity for line in self.lines)

    @property
    def goods_minor(self) -> int:
        """The price of all units."""
        return sum(line.goods_minor for line in self.lines)

    @property
    def shipping_minor(self) -> int:
        """What the parcel costs."""
        return sum(line.shipping_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        """What will be charged."""
        return self.goods_minor + self.shipping_minor


def quote(
    basket: Mapping[int, int], unit_minor: Mapping[int, int], rate: ParcelRate, currency: str
) -> Quote:
    """The cost of ``basket`` (variant → units) at ``unit_minor`` (variant → price of one).

    Lines come in order of variant. Each bears a share of the shipping as large as its share of
    the goods. Raises KeyError for a variant without a price.
    """
    variants = sorted(variant for variant, quantity in basket.items() if quantity)
    goods = [basket[variant] * unit_minor[variant] for variant in variants]
    shares = split(rate.cost(sum(basket[variant] for variant in variants)), goods)
    return Quote(
        currency,
        tuple(
            QuotedLine(variant, basket[variant], unit_minor[variant], share)
            for variant, share in zip(variants, shares, strict=True)
        ),
    )


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` in whole parts as the weights are to each other; the parts sum to it exactly.

    Each part is rounded down; what is left goes, one unit each, to the largest remainders, of
    equal ones to the earlier. Equal weights where all are 0; no parts without weights.
    """
    if not weights:
        return []
    whole = sum(weights)
    if not whole:
        return split(amount, [1] * len(weights))
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda place: (-(amount * weights[place] % whole), place)
    )
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts
