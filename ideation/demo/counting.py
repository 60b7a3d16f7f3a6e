"""Counting rows for the table that the demo prints."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select

from ideation.core.db import db


def count(column: object) -> int:
    """Rows in which the column is not null."""
    return db.session.scalar(select(func.count(column))) or 0  # type: ignore[arg-type]


def count_by(column: object) -> Counter[str]:
    """Value of an enum's column → how many rows have it."""
    rows = db.session.execute(select(column, func.count()).group_by(column))  # type: ignore[call-overload]
    return Counter({state.value: number for state, number in rows})


def listed(counts: Counter[str], order: Iterable[str]) -> str:
    """``7: 2 open, 5 go``, in the order given."""
    parts = [f"{counts[name]} {name}" for name in order if counts[name]]
    return f"{sum(counts.values())}: {', '.join(parts)}"
