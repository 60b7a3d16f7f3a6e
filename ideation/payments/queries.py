"""What a person wants to look up about payments."""

from collections.abc import Sequence

from sqlalchemy import func, select

from ideation.core.db import db
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.core.paging import Page, paginate
from ideation.payments.hearing import Outcome
from ideation.payments.models import Payment, ProviderEvent, Refund, RefundState


def list_payments(page: int) -> Page[Payment]:
    """All tries, newest first."""
    return paginate(select(Payment).order_by(Payment.id.desc()), page)


def list_refunds(page: int) -> Page[Refund]:
    """All refunds, newest first."""
    return paginate(select(Refund).order_by(Refund.id.desc()), page)


def list_events(page: int) -> Page[ProviderEvent]:
    """What providers told, newest first."""
    return paginate(select(ProviderEvent).order_by(ProviderEvent.id.desc()), page)


def list_refused_refunds() -> Sequence[Refund]:
    """Refunds that the provider would not give back, the longest waiting first."""
    query = select(Refund).where(Refund.state == RefundState.FAILED)
    return db.session.scalars(query.order_by(Refund.settled_at, Refund.id)).all()


def count_refused_refunds() -> int:
    """How many refunds wait for a person."""
    query = select(func.count()).select_from(Refund).where(Refund.state == RefundState.FAILED)
    return db.session.scalar(query) or 0


def list_mismatched_events(limit: int = 50) -> Sequence[ProviderEvent]:
    """What providers told of another amount than we asked for, newest first."""
    query = select(ProviderEvent).where(ProviderEvent.outcome == Outcome.MISMATCHED)
    return db.session.scalars(query.order_by(ProviderEvent.id.desc()).limit(limit)).all()


def get_refund(public_id: str) -> Refund:
    """The refund. Raises NotFound."""
    refund = db.session.scalar(select(Refund).where(Refund.public_id == public_id))
    if refund is None:
        raise NotFound(lazy("There is no such refund."))
    return refund
