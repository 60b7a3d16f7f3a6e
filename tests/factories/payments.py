"""Saved cards, and a payment provider that is done at once."""

from datetime import datetime, timedelta

from sqlalchemy import select

from ideation.core import clock, jobs
from ideation.core.db import db, transaction
from ideation.payments import cards
from ideation.payments.models import PaymentMethod
from ideation.payments.providers.sandbox import page
from ideation.payments.providers.sandbox.cards import CardKind
from ideation.payments.providers.sandbox.models import SandboxSession, SessionState
from ideation.payments.providers.sandbox.settling import settle as settle_all


def card_asked(reference: str, at: datetime | None = None) -> PaymentMethod:
    """A card that the provider has a page for, and nobody gave yet."""
    at = at or clock.now()
    with transaction():
        public_id = cards.ask(reference, at=at).public_id
    cards.page_for(public_id, "/", at=at)
    return cards.get_by_public_id(public_id)


def saved_card(reference: str, kind: str = "succeeds", at: datetime | None = None) -> PaymentMethod:
    """A card that was given on the provider's page, confirmed if asked, and told of to us.

    ``kind`` is a ``CardKind``. One that is declined when it is saved comes back as failed.
    """
    at = at or clock.now()
    public_id = card_asked(reference, at).public_id
    give_card(public_id, kind, at)
    settle_all(at)
    db.session.rollback()
    return cards.get_by_public_id(public_id)


def give_card(public_id: str, kind: str, at: datetime) -> None:
    """What the buyer does on the hosted page of a method."""
    token = token_of(public_id)
    with transaction():
        if page.give_card(token, CardKind(kind), at) is SessionState.CONFIRMING:
            page.confirm_card(token, approved=True, at=at)


def token_of(public_id: str) -> str:
    """The secret in the address of a method's hosted page."""
    query = select(SandboxSession.token).where(SandboxSession.key == public_id)
    return db.session.scalars(query).one()


def settle(at: datetime | None = None) -> None:
    """Run all due jobs and bring all letters, as of ``at`` or now, until nothing stirs.

    Letters are brought by hand: their own jobs, which would go over HTTP, find nothing to do.
    """
    while True:
        moment = max(at, clock.now()) if at else clock.now()
        db.session.rollback()
        brought = settle_all(moment + timedelta(seconds=1))
        done = jobs.run_due()
        if not brought and not done:
            db.session.rollback()
            db.session.expire_all()
            return
