"""However a line's price goes back, its credit notes and the ledger split the tax alike."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from ideation.core import clock
from ideation.core.db import db
from ideation.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from ideation.orders import invoices
from ideation.orders.models import InvoiceKind
from ideation.royalties import chart
from ideation.royalties.verify import verify
from tests.factories import products, royalties


def _taken_back() -> Counter[str]:
    """Refund → the tax that the ledger took back with it."""
    query = (
        select(LedgerTransaction.reference, LedgerEntry.amount_minor)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .where(LedgerTransaction.kind == "refund", LedgerAccount.code == chart.TAX.code)
    )
    found: Counter[str] = Counter()
    for reference, amount in db.session.execute(query):
        found[reference] += amount
    return found


@pytest.mark.parametrize("goods", [(1, 1, 1, 1), (2400, 2400, 2400), (799, 3201, 3200), (7200,)])
def test_credit_notes_say_what_the_books_say(app: Flask, goods: tuple[int, ...]) -> None:
    order = royalties.sale(products.run(), units={"M": 3}, tax_minor=1000, at=clock.now())
    (line,) = order.lines
    back = [royalties.refund(order, {line.id: (one, 0, 0)}).public_id for one in goods]
    notes = [
        paper for paper in invoices.list_for(order.id) if paper.kind is InvoiceKind.CREDIT_NOTE
    ]
    booked = _taken_back()
    assert [note.body["tax_minor"] for note in notes] == [booked[f"refund:{one}"] for one in back]
    if sum(goods) == line.goods_minor:
        assert sum(note.body["tax_minor"] for note in notes) == line.tax_minor == 1000
    assert verify().disagreements == ()
