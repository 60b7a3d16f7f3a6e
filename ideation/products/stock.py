"""Counting units of a run: each change one conditional UPDATE a variant, in order of variant.

The order keeps two baskets from waiting for each other. ``units`` is variant id → how many.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from ideation.core.db import db
from ideation.core.errors import Conflict
from ideation.core.i18n import lazy
from ideation.products.models import Run, RunVariant


class SoldOut(Conflict):
    """A variant has fewer left than asked for."""

    def __init__(self, variant_id: int) -> None:
        super().__init__(
            lazy("Somebody was faster: so many are not left. Choose fewer, or another size.")
        )
        self.variant_id = variant_id


def take(run_id: int, units: Mapping[int, int]) -> None:
    """Hold units for an order, all or none. Raises SoldOut; the caller rolls back."""
    for variant_id, wanted in sorted(units.items()):
        has_room = or_(RunVariant.cap.is_(None), RunVariant.taken + wanted <= RunVariant.cap)
        if not _add(run_id, variant_id, has_room, taken=wanted):
            raise SoldOut(variant_id)


def give_back(run_id: int, units: Mapping[int, int]) -> None:
    """Let go of units that ``take`` held."""
    for variant_id, given in sorted(units.items()):
        _must(_add(run_id, variant_id, taken=-given), run_id, variant_id)


def pledge(run_id: int, units: Mapping[int, int], sign: int = 1) -> None:
    """Count units towards the goal (``sign`` 1), or no longer (-1)."""
    for variant_id, count in sorted(units.items()):
        _must(_add(run_id, variant_id, pledged=sign * count), run_id, variant_id)


def collect(run_id: int, units: Mapping[int, int], sign: int = 1) -> None:
    """Count units as paid (``sign`` 1), or given back (-1)."""
    for variant_id, count in sorted(units.items()):
        _must(_add(run_id, variant_id, collected=sign * count), run_id, variant_id)


def left(run: Run) -> dict[int, int | None]:
    """Variant → units that can still be ordered, as the run was read; None for no limit."""
    return {
        row.variant_id: None if row.cap is None else max(row.cap - row.taken, 0)
        for row in run.stock
    }


def pledged(run_id: int) -> int:
    """Units that count towards the goal."""
    return _sum(run_id, RunVariant.pledged)


def collected(run_id: int) -> int:
    """Units that are paid."""
    return _sum(run_id, RunVariant.collected)


def _add(run_id: int, variant_id: int, *conditions: ColumnElement[bool], **by: int) -> bool:
    changed = db.session.execute(
        update(RunVariant)
        .where(RunVariant.run_id == run_id, RunVariant.variant_id == variant_id, *conditions)
        .values({name: getattr(RunVariant, name) + amount for name, amount in by.items()})
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _must(was_changed: bool, run_id: int, variant_id: int) -> None:
    if not was_changed:
        raise LookupError(f"run {run_id} does not sell variant {variant_id}")


def _sum(run_id: int, column: ColumnElement[int] | InstrumentedAttribute[int]) -> int:
    query = select(func.sum(column)).where(RunVariant.run_id == run_id)
    return int(db.session.scalar(query) or 0)
