"""Requests that may arrive twice and must have one effect.

A form carries a random key; the first request to commit under it wins, a copy gets the same
answer, the same key with another body is an error.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, db
from ideation.core.errors import Conflict, Invalid
from ideation.core.i18n import lazy

KEEP = timedelta(days=7)


class IdempotencyKey(Model):
    """What the first request under a key asked and was answered."""

    __tablename__ = "idempotency_keys"

    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)


def once(
    scope: str,
    key: str,
    request: dict[str, Any],
    act: Callable[[], dict[str, Any]],
    at: datetime,
) -> dict[str, Any]:
    """Do ``act`` once per (scope, key), in the open transaction, and return its answer.

    ``scope`` names the act and the actor. Raises Invalid for the same key with another request
    and Conflict where a copy is being worked on at this very moment.
    """
    if not 8 <= len(key) <= 80:
        raise Invalid(lazy("This form is out of date. Load the page again."))
    fingerprint = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    known = db.session.get(IdempotencyKey, (scope, key))
    if known is not None:
        if known.fingerprint != fingerprint:
            raise Invalid(lazy("This form was already sent with other content. Load it again."))
        return known.answer
    answer = act()
    db.session.add(
        IdempotencyKey(scope=scope, key=key, fingerprint=fingerprint, answer=answer, created_at=at)
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(lazy("This is already being saved. Wait a moment.")) from error
    return answer


def forget_old(at: datetime) -> None:
    """Delete keys older than a week: no browser sends a form again after that."""
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < at - KEEP))
