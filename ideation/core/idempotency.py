"""Requests that may arrive twice and must have one effect.

A form carries a random key. The first request to reserve it acts; a copy, even one at the same
moment, gets the very same answer; the same key with another body is an error.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from ideation.core.db import Model, db, is_postgresql, transaction
from ideation.core.errors import Invalid
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


def answered_once(
    scope: str,
    key: str,
    request: dict[str, Any],
    act: Callable[[], dict[str, Any]],
    at: datetime,
) -> dict[str, Any]:
    """``once`` in a transaction of its own: for the edge. The answer is committed when it returns.

    So a copy that comes after an answer was lost on its way gets that answer again.
    """
    with transaction():
        return once(scope, key, request, act, at)


def once(
    scope: str,
    key: str,
    request: dict[str, Any],
    act: Callable[[], dict[str, Any]],
    at: datetime,
) -> dict[str, Any]:
    """Do ``act`` once per (scope, key), in the open transaction, and return its answer.

    ``scope`` names the act and the actor; ``act`` answers with plain JSON values. A copy that
    comes meanwhile waits for the first, holding nothing, so call this before taking other locks:
    where the first commits the copy gets its answer, where it fails the copy acts itself.
    Raises Invalid for the same key with another request.
    """
    if not 8 <= len(key) <= 80:
        raise Invalid(lazy("This form is out of date. Load the page again."))
    fingerprint = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    if not _reserve(scope, key, fingerprint, at):
        return _known_answer(scope, key, fingerprint)
    answer: dict[str, Any] = json.loads(json.dumps(act()))  # as every copy will read it
    db.session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.scope == scope, IdempotencyKey.key == key)
        .values(answer=answer)
    )
    return answer


def _reserve(scope: str, key: str, fingerprint: str, at: datetime) -> bool:
    """Whether the key is ours: the insert waits for a rival's transaction to end."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    made = db.session.execute(
        insert(IdempotencyKey)
        .values(scope=scope, key=key, fingerprint=fingerprint, answer={}, created_at=at)
        .on_conflict_do_nothing(index_elements=[IdempotencyKey.scope, IdempotencyKey.key])
        .returning(IdempotencyKey.key)
    )
    return made.one_or_none() is not None


def _known_answer(scope: str, key: str, fingerprint: str) -> dict[str, Any]:
    known = db.session.execute(
        select(IdempotencyKey.fingerprint, IdempotencyKey.answer).where(
            IdempotencyKey.scope == scope, IdempotencyKey.key == key
        )
    ).one()
    if known.fingerprint != fingerprint:
        raise Invalid(lazy("This form was already sent with other content. Load it again."))
    answer: dict[str, Any] = known.answer
    return answer


def forget_old(at: datetime) -> None:
    """Delete keys older than a week: no browser sends a form again after that."""
    db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < at - KEEP))
