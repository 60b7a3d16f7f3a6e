"""What refunds gave back of order lines, with the tax in it, as of any of them.

Rows that never change, so every refund can be redone at any time; credit notes and the ledger are
both made from here and agree to the unit.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ideation.core import money
from ideation.core.db import db
from ideation.orders.models import OrderLine, OrderRefund

_Earlier = aliased(OrderRefund)


@dataclass(frozen=True)
class GivenBack:
    """What a refund gave back of one line, and what had been given back of it before."""

    line: OrderLine
    goods_minor: int
    shipping_minor: int
    before_minor: int
    quantity: int = 0

    @property
    def tax_minor(self) -> int:
        """The tax contained in it: what was left of the line's before, less what is left now."""
        gross, tax = self.line.goods_minor, self.line.tax_minor
        after = self.before_minor + self.goods_minor
        return tax_left(gross, tax, self.before_minor) - tax_left(gross, tax, after)


def tax_left(gross_minor: int, tax_minor: int, given_back_minor: int) -> int:
    """The tax that is still contained in what is left of a line's price.

    ``gross_minor`` is the price paid for the line, ``tax_minor`` the tax in it. It shrinks with
    the price and is rounded once on what is left, half to even, so that many refunds end where
    one does.
    """
    if not gross_minor:
        return 0
    return money.half_even(tax_minor * (gross_minor - given_back_minor), gross_minor)


def parts_of(refund_ids: Collection[int]) -> dict[int, list[GivenBack]]:
    """Refund → what it gave back of each line, and what earlier ones had given back of that.

    An order's refunds are numbered under its lock, so an earlier one has the lower number.
    """
    earlier = (
        select(func.coalesce(func.sum(_Earlier.goods_minor), 0))
        .where(_Earlier.line_id == OrderRefund.line_id, _Earlier.refund_id < OrderRefund.refund_id)
        .scalar_subquery()
    )
    query = (
        select(OrderRefund, OrderLine, earlier)
        .join(OrderLine, OrderLine.id == OrderRefund.line_id)
        .where(OrderRefund.refund_id.in_(refund_ids))
        .order_by(OrderRefund.refund_id, OrderRefund.line_id)
    )
    found: dict[int, list[GivenBack]] = {refund_id: [] for refund_id in refund_ids}
    for part, line, before in db.session.execute(query):
        given = GivenBack(line, part.goods_minor, part.shipping_minor, int(before), part.quantity)
        found[part.refund_id].append(given)
    return found
