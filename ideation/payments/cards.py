"""Saving a card: the buyer gives it to the provider, on the provider's own page."""

from datetime import datetime

from sqlalchemy import select, update

from ideation.core import ids
from ideation.core.db import db, in_transaction, open_or_own_transaction
from ideation.core.errors import NotFound
from ideation.core.i18n import lazy
from ideation.payments.models import MethodState, PaymentMethod
from ideation.payments.providers import in_force
from ideation.payments.providers.base import PageRequest
from ideation.payments.waiting import GIVEN_UP_AFTER, first_question


def ask(reference: str, *, provider: str | None = None, at: datetime) -> PaymentMethod:
    """Ask for a card that will pay for the reference; ``page_for`` says where it is given."""
    method = PaymentMethod(
        public_id=ids.public_id(),
        reference=reference,
        provider=in_force.get(provider).name if provider else in_force.current().name,
        created_at=at,
        ask_at=first_question(at),
    )
    db.session.add(method)
    db.session.flush()
    return method


def page_for(
    public_id: str,
    return_url: str,
    *,
    at: datetime,
    amount_minor: int | None = None,
    currency: str = "",
) -> str:
    """Where the buyer gives the card: an address, or a path of this site.

    Call it outside any transaction: the provider is asked, the first time. The amount is only
    shown there. Raises NotFound, ProviderAway and ProviderRefused.
    """
    method = get_by_public_id(public_id)
    if method.page_url:
        return method.page_url
    provider = in_force.get(method.provider)
    if not in_transaction():
        db.session.rollback()  # no connection is held while the provider thinks
    request = PageRequest(public_id, return_url, amount_minor, currency)
    page_url = provider.open_page(request, at=at)
    with open_or_own_transaction():
        db.session.execute(
            update(PaymentMethod)
            .where(PaymentMethod.public_id == public_id)
            .values(page_url=page_url)
        )
    return page_url


def get_by_public_id(public_id: str) -> PaymentMethod:
    """The method. Raises NotFound."""
    method = db.session.scalar(select(PaymentMethod).where(PaymentMethod.public_id == public_id))
    if method is None:
        raise NotFound(lazy("There is no such card."))
    return method


def is_over(method: PaymentMethod, at: datetime) -> bool:
    """Whether its page has closed, or closes any moment, though we may not have been told."""
    return at >= method.created_at + GIVEN_UP_AFTER


def latest_saved(reference: str) -> PaymentMethod | None:
    """The card that was saved last for the reference."""
    return db.session.scalar(
        select(PaymentMethod)
        .where(PaymentMethod.reference == reference, PaymentMethod.state == MethodState.SAVED)
        .order_by(PaymentMethod.settled_at.desc(), PaymentMethod.id.desc())
        .limit(1)
    )


def latest(reference: str) -> PaymentMethod | None:
    """The card that was asked for last, whatever became of it."""
    return db.session.scalar(
        select(PaymentMethod)
        .where(PaymentMethod.reference == reference)
        .order_by(PaymentMethod.id.desc())
        .limit(1)
    )
