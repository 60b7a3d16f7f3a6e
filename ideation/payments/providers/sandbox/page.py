"""The hosted page: a buyer gives a card there, and it is saved, refused or has to be confirmed.

Everything happens in the open transaction, and whatever becomes of a card is a letter to the
house. A page may be asked for twice under the same key: it is one page.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from ideation.core import ids
from ideation.core.db import db, lock_row
from ideation.core.errors import Conflict, NotFound
from ideation.core.i18n import lazy
from ideation.payments.failures import Failure
from ideation.payments.providers.base import Kind, PageRequest
from ideation.payments.providers.sandbox.cards import BY_KIND, CardKind
from ideation.payments.providers.sandbox.models import SandboxCard, SandboxSession, SessionState
from ideation.payments.providers.sandbox.outgoing import News, owe

PAGE_LIVES = timedelta(hours=24)


def open_session(request: PageRequest, at: datetime) -> SandboxSession:
    """The session under the request's key; a new one where there is none."""
    known = _find_session(request.key)
    if known is not None:
        return known
    session = SandboxSession(
        key=request.key,
        token=ids.token(),
        return_path=_path(request.return_url),
        amount_minor=request.amount_minor,
        currency=request.currency,
        created_at=at,
        expires_at=at + PAGE_LIVES,
    )
    db.session.add(session)
    db.session.flush()
    return session


def get_session(token: str) -> SandboxSession:
    """The session behind a hosted page. Raises NotFound."""
    session = db.session.scalar(select(SandboxSession).where(SandboxSession.token == token))
    if session is None:
        raise NotFound(lazy("There is no such payment page."))
    return session


def give_card(token: str, kind: CardKind, at: datetime) -> SessionState:
    """A buyer gives a card on the hosted page; returns where they stand then.

    Raises Conflict where a card is saved already or the page is over.
    """
    session = _lock_session(token)
    _require_open(session, at)
    card = _make_card(kind, at)
    session.card_id, session.failure = card.id, ""
    if kind is CardKind.DECLINES_SAVING:
        _refuse_card(session, Failure.DECLINED, at)
    elif kind is CardKind.CONFIRMS_SAVING:
        session.state = SessionState.CONFIRMING
    else:
        _save_card(session, card, at)
    db.session.flush()
    return session.state


def confirm_card(token: str, approved: bool, at: datetime) -> SessionState:
    """The buyer's bank asked them about saving the card. Raises Conflict where it did not."""
    session = _lock_session(token)
    if session.state is not SessionState.CONFIRMING or at >= session.expires_at:
        raise Conflict(lazy("There is nothing to confirm here any more."))
    card = db.session.get_one(SandboxCard, session.card_id)
    if approved:
        _save_card(session, card, at)
    else:
        session.state = SessionState.OPEN
        _refuse_card(session, Failure.NOT_CONFIRMED, at)
    db.session.flush()
    return session.state


def find_news(key: str, at: datetime) -> News | None:
    """What became of a session; None as long as no card was given, or the bank's word is missing.

    One that was refused leaves the page open: the next may be saved.
    """
    session = _find_session(key)
    if session is None:
        return None
    if session.state is SessionState.SAVED and session.card is not None:
        return _saved_news(session, session.card)
    if at >= session.expires_at:
        return News(Kind.METHOD_FAILED, key, failure=Failure.PAGE_EXPIRED)
    if session.failure:
        return News(Kind.METHOD_FAILED, key, failure=session.failure)
    return None


def return_path_of(card_id: int) -> str:
    """Where a buyer who confirms a charge came from: the page that their card was saved for."""
    query = select(SandboxSession.return_path).where(SandboxSession.card_id == card_id)
    return db.session.scalar(query) or "/"


def _find_session(key: str) -> SandboxSession | None:
    return db.session.scalar(select(SandboxSession).where(SandboxSession.key == key))


def _lock_session(token: str) -> SandboxSession:
    """The session, held until commit, as it stands now."""
    session_id = get_session(token).id
    db.session.execute(lock_row(select(SandboxSession.id).where(SandboxSession.id == session_id)))
    return db.session.get_one(SandboxSession, session_id, populate_existing=True)


def _require_open(session: SandboxSession, at: datetime) -> None:
    if session.state is SessionState.SAVED:
        raise Conflict(lazy("A card is saved already."))
    if at >= session.expires_at:
        raise Conflict(lazy("This page was open too long. Go back to your order and begin again."))


def _make_card(kind: CardKind, at: datetime) -> SandboxCard:
    shown = BY_KIND[kind]
    card = SandboxCard(
        token=f"card_{ids.public_id(20)}",
        kind=kind,
        brand=shown.brand,
        last4=shown.last4,
        created_at=at,
    )
    db.session.add(card)
    db.session.flush()
    return card


def _save_card(session: SandboxSession, card: SandboxCard, at: datetime) -> None:
    session.state = SessionState.SAVED
    owe(_saved_news(session, card), at)


def _refuse_card(session: SandboxSession, failure: Failure, at: datetime) -> None:
    """The page stays open: the buyer may give another card."""
    session.failure = failure
    owe(News(Kind.METHOD_FAILED, session.key, failure=failure), at)


def _saved_news(session: SandboxSession, card: SandboxCard) -> News:
    return News(
        Kind.METHOD_SAVED,
        session.key,
        provider_reference=card.token,
        brand=card.brand,
        last4=card.last4,
    )


def _path(url: str) -> str:
    """Only the path and query: whatever else it names, the buyer stays on this site."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
