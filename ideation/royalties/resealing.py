"""A new key for the vault: every bank detail sealed with an older one is sealed anew.

Row after row, a batch a transaction, each by a conditional UPDATE: what its owner changes or
removes meanwhile is left as they left it. Stopped half-way it goes on where it stopped, and run
once more it does nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from ideation.audit import trail
from ideation.core.db import db
from ideation.royalties import vault
from ideation.royalties.models import PayoutDetails

#: Rows of one transaction.
BATCH = 200


@dataclass(frozen=True)
class Resealed:
    """What came of one batch, or of several together."""

    #: The key of the last row looked at.
    last_id: int = 0
    changed: int = 0
    #: Sealed with the first key already.
    current: int = 0
    #: Keys of the rows that no key in force opens.
    unopened: tuple[int, ...] = ()

    def __add__(self, more: "Resealed") -> "Resealed":
        return Resealed(
            more.last_id,
            self.changed + more.changed,
            self.current + more.current,
            self.unopened + more.unopened,
        )


def reseal(after_id: int, *, limit: int = BATCH) -> Resealed | None:
    """Seal the next rows after a key with the vault's first key; None where there are none.

    Call inside ``transaction()``. Forgotten details are empty and left out.
    """
    query = (
        select(PayoutDetails.id, PayoutDetails.sealed)
        .where(PayoutDetails.id > after_id, func.length(PayoutDetails.sealed) > 0)
        .order_by(PayoutDetails.id)
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    changed = current = 0
    unopened = []
    for row_id, sealed in rows:
        if vault.is_current(sealed):
            current += 1
            continue
        try:
            changed += _replace(row_id, sealed, vault.reseal(sealed))
        except vault.Unopened:
            unopened.append(row_id)
    return Resealed(rows[-1].id, changed, current, tuple(unopened))


def note(done: Resealed, *, at: datetime) -> None:
    """Write into the trail that it was done, where anything was."""
    if done.changed:
        trail.record(
            "vault.resealed",
            actor_id=None,
            subject_kind="vault",
            subject_id=None,
            at=at,
            detail={"details": done.changed, "unopened": len(done.unopened)},
        )


def _replace(row_id: int, sealed: bytes, anew: bytes) -> int:
    replaced = db.session.execute(
        update(PayoutDetails)
        .where(PayoutDetails.id == row_id, PayoutDetails.sealed == sealed)
        .values(sealed=anew)
        .execution_options(synchronize_session=False)
    )
    return int(replaced.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one
