"""The same event twice, and eight rivals at once: one posting, one set of accruals."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from ideation.core import clock, events
from ideation.core.db import db, transaction
from ideation.ledger import posting
from ideation.ledger.models import LedgerAccount, LedgerTransaction
from ideation.orders.events import OrderDelivered, OrderDispatched, OrderPaid, OrderRefunded
from ideation.orders.models import Order
from ideation.payments.events import PaymentCaptured, RefundDone
from ideation.royalties import accruing, prizes
from ideation.royalties.models import Accrual, Prize
from ideation.royalties.verify import verify
from tests.concurrency.crowds import at_once
from tests.factories import products, royalties
from tests.factories.selection import announced_winner

RIVALS = 8
DAY = timedelta(days=1)


def _counts() -> tuple[int, int]:
    return db.session.query(LedgerTransaction).count(), db.session.query(Accrual).count()


def _tell(*told: object) -> None:
    for event in told:
        with transaction():
            events.publish(event)


def test_events_told_again_change_nothing(app: Flask) -> None:
    run, at = products.run(), clock.now()
    order = royalties.sale(run, units={"S": 1, "M": 2}, at=at)
    royalties.lock(run, at=at)
    royalties.dispatch(order, royalties.warehouse(), at=at)
    royalties.deliver(order, at=at + DAY)
    refund = royalties.refund(order, {order.lines[0].id: (1200, 0, 0)}, at=at + DAY)
    with transaction():
        accruing.mature_due(at + 46 * DAY)
    before = _counts()
    reference, payment_id = order.reference, refund.payment_id
    later = at + 50 * DAY
    _tell(
        PaymentCaptured(reference, payment_id, later),
        OrderPaid(order.id, payment_id, later),
        OrderDispatched(order.id, later),
        OrderDelivered(order.id, later),
        OrderRefunded(order.id, refund.id, later),
        RefundDone(reference, refund.id, later),
    )
    assert _counts() == before
    assert verify().disagreements == ()


def _order(app: Flask) -> tuple[int, datetime]:
    run, at = products.run(), clock.now()
    order = royalties.sale(run, units={"S": 1, "M": 2}, at=at)
    royalties.lock(run, at=at)
    return order.id, at


def _rivals(app: Flask, act: Callable[[], object]) -> None:
    def one() -> None:
        with transaction():
            act()

    at_once(app, [one] * RIVALS, threads=RIVALS)


def test_eight_rivals_earn_and_mature_once(app: Flask) -> None:
    order_id, at = _order(app)
    royalties.dispatch(db.session.get_one(Order, order_id), royalties.warehouse(), at=at)
    before = _counts()
    _rivals(app, lambda: accruing.earn(order_id, at))
    assert _counts() == before
    _rivals(app, lambda: accruing.mature_due(at + 46 * DAY))
    assert _counts() == (before[0] + 1, before[1])
    assert verify().disagreements == ()


def test_eight_rivals_accrue_and_reverse_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as quiet:  # the subscribers stay silent: here it is the rivals' turn
        quiet.setattr(accruing, "accrue", lambda *_: None)
        quiet.setattr(accruing, "reverse", lambda *_: None)
        order_id, at = _order(app)
        order = db.session.get_one(Order, order_id)
        refund_id = royalties.refund(order, {order.lines[0].id: (2400, 0, 1)}, at=at).id
        assert db.session.query(Accrual).count() == 0
    _rivals(app, lambda: accruing.accrue(order_id, at))
    assert db.session.query(Accrual).count() == 2
    _rivals(app, lambda: accruing.reverse(order_id, refund_id, at))
    assert db.session.query(Accrual).count() == 3
    references = [one.reference.split(":")[0] for one in db.session.query(LedgerTransaction)]
    assert sorted(references) == ["accrual", "capture", "refund", "repaid", "reversal", "sale"]
    assert verify().disagreements == ()


def test_eight_rivals_award_a_prize_once(app: Flask) -> None:
    agreement = announced_winner()
    contest_id = agreement.contest_id
    _rivals(app, lambda: prizes.award(contest_id, clock.now()))
    assert db.session.query(Prize).count() == 1
    assert verify().disagreements == ()


def test_eight_rivals_open_one_account(app: Flask) -> None:
    kinds = {"cash:b": posting.Kind.ASSET, "cash:a": posting.Kind.ASSET}
    at = clock.now()
    _rivals(app, lambda: posting.open_accounts(kinds, at))
    assert sorted(one.code for one in db.session.query(LedgerAccount)) == ["cash:a", "cash:b"]
