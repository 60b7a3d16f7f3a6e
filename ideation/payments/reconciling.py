"""Asking the provider what became of what it has not told us: letters get lost.

A row is asked about when its ``ask_at`` has passed; moving that on first, by a conditional
UPDATE, keeps two workers from asking the same question. Call it outside any transaction.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update

from ideation.core import jobs
from ideation.core.db import db, in_transaction, open_or_own_transaction
from ideation.payments import charging, hearing, refunding
from ideation.payments.failures import Failure
from ideation.payments.models import (
    MethodState,
    Payment,
    PaymentMethod,
    PaymentState,
    Refund,
    RefundState,
)
from ideation.payments.providers import in_force
from ideation.payments.providers.base import Kind, ProviderAway, Told
from ideation.payments.waiting import GIVEN_UP_AFTER, next_question

log = structlog.get_logger(__name__)

RECONCILE = jobs.declare("payments.reconcile", attempts=1)

#: Questions of each kind in one round; what is left comes in the next.
MOST = 200

Askable: TypeAlias = type[PaymentMethod] | type[Payment] | type[Refund]


def reconcile(at: datetime) -> int:
    """Ask about everything that has been silent for too long; returns how much was news."""
    return (
        _each(PaymentMethod, may_be_saved(at), at)
        + _each(Payment, Payment.state.in_((PaymentState.REQUESTED, PaymentState.NEEDS_ACTION)), at)
        + _each(Refund, Refund.state == RefundState.REQUESTED, at)
    )


def may_be_saved(at: datetime) -> ColumnElement[bool]:
    """Methods that the provider may still save a card for.

    One that failed is among them while its page may be open: the buyer may give another card.
    """
    return or_(
        PaymentMethod.state == MethodState.PENDING,
        and_(
            PaymentMethod.state == MethodState.FAILED,
            PaymentMethod.created_at > at - GIVEN_UP_AFTER,
        ),
    )


def ask(model: Askable, row_id: int, ask_at: datetime, at: datetime) -> bool:
    """Ask about a row whose ``ask_at`` has passed, unless somebody else does; whether it was news.

    Whoever waits for the answer has it then, unless the provider is away.
    """
    if not _claim(model, row_id, ask_at, at):
        return False
    try:
        is_news = _QUESTIONS[model](row_id, at)
    except ProviderAway:
        log.warning("provider is away", thing=model.__tablename__, id=row_id)
        return False
    if model is not Refund:
        _let_nobody_wait(model, row_id, at)
    return is_news


def _each(model: Askable, is_open: ColumnElement[bool], at: datetime) -> int:
    query = select(model.id, model.ask_at).where(is_open, model.ask_at <= at)
    due = db.session.execute(query.order_by(model.ask_at, model.id).limit(MOST)).all()
    _let_go()
    return sum(ask(model, row_id, ask_at, at) for row_id, ask_at in due)


def _claim(model: Askable, row_id: int, ask_at: datetime, at: datetime) -> bool:
    with open_or_own_transaction():
        row: Any = db.session.get_one(model, row_id, populate_existing=True)
        begun = row.created_at if isinstance(row, PaymentMethod) else row.requested_at
        awaited_since = None if isinstance(row, Refund) else row.awaited_since
        moved = db.session.execute(
            update(model)
            .where(model.id == row_id, model.ask_at == ask_at)
            .values(ask_at=next_question(begun, at, awaited_since))
        )
    return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _let_nobody_wait(model: Askable, row_id: int, at: datetime) -> None:
    """A buyer who came back after the question was asked waits for the next one."""
    is_answered = model.awaited_since <= at  # type: ignore[union-attr]
    with open_or_own_transaction():
        db.session.execute(
            update(model).where(model.id == row_id, is_answered).values(awaited_since=None)
        )


def _ask_about_method(method_id: int, at: datetime) -> bool:
    method = db.session.get_one(PaymentMethod, method_id, populate_existing=True)
    provider, key, begun = in_force.get(method.provider), method.public_id, method.created_at
    _let_go()
    told = provider.find_method(key, at=at)
    if told is None and at >= begun + GIVEN_UP_AFTER:
        told = Told(
            f"asked:{Kind.METHOD_FAILED}:{key}",
            Kind.METHOD_FAILED,
            key,
            at,
            failure=Failure.PAGE_EXPIRED,
        )
    return told is not None and _hear(provider.name, told, at)


def _ask_about_charge(payment_id: int, at: datetime) -> bool:
    payment = db.session.get_one(Payment, payment_id, populate_existing=True)
    provider, key = in_force.get(payment.provider), payment.public_id
    _let_go()
    told = provider.find_charge(key, at=at)
    if told is None:  # it never heard of it
        charging.tell(payment_id, at=at)
        return False
    return _hear(provider.name, told, at)


def _ask_about_refund(refund_id: int, at: datetime) -> bool:
    refund = db.session.get_one(Refund, refund_id, populate_existing=True)
    provider, key = in_force.get(refund.payment.provider), refunding.provider_key(refund)
    _let_go()
    told = provider.find_refund(key, at=at)
    if told is None:
        refunding.tell(refund_id, at=at)
        return False
    return _hear(provider.name, told, at)


#: Last, since the functions it names stand above.
_QUESTIONS: Mapping[Askable, Callable[[int, datetime], bool]] = {
    PaymentMethod: _ask_about_method,
    Payment: _ask_about_charge,
    Refund: _ask_about_refund,
}


def _hear(provider: str, told: Told, at: datetime) -> bool:
    with open_or_own_transaction():
        return hearing.hear(provider, told, at=at) is hearing.Outcome.APPLIED


def _let_go() -> None:
    """Hold no connection while the provider thinks."""
    if not in_transaction():
        db.session.rollback()
