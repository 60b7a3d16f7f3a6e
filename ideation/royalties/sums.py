"""The sum behind one line's royalty: from its price and its agreement to each designer's part.

Pure: reads rows that it is given, asks the database nothing. Used when an accrual is made and when
it is verified.
"""

from dataclasses import dataclass

from ideation.orders.models import OrderLine
from ideation.royalties import rates, shares
from ideation.selection.models import Agreement


@dataclass(frozen=True)
class Back:
    """What was given back of a line so far and counts against its royalty: not faulty goods."""

    goods_minor: int = 0
    units: int = 0


@dataclass(frozen=True)
class LineSum:
    """A line's royalty with all that it comes from, in minor units."""

    units: int
    base_minor: int
    rate_bp: int
    minimum_minor: int
    #: All designers together.
    whole_minor: int
    #: Member → basis points, and member → part of the whole; the parts sum to it.
    shares: dict[int, int]
    parts: dict[int, int]


def of_line(line: OrderLine, agreement: Agreement, currency: str, back: Back) -> LineSum:
    """The line's royalty after what was given back, by the rate and shares its agreement froze."""
    units = line.quantity - back.units
    base = rates.net(line.goods_minor, line.tax_minor, back.goods_minor)
    minimum = rates.minimum_for(agreement.minimums, currency, line.unit_minor)
    whole = rates.royalty(base, units, agreement.rate_bp, minimum)
    bps = {party.member_id: party.share_bp for party in agreement.parties}
    parts = shares.split(whole, list(bps.values()))
    return LineSum(
        units=units,
        base_minor=base,
        rate_bp=agreement.rate_bp,
        minimum_minor=minimum,
        whole_minor=whole,
        shares=bps,
        parts=dict(zip(bps, parts, strict=True)),
    )
