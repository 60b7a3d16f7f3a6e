"""What refunds take off royalties, as of any of them: rows that never change."""

from collections.abc import Collection

from sqlalchemy import select

from ideation.core.db import db
from ideation.orders.models import OrderRefund
from ideation.royalties.sums import Back


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
