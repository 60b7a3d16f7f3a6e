"""What a block asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from ideation.core.db import db


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements, in order, as they are asked; call inside the application."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
