"""Letters as the sandbox signs them, and as others would forge them."""

import json
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ideation.core import clock
from ideation.core.db import db
from ideation.payments.providers import signing
from ideation.payments.providers.sandbox.models import DeliveryState, SandboxDelivery
from ideation.payments.providers.sandbox.provider import SIGNATURE_HEADER, secret

DOOR = "/webhooks/sandbox"


def waiting() -> list[bytes]:
    """The letters that nobody has brought, in order."""
    db.session.rollback()
    query = select(SandboxDelivery.body).where(SandboxDelivery.state == DeliveryState.WAITING)
    return [body.encode() for body in db.session.scalars(query.order_by(SandboxDelivery.id))]


def letter(kind: str, key: str, **values: Any) -> bytes:
    """A letter with the sandbox's fields."""
    plain = dict.fromkeys(
        ("provider_reference", "failure", "action_url", "brand", "last4", "currency"), ""
    )
    told = {
        "id": f"evt_{kind}_{key}",
        "kind": kind,
        "key": key,
        "happened_at": clock.now().isoformat(),
        "amount_minor": None,
        **plain,
    }
    return json.dumps({**told, **values}).encode()


def signed(body: bytes, at: datetime | None = None, key: bytes | None = None) -> dict[str, str]:
    """The headers of a letter; with another ``key`` it is forged."""
    return {SIGNATURE_HEADER: signing.sign(key or secret(), body, at or clock.now())}


def bring(client: FlaskClient, body: bytes, headers: dict[str, str] | None = None) -> TestResponse:
    """Leave a letter at the door."""
    response = client.post(DOOR, data=body, headers=signed(body) if headers is None else headers)
    db.session.rollback()
    db.session.expire_all()
    return response
