"""The bank: charges and refunds, each decided by the card, written down, and told in a letter.

Everything happens in the open transaction. A key (what the house calls a charge or a refund) has
one effect, however often it comes.
"""

from datetime import datetime

from sqlalchemy import func, select, update

from ideation.core import ids
from ideation.core.db import db, lock_row
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.payments.failures import Failure
from ideation.payments.providers.base import ChargeRequest, Kind, ProviderRefused, RefundRequest
from ideation.payments.providers.sandbox.cards import CardKind
from ideation.payments.providers.sandbox.models import (
    ChargeState,
    SandboxCard,
    SandboxCharge,
    SandboxRefund,
)
from ideation.payments.providers.sandbox.outgoing import News, owe

#: How often a card of that kind says no before it pays.
_DECLINES = 2


def charge(request: ChargeRequest, at: datetime) -> SandboxCharge:
    """Charge a saved card, once a key. Raises ProviderRefused for a card that is not known."""
    card = db.session.scalar(lock_row(select(SandboxCard).where(SandboxCard.token == request.card)))
    if card is None:
        raise ProviderRefused(Failure.CARD_GONE)
    known = find_charge(request.key)
    if known is not None:
        return known
    failure = _failure_of(card)
    state = (
        ChargeState.DECLINED if failure
        else ChargeState.WAITING if card.kind is CardKind.CONFIRMS_CHARGE
        else ChargeState.CAPTURED
    )  # fmt: skip
    made = SandboxCharge(
        key=request.key,
        token=ids.token(),
        card_id=card.id,
        amount_minor=request.amount_minor,
        currency=request.currency,
        state=state,
        failure=failure,
        created_at=at,
        settled_at=None if state is ChargeState.WAITING else at,
    )
    db.session.add(made)
    db.session.flush()
    owe(_charge_news(made), at)
    return made


def find_charge(key: str) -> SandboxCharge | None:
    """The charge under a key."""
    return db.session.scalar(select(SandboxCharge).where(SandboxCharge.key == key))


def find_charge_by_token(token: str) -> SandboxCharge | None:
    """The charge behind a confirmation page."""
    return db.session.scalar(select(SandboxCharge).where(SandboxCharge.token == token))


def confirm_charge(token: str, approved: bool, at: datetime) -> ChargeState:
    """The buyer's bank has their word about a charge. Raises Conflict where it waits for none."""
    state = ChargeState.CAPTURED if approved else ChargeState.DECLINED
    failure = "" if approved else Failure.NOT_CONFIRMED
    moved = db.session.execute(
        update(SandboxCharge)
        .where(SandboxCharge.token == token, SandboxCharge.state == ChargeState.WAITING)
        .values(state=state, failure=failure, settled_at=at)
        .returning(SandboxCharge.id)
        .execution_options(synchronize_session="fetch")
    ).scalar_one_or_none()
    if moved is None:
        raise Conflict(lazy("There is nothing to confirm here any more."))
    owe(_charge_news(db.session.get_one(SandboxCharge, moved, populate_existing=True)), at)
    return state


def cancel(key: str, at: datetime) -> None:
    """Take a charge back that waits for a word; any other stays as it is."""
    db.session.execute(
        update(SandboxCharge)
        .where(SandboxCharge.key == key, SandboxCharge.state == ChargeState.WAITING)
        .values(state=ChargeState.CANCELLED, failure=Failure.ABANDONED, settled_at=at)
    )


def refund(request: RefundRequest, at: datetime) -> SandboxRefund:
    """Give money back, once a key, never more than was captured.

    Raises ProviderRefused for a charge that is not known.
    """
    paid = db.session.scalar(
        lock_row(
            select(SandboxCharge).where(SandboxCharge.key == request.charge_key)
        ).execution_options(populate_existing=True)
    )
    if paid is None:
        raise ProviderRefused(Failure.OTHER)
    known = db.session.scalar(select(SandboxRefund).where(SandboxRefund.key == request.key))
    if known is not None:
        return known
    made = SandboxRefund(
        key=request.key,
        charge_id=paid.id,
        amount_minor=request.amount_minor,
        failure=_give_back(paid, request.amount_minor),
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    owe(_refund_news(made, paid), at)
    return made


def find_charge_news(key: str) -> News | None:
    """What became of a charge."""
    found = find_charge(key)
    return _charge_news(found) if found else None


def find_refund_news(key: str) -> News | None:
    """What became of a refund."""
    found = db.session.execute(
        select(SandboxRefund, SandboxCharge)
        .join(SandboxCharge, SandboxCharge.id == SandboxRefund.charge_id)
        .where(SandboxRefund.key == key)
    ).one_or_none()
    return _refund_news(found[0], found[1]) if found else None


def _failure_of(card: SandboxCard) -> str:
    """Why the card does not pay this time; empty where it does."""
    if card.kind is CardKind.DECLINES_CHARGE:
        return Failure.INSUFFICIENT_FUNDS
    if card.kind is CardKind.DECLINES_TWICE:
        before = select(func.count()).where(SandboxCharge.card_id == card.id)
        return Failure.DECLINED if (db.session.scalar(before) or 0) < _DECLINES else ""
    return ""


def _give_back(paid: SandboxCharge, amount_minor: int) -> str:
    """Count the money as given back; why not, where it is not."""
    if paid.card.kind is CardKind.REFUSES_REFUND:
        return Failure.ACCOUNT_CLOSED
    is_captured = paid.state is ChargeState.CAPTURED
    if not is_captured or paid.refunded_minor + amount_minor > paid.amount_minor:
        return Failure.TOO_MUCH
    paid.refunded_minor += amount_minor
    return ""


def _charge_news(charged: SandboxCharge) -> News:
    kind = {
        ChargeState.WAITING: Kind.PAYMENT_NEEDS_ACTION,
        ChargeState.CAPTURED: Kind.PAYMENT_CAPTURED,
    }.get(charged.state, Kind.PAYMENT_FAILED)
    is_waiting = charged.state is ChargeState.WAITING
    return News(
        kind,
        charged.key,
        provider_reference=f"charge_{charged.id}",
        failure=charged.failure,
        action_url=f"/sandbox/confirmations/{charged.token}" if is_waiting else "",
        amount_minor=charged.amount_minor,
        currency=charged.currency,
    )


def _refund_news(made: SandboxRefund, paid: SandboxCharge) -> News:
    return News(
        Kind.REFUND_FAILED if made.failure else Kind.REFUND_DONE,
        made.key,
        provider_reference=f"refund_{made.id}",
        failure=made.failure,
        amount_minor=made.amount_minor,
        currency=paid.currency,
    )
