"""Invoices and credit notes: numbered without gaps, frozen as they were issued.

The number is drawn last, under a lock of its own that is held until the commit: whatever rolls
back leaves no gap. The body keeps what stood there on that day: a name that is changed later, a
product that is renamed or a line whose size is swapped do not reach into it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from ideation.core import config, i18n, identity
from ideation.core.db import db, is_postgresql
from ideation.core.errors import Conflict, NotFound
from ideation.core.i18n import lazy
from ideation.orders import addresses, given_back, words
from ideation.orders.models import Invoice, InvoiceKind, Order, OrderLine
from ideation.payments.models import Refund

#: An advisory lock of its own: documents are numbered one after the other.
_LOCK = 0x696E766F


def issue(order_id: int, *, at: datetime) -> Invoice:
    """The invoice of a paid order, made in the open transaction unless it is there already.

    The caller holds the order's row. Raises Conflict for an order that was not paid.
    """
    order = db.session.get_one(Order, order_id)
    known = find_invoice(order_id)
    if known is not None:
        return known
    if order.paid_at is None:
        raise Conflict(lazy("This order was not paid, so there is no invoice."))
    return _write(order, InvoiceKind.INVOICE, body_of(order), order.total_minor, None, at)


def credit(refund: Refund, *, at: datetime) -> Invoice | None:
    """The credit note of a refund whose ``order_refunds`` stand; made once.

    None for money that goes back without ever having been invoiced, such as a second payment.
    """
    known = db.session.scalar(select(Invoice).where(Invoice.refund_id == refund.id))
    if known is not None:
        return known
    parts = given_back.parts_of([refund.id])[refund.id]
    if not parts or find_invoice(parts[0].line.order_id) is None:
        return None
    order = db.session.get_one(Order, parts[0].line.order_id)
    rows = [
        _row(order, part.line, part.goods_minor, part.shipping_minor, part.tax_minor)
        | {"quantity": part.quantity}
        for part in parts
    ]
    original = find_invoice(order.id)
    body = _body(order, rows) | {"invoice": written_number(original) if original else ""}
    return _write(order, InvoiceKind.CREDIT_NOTE, body, refund.amount_minor, refund.id, at)


def body_of(order: Order) -> dict[str, Any]:
    """What an order's invoice says: seller, buyer, lines and their sums, in its language."""
    rows = [
        _row(order, line, line.goods_minor, line.shipping_minor, line.tax_minor)
        for line in order.lines
    ]
    return _body(order, rows)


def find_invoice(order_id: int) -> Invoice | None:
    """The order's invoice; its credit notes are in ``list_for``."""
    query = select(Invoice).where(Invoice.order_id == order_id, Invoice.kind == InvoiceKind.INVOICE)
    return db.session.scalars(query).first()


def list_for(order_id: int) -> list[Invoice]:
    """The order's documents, oldest first."""
    query = select(Invoice).where(Invoice.order_id == order_id).order_by(Invoice.number)
    return list(db.session.scalars(query))


def get(order_id: int, number: int) -> Invoice:
    """One document of the order. Raises NotFound."""
    invoice = db.session.get(Invoice, number)
    if invoice is None or invoice.order_id != order_id:
        raise NotFound(lazy("There is no such invoice."))
    return invoice


def written_number(invoice: Invoice) -> str:
    """As it is quoted: year of issue and number, ``2026-000042``."""
    return f"{invoice.issued_at.year}-{invoice.number:06d}"


def _write(
    order: Order,
    kind: InvoiceKind,
    body: dict[str, Any],
    total_minor: int,
    refund_id: int | None,
    at: datetime,
) -> Invoice:
    if body["total_minor"] != total_minor:
        raise RuntimeError(f"the lines of order {order.id} are not its total")
    invoice = Invoice(
        number=_next_number(),
        kind=kind,
        order_id=order.id,
        refund_id=refund_id,
        currency=order.currency,
        total_minor=total_minor,
        body=body,
        issued_at=at,
    )
    db.session.add(invoice)
    db.session.flush()
    return invoice


def _body(order: Order, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    with i18n.speaking(order.language, order.zone):
        buyer = addresses.lines(order.address)
    return {
        "seller": {"name": identity.current().name, "url": config.current().base_url},
        "buyer": buyer,
        "order": order.public_id,
        "language": order.language,
        "ordered_on": order.placed_at.date().isoformat(),
        "lines": list(rows),
        "goods_minor": sum(row["goods_minor"] for row in rows),
        "shipping_minor": sum(row["shipping_minor"] for row in rows),
        "tax_minor": sum(row["tax_minor"] for row in rows),
        "total_minor": sum(row["total_minor"] for row in rows),
    }


def _row(
    order: Order, line: OrderLine, goods_minor: int, shipping_minor: int, tax_minor: int
) -> dict[str, Any]:
    with i18n.speaking(order.language, order.zone):
        name = words.line_name(line, order)
    return {
        "line": line.id,
        "name": name,
        "sku": line.variant.sku,
        "quantity": line.quantity,
        "unit_minor": line.unit_minor,
        "discount_minor": line.discount_minor,
        "tax_minor": tax_minor,
        "goods_minor": goods_minor,
        "shipping_minor": shipping_minor,
        "total_minor": goods_minor + shipping_minor,
    }


def _next_number() -> int:
    """Held from here to the commit; on SQLite the transaction is the only writer anyway."""
    if is_postgresql():
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    return int(db.session.scalar(select(func.max(Invoice.number))) or 0) + 1
