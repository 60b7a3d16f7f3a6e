"""Writing and checking the trail."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from ideation.audit.models import AuditEntry
from ideation.core.db import db, is_postgresql

GENESIS = "0" * 64
#: An advisory lock of its own: entries are numbered one after the other.
_LOCK = 0x61756469


def record(
    action: str,
    *,
    actor_id: int | None,
    subject_kind: str,
    subject_id: int | None,
    at: datetime,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one act to the chain, in the open transaction; None as actor is the system.

    ``action`` is past tense and dotted, as ``contest.dates_changed``; ``detail`` is JSON with
    opaque ids, never names or addresses.
    """
    if is_postgresql():
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = db.session.execute(
        select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    ).one_or_none()
    entry = AuditEntry(
        id=last.id + 1 if last else 1,
        at=at.astimezone(UTC),
        actor_id=actor_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        reason=reason,
        detail=detail or {},
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the entry's canonical JSON, the hash before it included."""
    content = [
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.reason,
        entry.detail,
        entry.previous_hash,
    ]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify() -> int | None:
    """The id of the first entry that does not fit the chain; None where all do."""
    previous = GENESIS
    expected = 1
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(500):
        if entry.id != expected or entry.previous_hash != previous or digest(entry) != entry.hash:
            return expected if entry.id != expected else entry.id
        previous = entry.hash
        expected += 1
    return None
