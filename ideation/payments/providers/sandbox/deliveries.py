"""Bringing the sandbox's letters: over HTTP by a worker, or by hand for tests and the demo."""

import http.client
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select, update

from ideation.accounts.models import Member
from ideation.audit import trail
from ideation.core import jobs
from ideation.core.db import db, open_or_own_transaction, transaction
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.payments import webhooks
from ideation.payments.providers import signing
from ideation.payments.providers.sandbox.models import DeliveryState, SandboxDelivery
from ideation.payments.providers.sandbox.outgoing import DELIVER, MOST_TRIES
from ideation.payments.providers.sandbox.provider import SIGNATURE_HEADER, Sandbox, secret

TIMEOUT_SECONDS = 10
_NOBODY_OPENED = 0


class NotTaken(Exception):
    """The door did not answer with a 2xx: the letter is brought again later."""


def bring(delivery_id: int, base_url: str, *, at: datetime) -> None:
    """Send a letter to the instance's door over HTTP, outside any transaction.

    Each try is signed anew with the time of the try. Raises NotTaken, so that the job is tried
    again, until the letter has been brought ``MOST_TRIES`` times.
    """
    delivery = db.session.get(SandboxDelivery, delivery_id, populate_existing=True)
    if delivery is None or delivery.state is not DeliveryState.WAITING:
        return
    body, tries = delivery.body.encode(), delivery.tries + 1
    db.session.rollback()
    status = _post(f"{base_url}/webhooks/{Sandbox.name}", body, at)
    is_taken = 200 <= status < 300
    state = DeliveryState.DELIVERED if is_taken else DeliveryState.WAITING
    if not is_taken and tries >= MOST_TRIES:
        state = DeliveryState.GIVEN_UP
    with transaction():
        _note(delivery_id, state, at, tries=tries, last_status=status)
    if state is DeliveryState.WAITING:
        raise NotTaken(f"answered {status}" if status else "nobody opened")


def hand_over_due(at: datetime) -> int:
    """Put every letter that is due into the door's hands, as of ``at``; returns how many.

    The same signed bytes as over HTTP, without the network: for tests and the demo, which may do
    it inside a transaction of their own. Otherwise each letter has one.
    """
    due = db.session.execute(
        select(SandboxDelivery.id, SandboxDelivery.body)
        .where(SandboxDelivery.state == DeliveryState.WAITING, SandboxDelivery.due_at <= at)
        .order_by(SandboxDelivery.due_at, SandboxDelivery.id)
    ).all()
    for delivery_id, body in due:
        with open_or_own_transaction():
            webhooks.receive(Sandbox.name, _headers(body.encode(), at), body.encode(), at=at)
            _note(delivery_id, DeliveryState.DELIVERED, at, tries=1, last_status=200)
    return len(due)


def send_again(actor: Member, delivery_id: int, *, at: datetime) -> None:
    """Have a letter brought again that was given up. Raises Conflict for any other."""
    moved = db.session.execute(
        update(SandboxDelivery)
        .where(SandboxDelivery.id == delivery_id, SandboxDelivery.state == DeliveryState.GIVEN_UP)
        .values(state=DeliveryState.WAITING, tries=0, due_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if not moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Conflict(lazy("This letter was not given up."))
    jobs.enqueue(DELIVER, at=at, delivery_id=delivery_id)
    trail.record(
        "payment_letter.sent_again",
        actor_id=actor.id,
        subject_kind="sandbox_delivery",
        subject_id=delivery_id,
        at=at,
    )


def _note(
    delivery_id: int, state: DeliveryState, at: datetime, *, tries: int, last_status: int
) -> None:
    db.session.execute(
        update(SandboxDelivery)
        .where(SandboxDelivery.id == delivery_id, SandboxDelivery.state == DeliveryState.WAITING)
        .values(
            state=state,
            tries=tries,
            last_status=last_status,
            delivered_at=at if state is DeliveryState.DELIVERED else None,
        )
        .execution_options(synchronize_session="fetch")
    )


def _headers(body: bytes, at: datetime) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: signing.sign(secret(), body, at),
    }


def _post(url: str, body: bytes, at: datetime) -> int:
    """The status the door answered with; 0 where nobody opened. Follows no redirect."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path, body, _headers(body, at))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return _NOBODY_OPENED
    finally:
        connection.close()
