"""Asking the provider what became of what it has not told us: letters get lost.

A row is asked about when its ``ask_at`` has passed; moving that on first, by a conditional
UPDATE, keeps two workers from asking the same question. Call it outside any transaction.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog
from sqlalchemy import select, update

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
from ideation.payments.waiting import next_question

log = structlog.get_logger(__name__)

RECONCILE = jobs.declare("payments.reconcile", attempts=1)

#: Questions of each kind in one round; what is left comes in the next.
MOST = 200
#: A card that was never given is not waited for any longer.
GIVEN_UP_AFTER = timedelta(days=1)

Askable: TypeAlias = type[PaymentMethod] | type[Payment] | type[Refund]


def reconcile(at: datetime) -> int:
    """Ask about everything that has been silent for too long; returns how much was news."""
    return (
        _each(PaymentMethod, (MethodState.PENDING,), _ask_about_method, at)
        + _each(Payment, (PaymentState.REQUESTED, PaymentState.NEEDS_ACTION), _ask_about_charge, at)
        + _each(Refund, (RefundState.REQUESTED,), _ask_about_refund, at)
    )


def _each(
    model: Askable,
    states: tuple[object, ...],
    ask: Callable[[int, datetime], bool],
    at: datetime,
) -> int:
    is_open = model.state.in_(states)
    query = select(model.id, model.ask_at).where(is_open, model.ask_at <= at)
    due = db.session.execute(query.order_by(model.ask_at, model.id).limit(MOST)).all()
    _let_go()
    news = 0
    for row_id, ask_at in due:
        if not _claim(model, row_id, ask_at, at):
            continue
        try:
            news += ask(row_id, at)
        except ProviderAway:
            log.warning("provider is away", thing=model.__tablename__, id=row_id)
    return news


def _claim(model: Askable, row_id: int, ask_at: datetime, at: datetime) -> bool:
    since = model.created_at if model is PaymentMethod else model.requested_at  # type: ignore[union-attr]
    with open_or_own_transaction():
        begun: datetime = db.session.execute(select(since).where(model.id == row_id)).scalar_one()
        moved = db.session.execute(
            update(model)
            .where(model.id == row_id, model.ask_at == ask_at)
            .values(ask_at=next_question(begun, at))
        )
    return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


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


def _hear(provider: str, told: Told, at: datetime) -> bool:
    with open_or_own_transaction():
        return hearing.hear(provider, told, at=at) is hearing.Outcome.APPLIED


def _let_go() -> None:
    """Hold no connection while the provider thinks."""
    if not in_transaction():
        db.session.rollback()
