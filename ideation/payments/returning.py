"""A buyer comes back from the provider's page: we ask, instead of waiting for its letter.

What was heard before they came back may be overtaken, so it counts only once the provider has
answered. Calls of ``ask`` cost nothing unless somebody waits.
"""

from datetime import datetime

from sqlalchemy import or_, update

from ideation.core.db import db
from ideation.payments import cards, charging, reconciling
from ideation.payments.models import MethodState, Payment, PaymentMethod, PaymentState
from ideation.payments.waiting import PAUSE, is_awaited


def note(reference: str, *, at: datetime) -> None:
    """The buyer is back, in the open transaction; a page that is loaded anew is no new return."""
    for row in _open(reference):
        model = type(row)
        is_new = or_(model.awaited_since.is_(None), model.awaited_since <= at - PAUSE)
        db.session.execute(
            update(model).where(model.id == row.id, is_new).values(awaited_since=at, ask_at=at)
        )


def ask(reference: str, *, at: datetime) -> bool:
    """Ask about what a buyer waits for, if it is time to; returns whether they still wait.

    Call it outside any transaction: a provider may be slow.
    """
    awaited = [row for row in _open(reference) if is_awaited(row.awaited_since, at)]
    if not awaited:
        return False
    for model, row_id, ask_at in [(type(row), row.id, row.ask_at) for row in awaited]:
        if ask_at <= at:
            reconciling.ask(model, row_id, ask_at, at)
    return is_waiting(reference, at)


def is_waiting(reference: str, at: datetime) -> bool:
    """Whether a buyer is back and the provider has not answered, up to our patience."""
    return any(is_awaited(row.awaited_since, at) for row in _open(reference))


def _open(reference: str) -> list[PaymentMethod | Payment]:
    """The last card, unless it is saved, and the last payment, if it waits for the buyer's word."""
    method, payment = cards.latest(reference), charging.latest(reference)
    found: list[PaymentMethod | Payment] = []
    if method is not None and method.state is not MethodState.SAVED:
        found.append(method)
    if payment is not None and payment.state is PaymentState.NEEDS_ACTION:
        found.append(payment)
    return found
