"""What refunds gave back of order lines, as of any of them: rows that never change."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ideation.core.db import db
from ideation.orders.models import OrderLine, OrderRefund
from ideation.royalties.postings import GivenBack
from ideation.royalties.sums import Back

_Earlier = aliased(OrderRefund)


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
        given = GivenBack(line, part.goods_minor, part.shipping_minor, int(before))
        found[part.refund_id].append(given)
    return found


def counting(line_ids: Collection[int]) -> dict[int, list[tuple[int, Back]]]:
    """Line → each refund that counts against its royalty, with the sum up to and with it.

    In order; refunds of faulty goods and of shipping alone change no royalty and are left out.
    """
    query = (
        select(OrderRefund)
        .where(
            OrderRefund.line_id.in_(line_ids),
            OrderRefund.is_faulty.is_(False),
            (OrderRefund.goods_minor > 0) | (OrderRefund.quantity > 0),
        )
        .order_by(OrderRefund.line_id, OrderRefund.refund_id)
    )
    found: dict[int, list[tuple[int, Back]]] = {}
    for row in db.session.scalars(query):
        steps = found.setdefault(row.line_id, [])
        last = steps[-1][1] if steps else Back()
        back = Back(last.goods_minor + row.goods_minor, last.units + row.quantity)
        steps.append((row.refund_id, back))
    return found
